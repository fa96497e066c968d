"""Charts of a period: bars, and beside them the same as a table in which each number is a link."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from oms_portal.desk.charts import Shape, shapes
from oms_portal.orders.locales import day, number
from oms_portal.returns.receipts.figures import Period, Share
from oms_portal.returns.receipts.figures.counting import Counts, Times
from oms_portal.returns.receipts.figures.kinds import ASKED, DECIDED

from .saying import Cell, counted, days, lasting, percent, sharing


@dataclass(frozen=True)
class Bar:
    """One step; ``words`` is what its bar stands for."""

    days: str
    words: str
    shape: Shape
    cells: tuple[Cell, ...]
    is_empty: bool


@dataclass(frozen=True)
class Drawing:
    """``heads`` are those of the table, over the cells; ``highest`` what the tallest bar says;
    ``first`` and ``last`` the days at the ends."""

    code: str
    title: str
    heads: Sequence[Any]
    bars: Sequence[Bar]
    highest: str
    first: str
    last: str

    @property
    def description(self) -> str:
        """In place of the picture."""
        said = {"days": self.bars[-1].days, "value": self.bars[-1].words, "highest": self.highest}
        return _("Highest: %(highest)s. Last, %(days)s: %(value)s.") % said

    @property
    def newest_first(self) -> list[Bar]:
        """The bars that stand for something."""
        return [bar for bar in reversed(self.bars) if not bar.is_empty]


def of_counts(steps: Sequence[Period], counts: Sequence[int]) -> Drawing:
    cells = [(counted(n, ASKED, step),) for n, step in zip(counts, steps, strict=True)]
    heading = pgettext("how many returns", "Asked for")
    return _drawn("asked", heading, [_("Returns")], steps, counts, cells, _number)


def of_times(steps: Sequence[Period], times: Sequence[Times]) -> Drawing:
    """The medians."""
    heads = [_("Half took less than"), _("9 of 10 took at most"), _("Returns")]
    cells = [
        (
            lasting(time.median, DECIDED, step),
            lasting(time.ninety, DECIDED, step),
            counted(time.count, DECIDED, step),
        )
        for time, step in zip(times, steps, strict=True)
    ]
    values = [time.median or 0 for time in times]
    title = _("From the door to the decision (median)")
    said = {value: row[0].words for value, row in zip(values, cells, strict=True)}
    return _drawn("decided", title, heads, steps, values, cells, said.__getitem__)


def of_shares(share: Share, steps: Sequence[Period], counts: Sequence[Counts]) -> Drawing:
    heads = [_("Share"), share.part.label, share.whole.label]
    cells = [
        (
            sharing(count.part, count.whole, share.part, step),
            counted(count.part, share.part, step),
            counted(count.whole, share.whole, step),
        )
        for count, step in zip(counts, steps, strict=True)
    ]
    values = [count.part / count.whole if count.whole else 0 for count in counts]

    def said(value: float) -> str:
        return percent(round(1000 * value), 1000)

    title = _("%(figure)s (share)") % {"figure": share.title}
    return _drawn(share.part.code, title, heads, steps, values, cells, said)


def _number(count: int) -> str:
    return number(Decimal(count))


def _drawn(
    code: str,
    title: str,
    heads: Sequence[Any],
    steps: Sequence[Period],
    values: Sequence[float],
    cells: Sequence[tuple[Cell, ...]],
    said: Callable[[Any], str],
) -> Drawing:
    highest = max(values, default=0)
    bars = [
        Bar(
            days=days(step),
            words=row[0].words,
            shape=shape,
            cells=row,
            is_empty=not any(cell.url for cell in row),
        )
        for step, row, shape in zip(steps, cells, shapes(values, highest or 1), strict=True)
    ]
    first, last = day(steps[0].first, UTC), day(steps[-1].last, UTC)
    return Drawing(code, title, heads, bars, said(highest), first, last)
