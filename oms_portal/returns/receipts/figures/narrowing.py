"""The list of returns, narrowed to exactly those behind a number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet
from django.utils import timezone

from oms_portal.orders import typed
from oms_portal.returns.models import Return, ReturnLine

from .kinds import FIGURES, Figure
from .periods import Period, read


NOT_SAID = "-"


@dataclass(frozen=True)
class Narrowing:
    """What an address asks for: a figure in a period, and of its returns those with a line of this
    ``article`` (a SKU) and ``reason`` (its pk, "-" for none), of this ``customer`` (its pk)."""

    figure: Figure
    period: Period
    told: Mapping[str, str] = field(default_factory=dict)

    @property
    def query(self) -> dict[str, str]:
        return {"figure": self.figure.code, **self.period.query, **self.told}

    def rows(self) -> QuerySet[Return]:
        rows = self.figure.rows(self.period)
        if (customer := self.told.get("customer")) is not None:
            rows = rows.filter(company=typed.key(customer) or 0)
        line = Q()
        if (article := self.told.get("article")) is not None:
            line &= Q(sku=article)
        if (reason := self.told.get("reason")) is not None:
            line &= Q(reason=None) if reason == NOT_SAID else Q(reason=typed.key(reason) or 0)
        return rows.filter(pk__in=ReturnLine.objects.filter(line).values("rma")) if line else rows


def narrowing(asked: Mapping[str, str]) -> Narrowing | None:
    """None where no figure is asked for; periods are in the current zone."""
    figure = FIGURES.get(asked.get("figure", ""))
    if figure is None:
        return None
    period = read(asked, timezone.localdate(), timezone.get_current_timezone())
    names = ("article", "reason", "customer")
    told = {name: asked[name].replace("\0", "") for name in names if name in asked}
    return Narrowing(figure, period, told)


def narrow(rows: QuerySet[Return], asked: Mapping[str, str]) -> QuerySet[Return]:
    """Those of ``rows`` behind the number that the address asks for; all where it asks for none."""
    found = narrowing(asked)
    return rows if found is None else rows.filter(pk__in=found.rows().values("pk"))
