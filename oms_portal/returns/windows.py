"""Until which day a delivered line may come back: days counted from a day, to the end of the last
one by the company's own clock. Pure.

Only days are compared, so a night in which clocks change makes no window shorter or longer, and a
midnight that a zone leaves out is none the less the end of its day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from oms_portal.orders.moments import Moment, day_of

from .rules import ReturnPolicy


_Anchor = ReturnPolicy.Anchor


@dataclass(frozen=True)
class Dates:
    """What windows are counted from, for one line of one delivery. ``delivered`` may be unknown
    though it ``has_arrived``."""

    ordered: Moment
    shipped: Moment | None = None
    delivered: Moment | None = None
    invoiced: Moment | None = None
    has_arrived: bool = True


def begins(anchor: str, dates: Dates, zone: tzinfo) -> date | None:
    """The day a window is counted from; None while it has not begun.

    What arrived at no known time counts from its dispatch, what was sent at no known time from its
    arrival.
    """
    known: dict[str, Moment | None] = {
        _Anchor.ORDERED: dates.ordered,
        _Anchor.INVOICED: dates.invoiced,
        _Anchor.SHIPPED: dates.shipped or dates.delivered,
        _Anchor.DELIVERED: dates.delivered or (dates.shipped if dates.has_arrived else None),
    }
    start = known.get(anchor)
    return day_of(start, zone) if start is not None else None


def last_day(start: date | None, days: int | None) -> date | None:
    """The last day of a window; None where it has no end, or has not begun."""
    if start is None or days is None:
        return None
    try:
        return start + timedelta(days=days)
    except OverflowError:
        return None


def is_over(until: date | None, now: datetime, zone: tzinfo) -> bool:
    return until is not None and now.astimezone(zone).date() > until


def end_of_day(until: date, zone: tzinfo) -> datetime:
    """The last instant of a window, for people and for clocks that must be set."""
    return datetime.combine(until, time(23, 59, 59, 999_999), tzinfo=zone)
