"""The figures of a period as rows of a file: one for each step, article and customer."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from oms_portal.orders.exports import Cell
from oms_portal.returns.receipts.figures import SHARES, Period
from oms_portal.returns.receipts.figures.counting import count, decision_times, shares
from oms_portal.returns.receipts.figures.kinds import ASKED, DECIDED
from oms_portal.returns.receipts.figures.reasons import by_article, by_customer
from oms_portal.returns.rules import ReturnReason

from .saying import reason_words


_SECONDS = 3600
_COLUMNS = ("article", "number", "customer", "reason", "returns", "whole", "median", "ninety")


def heads() -> list[str]:
    return [
        _("Figure"),
        pgettext("first day", "From"),
        pgettext("last day", "To"),
        _("Article"),
        _("Customer number"),
        _("Customer"),
        _("Reason"),
        _("Returns"),
        _("Of so many"),
        _("Hours (median)"),
        _("Hours (9 of 10 at most)"),
    ]


def rows(period: Period) -> Iterator[list[Cell]]:
    steps = period.steps()
    for step, asked in zip(steps, count(ASKED, period, steps), strict=True):
        yield _row(ASKED.label, step, returns=Decimal(asked))
    for step, times in zip(steps, decision_times(period, steps)[1], strict=True):
        took = {"median": _hours(times.median), "ninety": _hours(times.ninety)}
        yield _row(DECIDED.label, step, returns=Decimal(times.count), **took)
    for each, parts in zip(SHARES, shares(period, steps), strict=True):
        for step, found in zip(steps, parts, strict=True):
            told = {"returns": Decimal(found.part), "whole": Decimal(found.whole)}
            yield _row(each.title, step, **told)
    yield from _reasons(period)


def _reasons(period: Period) -> Iterator[list[Cell]]:
    names: dict[int | None, str] = {row.pk: reason_words(row) for row in ReturnReason.objects.all()}
    names[None] = reason_words(None)
    for sku, reason, returns in by_article(period):
        told: dict[str, Any] = {"article": sku, "reason": names.get(reason)}
        yield _row(_("Reasons by article"), period, **told, returns=Decimal(returns))
    for company, reason, returns in by_customer(period):
        told = {"number": company.number, "customer": company.name, "reason": names.get(reason)}
        yield _row(_("Reasons by customer"), period, **told, returns=Decimal(returns))


def _row(title: Any, period: Period, **told: Cell) -> list[Cell]:
    return [str(title), period.first, period.last, *(told.get(name) for name in _COLUMNS)]


def _hours(seconds: float | None) -> Decimal | None:
    return None if seconds is None else round(Decimal(seconds) / _SECONDS, 2)
