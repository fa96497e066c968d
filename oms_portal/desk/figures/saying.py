"""Numbers and times as words, and where each number leads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from oms_portal.customers.models import Company
from oms_portal.desk.health import span
from oms_portal.desk.texts import plain
from oms_portal.orders import typed
from oms_portal.orders.locales import day, number
from oms_portal.returns.receipts.figures import Figure, Narrowing, Period
from oms_portal.returns.receipts.figures.narrowing import NOT_SAID
from oms_portal.returns.rules import ReturnReason


@dataclass(frozen=True)
class Cell:
    """A number; ``url`` is the list of the returns behind it, "" where there are none."""

    words: str
    url: str = ""


def counted(count: int, figure: Figure, period: Period, **told: Any) -> Cell:
    """How many returns; ``told`` as in ``Narrowing``."""
    return Cell(number(Decimal(count)), leading(count, figure, period, **told))


def lasting(seconds: float | None, figure: Figure, period: Period) -> Cell:
    return Cell(span(seconds), leading(seconds is not None, figure, period))


def sharing(part: int, whole: int, figure: Figure, period: Period) -> Cell:
    return Cell(percent(part, whole), leading(part, figure, period))


def leading(is_some: int | bool, figure: Figure, period: Period, **told: Any) -> str:
    if not is_some:
        return ""
    asked = Narrowing(figure, period, {name: str(value) for name, value in told.items()})
    return reverse("oms_returns:index", query=asked.query)


def percent(part: int, whole: int) -> str:
    """A dash where there is nothing to divide; a digit after the point below one in a hundred."""
    if not whole:
        return "–"
    share = Decimal(100 * part) / whole
    exact = share.quantize(Decimal("0.1") if 0 < share < 1 else Decimal(1))
    return _("%(n)s %%") % {"n": number(exact)}


def days(period: Period) -> str:
    """Nov 1, 2026 – Nov 28, 2026"""
    first, last = day(period.first, UTC), day(period.last, UTC)
    return first if first == last else f"{first} – {last}"


def article_words(sku: str, words: str = "") -> str:
    known = f"{plain(sku, 60)} · {plain(words, 60)}" if words else plain(sku, 60)
    return known if sku else _("Without a number")


def reason_words(reason: ReturnReason | None) -> str:
    return plain(reason.words, 60) if reason else _("Not said")


def narrowed_words(asked: Narrowing) -> str:
    """By what a list is narrowed: "Asked for · Nov 1, 2026 – Nov 28, 2026 · AX-100"."""
    told, parts = asked.told, [str(asked.figure.label), days(asked.period)]
    if "article" in told:
        parts.append(article_words(told["article"]))
    if "customer" in told:
        found = Company.objects.filter(pk=typed.key(told["customer"]) or 0).first()
        parts.append(plain(found.name) if found else "–")
    if "reason" in told:
        said = told["reason"] != NOT_SAID
        pk = typed.key(told["reason"]) or 0
        row = ReturnReason.objects.filter(pk=pk).first() if said else None
        parts.append("–" if said and row is None else reason_words(row))
    return " · ".join(parts)
