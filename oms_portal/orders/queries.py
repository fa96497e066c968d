"""What may be read of orders, by whom, in a bounded number of queries."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from django.utils import timezone

from oms_portal.customers.access import Actor, visible
from oms_portal.customers.lineage import list_topic

from .assembly import assemble
from .changes import order_topic
from .detail import OrderDetail
from .models import Order
from .summary import COLUMNS, OrderPage, OrderSummary, summary_of


__all__ = [
    "OrderDetail",
    "OrderPage",
    "OrderSummary",
    "detail_of",
    "list_topic",
    "order_of",
    "order_topic",
    "page_of",
]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CURSOR = re.compile(r"-?[0-9]{1,18}\.[0-9]{1,18}")


def page_of(actor: Actor, size: int, before: str = "", *, now: datetime | None = None) -> OrderPage:
    """The newest orders this actor may see, ``size`` of them, after the cursor ``before``.

    One query, whatever the number of orders. A cursor that is none counts as the first page.
    """
    rows = visible(actor, Order).filter(archived_at=None)
    if cursor := _read_cursor(before):
        placed_at, pk = cursor
        rows = rows.filter(placed_at__lte=placed_at).exclude(placed_at=placed_at, pk__gte=pk)
    rows = rows.select_related("company").only(*COLUMNS).order_by("-placed_at", "-pk")
    found = list(rows[: size + 1])
    page, more = found[:size], len(found) > size
    clock = now or timezone.now()
    return OrderPage(
        rows=tuple(summary_of(order, clock) for order in page),
        next=_write_cursor(page[-1]) if more and page else None,
    )


def order_of(actor: Actor, slug: str) -> Order | None:
    """The order of this slug, with its company; None where it is missing or not this actor's."""
    if "\0" in slug:
        return None
    return (
        visible(actor, Order)
        .filter(slug=slug, archived_at=None)
        .select_related("company")
        .defer("history")
        .first()
    )


def detail_of(order: Order, now: datetime) -> OrderDetail:
    """All there is to show of an order that ``order_of`` gave; at most ten queries."""
    return assemble(order, now)


def _write_cursor(order: Order) -> str:
    return f"{(order.placed_at - _EPOCH) // timedelta(microseconds=1)}.{order.pk}"


def _read_cursor(text: str) -> tuple[datetime, int] | None:
    """The instant and key of a cursor, "<microseconds>.<pk>"; None where it is none."""
    if not _CURSOR.fullmatch(text):
        return None
    micros, pk = text.split(".")
    try:
        return _EPOCH + timedelta(microseconds=int(micros)), int(pk)
    except OverflowError:
        return None
