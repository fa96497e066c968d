"""When and by whom goods are fetched: a day that is still to come, and hours of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta

from oms_portal.changes.addresses import clean_line
from oms_portal.customers.models import Company
from oms_portal.orders.moments import zone_of


MEMBERS = ("on", "from", "to", "contact", "phone")
_FURTHEST, _LONGEST = timedelta(days=90), 100
Fault = Callable[[str, str], object]


def read(told: Mapping[str, str], company: Company, now: datetime, fault: Fault) -> dict[str, str]:
    """The members that were given, cleaned; what is wrong goes to ``fault`` ("pickup.on", code or
    sentence). Days are those of the company's zone."""
    found: dict[str, str] = {}
    for name in MEMBERS:
        try:
            if text := clean_line(str(told.get(name) or ""), _LONGEST):
                found[name] = text
        except ValueError as error:
            fault(f"pickup.{name}", str(error))
    if "on" in found and not _is_ahead(found["on"], company, now):
        fault("pickup.on", "pickup_day")
    hours = [_hour(found[name]) for name in ("from", "to") if name in found]
    if None in hours or (len(hours) == 2 and not _is_later(*hours)):
        fault("pickup.from", "pickup_time")
    return found


def _is_ahead(text: str, company: Company, now: datetime) -> bool:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return False
    today = now.astimezone(zone_of(company.time_zone)).date()
    return len(text) == 10 and today <= day <= today + _FURTHEST


def _hour(text: str) -> time | None:
    try:
        return time.fromisoformat(text) if len(text) == 5 else None
    except ValueError:
        return None


def _is_later(start: time | None, end: time | None) -> bool:
    return start is not None and end is not None and start < end
