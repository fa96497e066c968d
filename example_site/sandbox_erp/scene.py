"""Where a verb plays: an order, a moment, chance and fresh numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from .lines import Record


class Impossible(Exception):
    """This can't happen to this order now; the text says why."""


@dataclass
class Scene:
    """An order, the moment, chance, fresh numbers, and the scans that came of it."""

    order: Record
    now: datetime
    rng: Random
    fresh: Callable[[str], int]
    scans: list[tuple[Record, Record]] = field(default_factory=list)

    def at(self, **later: float) -> str:
        return (self.now + timedelta(**later)).isoformat()

    def day(self, days: int) -> str:
        """A working day that many days from now."""
        return working_day(self.now.date() + timedelta(days=days)).isoformat()


def working_day(day: date) -> date:
    """This day, or the Monday after it."""
    return day + timedelta(days=7 - day.weekday() if day.weekday() > 4 else 0)


def need(possible: object, why: str) -> None:
    if not possible:
        raise Impossible(why)
