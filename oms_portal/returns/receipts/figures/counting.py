"""Figures over time: of each step of a period how many, how many of them, and how long they took."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from statistics import median
from typing import Any

from django.db.models import (
    Case,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    IntegerField,
    QuerySet,
    Value,
    When,
)

from .kinds import DECIDED, SHARES, Figure
from .periods import Period


@dataclass(frozen=True)
class Counts:
    """``whole`` returns, and ``part`` of them."""

    whole: int = 0
    part: int = 0


@dataclass(frozen=True)
class Times:
    """In seconds, None of none: half were faster than ``median``, nine of ten not slower than
    ``ninety`` (nearest rank)."""

    count: int = 0
    median: float | None = None
    ninety: float | None = None


def count(figure: Figure, period: Period, steps: Sequence[Period]) -> list[int]:
    """Of each step; one query."""
    rows = _in_steps(figure, period, steps).values("step").annotate(count=Count("pk"))
    found = {row["step"]: row["count"] for row in rows}
    return [found.get(number, 0) for number in range(len(steps))]


def shares(period: Period, steps: Sequence[Period]) -> list[list[Counts]]:
    """Of each of SHARES, of each step; a query for each moment."""
    found: dict[tuple[int, int], Counts] = {}
    for moment in {share.moment for share in SHARES}:
        own = [(place, each) for place, each in enumerate(SHARES) if each.moment == moment]
        sums = {f"whole_{place}": Count("pk", filter=each.whole.only) for place, each in own}
        sums |= {f"part_{place}": Count("pk", filter=each.part.only) for place, each in own}
        every = Figure(moment, moment, moment)
        for row in _in_steps(every, period, steps).values("step").annotate(**sums):
            for place, _each in own:
                counts = Counts(row[f"whole_{place}"], row[f"part_{place}"])
                found[place, row["step"]] = counts
    return [
        [found.get((place, step), Counts()) for step in range(len(steps))]
        for place in range(len(SHARES))
    ]


def decision_times(period: Period, steps: Sequence[Period]) -> tuple[Times, list[Times]]:
    """From the first parcel's scan at our door to the decision about all of it: of the period, and of
    each step; one query."""
    took = ExpressionWrapper(
        F("receipt__decided_at") - F("receipt__arrived_at"), output_field=DurationField()
    )
    rows = _in_steps(DECIDED, period, steps).annotate(took=took)
    parts: list[list[float]] = [[] for _step in steps]
    for step, spent in rows.values_list("step", "took"):
        # Clocks of two machines may differ.
        parts[step].append(max(spent, timedelta()).total_seconds())
    return _times([one for part in parts for one in part]), [_times(part) for part in parts]


def _times(seconds: list[float]) -> Times:
    if not seconds:
        return Times()
    ranked = sorted(seconds)
    return Times(len(ranked), median(ranked), ranked[ceil(0.9 * len(ranked)) - 1])


def _in_steps(figure: Figure, period: Period, steps: Sequence[Period]) -> QuerySet[Any]:
    """Each with the number of its ``step``."""
    whens = [
        When(**{f"{figure.moment}__lt": step.end}, then=Value(number))
        for number, step in enumerate(steps)
    ]
    step = Case(*whens, output_field=IntegerField())
    return figure.rows(period).order_by().annotate(step=step)
