"""A day or a span of time that somebody names: {"from", "to"?}, as in ``ChangeRequest``. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from oms_portal.orders.moments import Moment, day_of, read


class Unreal(ValueError):
    """``member`` ("from", "to" or "") is what can't be; ``code`` is one of ``reasons``."""

    def __init__(self, member: str, code: str) -> None:
        super().__init__(code)
        self.member, self.code = member, code


def read_window(asked: Any) -> dict[str, Moment]:
    """Both ends, two days or two instants, in their order. Raises Unreal."""
    if not isinstance(asked, Mapping) or not set(asked) <= {"from", "to"}:
        raise Unreal("", "invalid")
    ends = {name: _moment(name, asked[name]) for name in ("from", "to") if asked.get(name)}
    if "from" not in ends:
        raise Unreal("from", "date_unreal")
    if "to" in ends and not _follows(ends["from"], ends["to"]):
        raise Unreal("to", "date_order")
    return ends


def _moment(name: str, text: Any) -> Moment:
    try:
        if not isinstance(text, str) or len(text) > 40:
            raise ValueError("no moment")
        if len(text) > 10 and datetime.fromisoformat(text).tzinfo is None:
            raise ValueError("no zone")
        return read(text)
    except (ValueError, OverflowError):
        raise Unreal(name, "date_unreal") from None


def _follows(start: Moment, end: Moment) -> bool:
    if isinstance(start, datetime) and isinstance(end, datetime):
        return start <= end
    return type(start) is type(end) and day_of(start, UTC) <= day_of(end, UTC)
