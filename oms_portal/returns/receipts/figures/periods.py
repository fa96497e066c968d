"""The times that figures are told for: whole days, in the zone of whoever looks. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo

from django.db.models import Q


# Days of the times that are offered; the second is the usual one.
LENGTHS = (28, 91, 364)
USUAL = LENGTHS[1]
LONGEST = 732
# Up to so many days a step is a day, up to so many a week; beyond, four weeks.
_STEPS = ((31, 1), (190, 7), (LONGEST, 28))
# No return is older, and no clock is set later.
_YEARS = range(2000, 2200)


@dataclass(frozen=True)
class Period:
    """From the beginning of ``first`` to the end of ``last``."""

    first: date
    last: date
    zone: tzinfo

    @property
    def start(self) -> datetime:
        return self._midnight(self.first)

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return self._midnight(self.last + timedelta(days=1))

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def query(self) -> dict[str, str]:
        """As in an address."""
        return {"from": self.first.isoformat(), "to": self.last.isoformat()}

    def within(self, column: str) -> Q:
        return Q((f"{column}__gte", self.start), (f"{column}__lt", self.end))

    def steps(self) -> list[Period]:
        """Its parts, oldest first: days, weeks or four weeks each, but for the first, which may be
        shorter."""
        return list(self._backwards())[::-1]

    def _backwards(self) -> Iterator[Period]:
        length = next(step for days, step in _STEPS if self.days <= days)
        last = self.last
        while last >= self.first:
            first = max(self.first, last - timedelta(days=length - 1))
            yield replace(self, first=first, last=last)
            last = first - timedelta(days=1)

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time.min, self.zone)


def newest(days: int, today: date, zone: tzinfo) -> Period:
    """So many days, the last of them today."""
    return Period(today - timedelta(days=days - 1), today, zone)


def read(asked: Mapping[str, str], today: date, zone: tzinfo) -> Period:
    """From ``from`` and ``to``, ISO dates; what makes no sense is as if nobody had asked, and a time
    that is too long is cut at its beginning."""
    last = _day(asked.get("to", "")) or today
    first = _day(asked.get("from", "")) or last - timedelta(days=USUAL - 1)
    if first > last:
        return newest(USUAL, today, zone)
    return Period(max(first, last - timedelta(days=LONGEST - 1)), last, zone)


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in _YEARS else None
