"""Lists, orders and papers, as their fragments would draw them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import get_language

from oms_portal.erp.queries import Freshness
from oms_portal.orders.detail import OrderDetail
from oms_portal.orders.moments import zone_of
from oms_portal.orders.papers import PaperPage
from oms_portal.orders.summary import OrderPage

from ..asking import Asking
from ..base import Spec
from ..browsing import Browsing
from ..changing_limits import VERBS
from ..details import show_order
from ..documents import show_papers
from ..drawing import draw
from ..freshness import show_freshness
from ..rows import show_page
from ..states import states_of
from . import returns
from .changes import order_changing
from .detail import SAMPLE, ZONE, detail, sample_papers
from .rows import BOOK, sample_rows


def orders(asked: Mapping[str, str] | None = None) -> str:
    """A page of the list as it is asked for, with an order in each interesting state."""
    browsing = Browsing.read(asked or {})
    rows = sample_rows(browsing)
    return _draw("orders", show_page(OrderPage(rows), browsing, SAMPLE, book=BOOK))


def order(sample: OrderDetail | None = None, show: Iterable[str] = ()) -> str:
    """One order in full; ``show`` names its sections, all where none is named."""
    return _one("order", sample or detail(), {"show": ",".join(show)})


def tracker(sample: OrderDetail | None = None, *, parcels: bool = True) -> str:
    return _one("tracker", sample or detail(), {"parcels": "" if parcels else "no"})


def _one(name: str, sample: OrderDetail, params: dict[str, str]) -> str:
    asking = Asking.read(sample.summary.slug, params)
    states = states_of(sample, SAMPLE, zone_of(ZONE))
    whole = name == "order"
    changing = order_changing() if whole else None
    told = show_order(sample, asking, SAMPLE, whole=whole, changing=changing, verbs=VERBS)
    if whole and "returns" in asking.show:
        told = replace(told, returns=returns.beside())
    return draw(Spec(name, "sample", (), get_language() or "en"), 1, told, SAMPLE, states)


def documents(kind: str = "", size: str = "") -> str:
    """Invented papers, of one kind where one is asked for."""
    rows = [row for row in sample_papers() if not kind or row.paper.kind == kind]
    asked = {"kind": kind, "find": "", "before": "", "size": size}
    return _draw("documents", show_papers(PaperPage(tuple(rows[: int(size or 5)])), asked))


def freshness(state: str = "fresh") -> str:
    return _draw("freshness", show_freshness(Freshness(state, SAMPLE), zone_of(ZONE), SAMPLE))


def _draw(name: str, shown: Any) -> str:
    return draw(Spec(name, "sample", (), get_language() or "en"), 1, shown, SAMPLE)
