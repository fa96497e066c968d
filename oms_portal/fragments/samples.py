"""Invented orders for previews: what an editor sees is never anybody's own.

They are drawn by the same code as the real ones, at a fixed moment, in the active language.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language

from oms_portal.erp.queries import Freshness
from oms_portal.orders.detail import OrderDetail
from oms_portal.orders.models import OrderStatus
from oms_portal.orders.moments import zone_of
from oms_portal.orders.papers import PaperPage
from oms_portal.orders.sorting import Sort
from oms_portal.orders.summary import OrderPage, OrderSummary

from .asking import Asking
from .base import Spec
from .details import show_order
from .documents import show_papers
from .drawing import draw
from .freshness import show_freshness
from .rows import show_page
from .sample_orders import SAMPLE, ZONE, detail, sample_papers, summary
from .states import states_of


def orders(rows: int = 5, sort: Sort = Sort.NEWEST) -> str:
    """A page of the list, with an order in each interesting state."""
    found = _rows()[:rows]
    if sort == Sort.DUE:
        found.sort(key=lambda row: str(row.promise or "~"))
    elif sort != Sort.NEWEST:
        found.reverse()
    return _draw("orders", show_page(OrderPage(tuple(found)), sort, before="", size=rows))


def order(sample: OrderDetail | None = None, show: Iterable[str] = ()) -> str:
    """One order in full; ``show`` names its sections, all where none is named."""
    return _one("order", sample or detail(), {"show": ",".join(show)})


def tracker(sample: OrderDetail | None = None, *, parcels: bool = True) -> str:
    return _one("tracker", sample or detail(), {"parcels": "" if parcels else "no"})


def _one(name: str, sample: OrderDetail, params: dict[str, str]) -> str:
    asking = Asking.read(sample.summary.slug, params)
    states = states_of(sample, SAMPLE, zone_of(ZONE))
    told = show_order(sample, asking, SAMPLE, whole=name == "order")
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


def _rows() -> list[OrderSummary]:
    return [
        summary(),
        _row("SO-48213", OrderStatus.SHIPPED, "PO-4711", "1932.40", date(2026, 11, 24), total=1),
        _row("SO-48190", OrderStatus.PROCESSING, "", "415.00", date(2026, 11, 19), late=True),
        _row("SO-48177", OrderStatus.ON_HOLD, "PO-4688", "12860.75"),
        _row("SO-48102", OrderStatus.DELIVERED, "PO-4650", "289.90", total=2, delivered=2),
        _row("SO-48066", OrderStatus.CANCELLED, "PO-4634", "76.20"),
    ]


def _row(
    number: str,
    status: OrderStatus,
    reference: str,
    gross: str,
    promise: date | None = None,
    *,
    total: int = 0,
    delivered: int = 0,
    late: bool = False,
) -> OrderSummary:
    return OrderSummary(
        slug=number,
        number=number,
        customer_reference=reference,
        company="Nordwerk GmbH",
        placed_at=datetime(2026, 11, 12, 9, 30, tzinfo=UTC),
        ship_to_name="Nordwerk plant 1",
        ship_to_city="Hamburg",
        status=status,
        items=3,
        currency="EUR",
        gross=Decimal(gross),
        told_at=SAMPLE,
        promise=promise,
        shipments_total=total,
        shipments_delivered=delivered,
        late=late,
        time_zone=ZONE,
    )
