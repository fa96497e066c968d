"""Scans as browsers send them, checked: whatever comes, it is a wish or it is answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, get_args
from uuid import UUID

from django.utils.dateparse import parse_datetime

from oms_portal.returns.receipts.scanning.wishes import ScanWish, Verb


LONGEST = {
    "text": 250,
    "line": 20,
    "quantity": 30,
    "sku": 100,
    "description": 250,
    "station": 100,
    "tab": 32,
}
_MOST = 2**63 - 1


def wish_of(told: Any, now: datetime) -> ScanWish | None:
    """None of what no browser of ours sends. Texts are cut at what can be kept; a clock that says
    nothing usable is ours."""
    if not isinstance(told, Mapping) or told.get("verb", "scan") not in get_args(Verb):
        return None
    try:
        key = UUID(str(told.get("id")))
    except ValueError:
        return None
    verb = told.get("verb", "scan")
    texts = {name: _text(told.get(name), longest) for name, longest in LONGEST.items()}
    texts["quantity"] = texts["quantity"] or "1"
    return ScanWish(
        id=key,
        # One form is for both: in place of a line, or of none.
        verb="wrong" if verb == "unexpected" and told.get("line") else verb,
        rma=_whole(told.get("rma")),
        parcel_damaged=bool(told.get("parcel_damaged")),
        sequence=_whole(told.get("sequence")) or 0,
        at=_moment(told.get("at")) or now,
        **texts,
    )


def _text(value: Any, longest: int) -> str:
    return value.replace("\0", "")[:longest] if isinstance(value, str) else ""


def _whole(value: Any) -> int | None:
    is_whole = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST
    return value if is_whole else None


def _moment(value: Any) -> datetime | None:
    try:
        found = parse_datetime(value) if isinstance(value, str) else None
        return found.astimezone(UTC) if found and found.tzinfo else None
    except (ValueError, OverflowError):
        return None
