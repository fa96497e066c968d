"""Bars drawn on the server: shapes for an SVG and the same figures as a table. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


WIDTH, HEIGHT = 600, 100
_GAP = 0.2


@dataclass(frozen=True)
class Shape:
    """A bar as it is drawn: lengths in the units of the drawing, as text without any language's own
    digits or commas."""

    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True)
class Bar(Shape):
    """``at`` is when the step began."""

    at: datetime
    count: int


@dataclass(frozen=True)
class Chart:
    name: str
    title: str
    description: str
    bars: Sequence[Bar]
    highest: int

    @property
    def first(self) -> datetime:
        return self.bars[0].at

    @property
    def last(self) -> datetime:
        return self.bars[-1].at

    @property
    def newest_first(self) -> list[Bar]:
        """The bars that stand for something."""
        return [bar for bar in reversed(self.bars) if bar.count]


def chart(
    name: str,
    title: str,
    description: str,
    counts: Sequence[int],
    last: datetime,
    step: timedelta,
) -> Chart:
    """``counts`` are oldest first, the last of them from ``last`` on."""
    drawn = zip(counts, shapes(counts, max([*counts, 1])), strict=True)
    bars = [
        Bar(**vars(shape), at=last - step * (len(counts) - 1 - position), count=count)
        for position, (count, shape) in enumerate(drawn)
    ]
    return Chart(name, title, description, bars, max(counts, default=0))


def shapes(values: Sequence[float], highest: float) -> list[Shape]:
    """One for each value, side by side; ``highest`` is as tall as the drawing."""
    wide = WIDTH / max(len(values), 1)
    return [
        Shape(
            x=f"{(position + _GAP / 2) * wide:.2f}",
            y=f"{HEIGHT - HEIGHT * value / highest:.2f}",
            width=f"{wide * (1 - _GAP):.2f}",
            height=f"{HEIGHT * value / highest:.2f}",
        )
        for position, value in enumerate(values)
    ]
