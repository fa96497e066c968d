"""What may be read of orders, by whom, in a bounded number of queries."""

from __future__ import annotations

from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import QuerySet
from django.utils import timezone

from oms_portal.customers.access import Actor, visible
from oms_portal.customers.lineage import list_topic

from .assembly import assemble
from .changes import order_topic
from .detail import OrderDetail
from .models import Order
from .sorting import KEYS, Sort, keys_of, read_cursor, stretches, write_cursor
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
# So many firsts are taken side by side; SQLite allows 500.
_SIDE_BY_SIDE = 400


def page_of(
    actor: Actor,
    size: int,
    before: str = "",
    sort: Sort = Sort.NEWEST,
    *,
    now: datetime | None = None,
) -> OrderPage:
    """``size`` of the orders this actor may see, by ``sort``, after the cursor ``before``.

    One query, which reads as little of a company's 100,000 orders as of 100. A cursor that is
    none, or of another sort, counts as the first page.
    """
    rows = _first(actor, sort, before, size + 1)
    found = list(rows.select_related("company").only(*COLUMNS))
    page, more = found[:size], len(found) > size
    clock = now or timezone.now()
    return OrderPage(
        rows=tuple(summary_of(order, clock) for order in page),
        next=write_cursor(sort, page[-1]) if more and page else None,
    )


def _first(actor: Actor, sort: Sort, before: str, count: int) -> QuerySet[Order]:
    """The first ``count`` orders after the cursor.

    An index gives the stretches of one company or place in order, those of several it can't: so
    the first of each are taken, and the first of those.
    """
    cuts = stretches(sort, read_cursor(sort, before))
    runs = [
        _current(part).filter(cut).order_by(*KEYS[sort])[:count]
        for part in actor.split()
        for cut in cuts
    ]
    if len(runs) == 1:
        return runs[0]
    if len(runs) > _SIDE_BY_SIDE:
        rows = _current(actor).filter(reduce(or_, cuts))
    else:
        firsts = (Order.objects.order_by().filter(pk__in=run).values("pk") for run in runs)
        rows = Order.objects.filter(pk__in=Order.objects.none().union(*firsts, all=True))
    return rows.order_by(*keys_of(sort))[:count]


def _current(actor: Actor) -> QuerySet[Order]:
    return visible(actor, Order).filter(archived_at=None)


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
