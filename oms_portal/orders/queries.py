"""What may be read of orders, by whom, in a bounded number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet
from django.utils import timezone

from oms_portal.customers.access import Actor, visible
from oms_portal.customers.lineage import list_topic

from .asked import Asked
from .assembly import assemble
from .changes import order_topic
from .detail import OrderDetail
from .filters import Filters
from .models import Order
from .search import BY, asked, bearing, fold, hits
from .sorting import KEYS, Sort, keys_of, read_cursor, stretches, write_cursor
from .summary import COLUMNS, OrderPage, OrderSummary, summary_of


__all__ = [
    "OrderDetail",
    "OrderPage",
    "OrderSummary",
    "detail_of",
    "list_topic",
    "named_exactly",
    "order_of",
    "order_topic",
    "page_of",
]
EVERYTHING = Filters()
# So many firsts are taken side by side; SQLite allows 500.
_SIDE_BY_SIDE = 400


def page_of(
    actor: Actor,
    size: int,
    before: str = "",
    sort: Sort = Sort.NEWEST,
    filters: Filters = EVERYTHING,
    *,
    now: datetime | None = None,
) -> OrderPage:
    """``size`` of the orders this actor may see, by ``sort``, after the cursor ``before``.

    One query, which reads as little of a company's 100,000 orders as of 100; searching takes one
    more for each word, and places, days and lateness one. A cursor that is none, or of another
    sort, counts as the first page.
    """
    clock = now or timezone.now()
    choice = _chosen(actor, filters, clock)
    rows = _first(choice, sort, before, size + 1)
    found = list(rows.select_related("company").only(*COLUMNS))
    page, more = found[:size], len(found) > size
    return OrderPage(
        rows=tuple(summary_of(order, clock) for order in page),
        next=write_cursor(sort, page[-1]) if more and page else None,
    )


@dataclass(frozen=True)
class _Choice:
    """Whose orders, and which of them; ``few``: the conditions name them one by one."""

    actor: Actor
    where: Q
    few: bool = False

    @property
    def rows(self) -> QuerySet[Order]:
        return _current(self.actor).filter(self.where)


def _chosen(actor: Actor, filters: Filters, now: datetime) -> _Choice:
    if not filters:
        return _Choice(actor, Q())
    narrowed = filters.narrow(actor)
    where, few = filters.where(narrowed, now), False
    terms = [(filters.words, asked(filters.words)), (filters.placed_by, fold(filters.placed_by))]
    for sign, (words, term) in zip(("", BY), terms, strict=True):
        if words:
            found = hits(narrowed, sign + term)
            where, few = where & found.where, few or found.few
    return _Choice(narrowed, where, few)


def _first(choice: _Choice, sort: Sort, before: str, count: int) -> QuerySet[Order]:
    """The first ``count`` orders after the cursor.

    An index gives the stretches of one company or place in order, those of several it can't: so
    the first of each are taken, and the first of those.
    """
    cuts = stretches(sort, read_cursor(sort, before))
    parts = choice.actor.split()
    if choice.few or len(parts) * len(cuts) > _SIDE_BY_SIDE:
        rows = choice.rows.filter(reduce(or_, cuts))
        return rows.order_by(*keys_of(sort, few=choice.few))[:count]
    runs = [
        _current(part).filter(choice.where).filter(cut).order_by(*KEYS[sort])[:count]
        for part in parts
        for cut in cuts
    ]
    if len(runs) == 1:
        return runs[0]
    firsts = (Order.objects.order_by().filter(pk__in=run).values("pk") for run in runs)
    rows = Order.objects.filter(pk__in=Order.objects.none().union(*firsts, all=True))
    return rows.order_by(*keys_of(sort))[:count]


def _current(actor: Actor) -> QuerySet[Order]:
    return visible(actor, Order).filter(archived_at=None)


def named_exactly(actor: Actor, words: str) -> str | None:
    """The slug of the one order this actor sees that these words name; None of none or several.

    What names more orders than can be told apart at a glance names none.
    """
    bearers = bearing(actor, asked(words))[:_SIDE_BY_SIDE]
    found = list(_current(actor).filter(pk__in=set(bearers)).values_list("slug", flat=True)[:2])
    return found[0] if len(found) == 1 and len(bearers) < _SIDE_BY_SIDE else None


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


def detail_of(order: Order, now: datetime, asked: Asked = Asked()) -> OrderDetail:  # noqa: B008
    """What there is to show of an order that ``order_of`` gave, and of its many lines and
    deliveries the page that was ``asked`` for; at most twelve queries."""
    return assemble(order, now, asked)
