"""Why goods come back: how many returns name a reason, of which articles, of which customers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, QuerySet

from oms_portal.customers.models import Company
from oms_portal.returns.models import ReturnLine
from oms_portal.returns.rules import ReturnReason

from .kinds import ASKED
from .periods import Period


# So many rows and columns fit on a page; an export has them all.
ROWS, COLUMNS = 10, 6


@dataclass(frozen=True)
class Group:
    """The returns with one article (``key`` its SKU, "" for those without) or of one customer (its
    pk). ``reasons`` has how many by the reason's pk, None where none was said."""

    key: Any
    words: str
    count: int
    reasons: dict[int | None, int]


@dataclass(frozen=True)
class Reasons:
    """``columns`` are those that are named most: code and texts of a reason, None for none."""

    columns: Sequence[ReturnReason | None]
    articles: Sequence[Group]
    customers: Sequence[Group]


def reasons(period: Period) -> Reasons:
    """A return counts once in each cell, however many of its lines say so; five queries."""
    lines = _lines(period)
    return Reasons(
        columns=list(_columns(lines)),
        articles=_groups(lines, "sku", "description"),
        customers=_groups(lines, "rma__company", "rma__company__name"),
    )


def by_article(period: Period) -> Iterator[tuple[str, int | None, int]]:
    """All there are: SKU, the reason's pk, how many returns."""
    return _pairs(_lines(period), "sku")


def by_customer(period: Period) -> Iterator[tuple[Company, int | None, int]]:
    pairs = list(_pairs(_lines(period), "rma__company"))
    found = Company.objects.in_bulk({pk for pk, _reason, _count in pairs})
    return ((found[pk], reason, count) for pk, reason, count in pairs)


def _columns(lines: QuerySet[ReturnLine]) -> Iterator[ReturnReason | None]:
    told = ("reason", "reason__code", "reason__texts")
    named = lines.values(*told).annotate(count=_returns()).order_by("-count", "reason")
    for pk, code, texts in named.values_list(*told)[:COLUMNS]:
        yield None if pk is None else ReturnReason(pk=pk, code=code, texts=texts)


def _groups(lines: QuerySet[ReturnLine], by: str, words: str) -> list[Group]:
    """Those with the most returns."""
    most = lines.values(by).annotate(count=_returns(), words=Max(words))
    rows = list(most.order_by("-count", by)[:ROWS])
    cells: dict[Any, dict[int | None, int]] = {}
    for key, reason, count in _pairs(lines.filter(**{f"{by}__in": [row[by] for row in rows]}), by):
        cells.setdefault(key, {})[reason] = count
    return [Group(row[by], row["words"], row["count"], cells[row[by]]) for row in rows]


def _pairs(lines: QuerySet[ReturnLine], by: str) -> Iterator[tuple[Any, int | None, int]]:
    counted = lines.values(by, "reason").annotate(count=_returns()).order_by(by, "reason")
    yield from counted.values_list(by, "reason", "count").iterator()


def _lines(period: Period) -> QuerySet[ReturnLine]:
    return ReturnLine.objects.filter(rma__in=ASKED.rows(period)).order_by()


def _returns() -> Count:
    return Count("rma", distinct=True)
