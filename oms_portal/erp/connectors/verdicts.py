"""What an HTTP answer to a command means. Pure: a status, a body and a header in, a Result out.

Statuses as in WIRE section 3. An answer that can't be read is never taken for a yes: the command
is sent again under the same key.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from oms_portal.erp import strict_json
from oms_portal.erp.strict_json import BadJson

from .contract import Outcome, Result


# The longest that an ERP's wish to be left alone is honoured.
MAX_WAIT = 3600.0
_NOT_NOW = frozenset({408, 425, 429})
_NOT_ADMITTED = frozenset({401, 403, 407})
# Of the server's errors those that say that nothing was done.
_NOT_DONE = frozenset({501, 503, 505, 511})
_OUTCOMES = {
    "accepted": Outcome.ACCEPTED,
    "applied": Outcome.APPLIED,
    "rejected": Outcome.REJECTED,
    "countered": Outcome.NEEDS_CONFIRMATION,
}


def judge(status: int, body: bytes, retry_after: str, now: datetime) -> Result:
    """The meaning of an answer that came whole. ``retry_after`` is the header's text or ""."""
    if 200 <= status < 300:
        return _taken(status, body)
    wait = seconds_until(retry_after, now)
    if status in _NOT_ADMITTED:
        detail = f"The ERP does not let us in ({status})."
        return Result(Outcome.RETRY, refused=True, status=status, detail=detail)
    if 400 <= status < 500 and status not in _NOT_NOW and not (status == 409 and wait is not None):
        return _rejected(status, body)
    # 303 says that it was done and lies elsewhere; other redirects that it was not done here.
    unknown = status == 303 or (status >= 500 and status not in _NOT_DONE)
    what = "sends us elsewhere" if 300 <= status < 400 else "answered"
    return Result(
        Outcome.RETRY,
        retry_after=wait,
        unknown=unknown,
        status=status,
        detail=f"The ERP {what} ({status}).",
    )


def seconds_until(header: str, now: datetime) -> float | None:
    """Retry-After in seconds from now (RFC 9110, 10.2.3): a number or an HTTP-date, at most an
    hour; None where it is neither."""
    text = header.strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), MAX_WAIT)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, IndexError, TypeError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max(0.0, (moment - now).total_seconds()), MAX_WAIT)


def odd(status: int, detail: str) -> Result:
    """An answer that says yes and can't be read: the ERP may have done it, or something between."""
    return Result(Outcome.RETRY, unknown=True, status=status, detail=detail)


def _taken(status: int, body: bytes) -> Result:
    if not body.strip():
        return Result(Outcome.ACCEPTED, status=status)
    try:
        told = strict_json.loads(body)
    except BadJson:
        return odd(status, f"The ERP answered {status} with what is no JSON.")
    if not isinstance(told, dict):
        return odd(status, f"The ERP answered {status} with JSON that is no object.")
    name = told.get("outcome", "accepted")
    outcome = _OUTCOMES.get(name) if isinstance(name, str) else None
    if outcome is None:
        return odd(status, f"The ERP answered {status} with an outcome that is not known.")
    counter = told.get("counter")
    return Result(
        outcome,
        code=_line(told.get("code"), 100),
        text=_line(told.get("text"), 2000),
        reference=_line(told.get("reference"), 200),
        counter=counter if isinstance(counter, dict) else None,
        status=status,
    )


def _rejected(status: int, body: bytes) -> Result:
    """The ERP's code, from its JSON or its problem document (RFC 9457)."""
    told = _members(body)
    return Result(
        Outcome.REJECTED,
        code=_line(told.get("code"), 100) or f"http-{status}",
        text=_line(told.get("text") or told.get("detail") or told.get("title"), 2000),
        reference=_line(told.get("reference"), 200),
        status=status,
    )


def _members(body: bytes) -> Mapping[str, Any]:
    try:
        told = strict_json.loads(body)
    except BadJson:
        return {}
    return told if isinstance(told, dict) else {}


def _line(value: Any, longest: int) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    return value.strip()[:longest] if isinstance(value, str) else ""
