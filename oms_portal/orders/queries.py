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

from .announcing import order_topic
from .asked import FIRST, Asked
from .assembly import assemble
from .detail import OrderDetail
from .filters import Filters
from .models import Order
from .paging import first
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
# So many orders that one number names are looked at; SQLite has its limits.
_NAMESAKES = 400


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
    """The first ``count`` orders after the cursor."""
    cuts = stretches(sort, read_cursor(sort, before))
    if choice.few:
        rows = _current(choice.actor).filter(choice.where, reduce(or_, cuts))
        return rows.order_by(*keys_of(sort, few=True))[:count]
    where = Q(archived_at=None) & choice.where
    return first(choice.actor, Order, where, KEYS[sort], count, cuts, order=keys_of(sort))


def _current(actor: Actor) -> QuerySet[Order]:
    return visible(actor, Order).filter(archived_at=None)


def named_exactly(actor: Actor, words: str) -> str | None:
    """The slug of the one order this actor sees that these words name; None of none or several.

    What names more orders than can be told apart at a glance names none.
    """
    bearers = bearing(actor, asked(words))[:_NAMESAKES]
    found = list(_current(actor).filter(pk__in=set(bearers)).values_list("slug", flat=True)[:2])
    return found[0] if len(found) == 1 and len(bearers) < _NAMESAKES else None


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


def detail_of(order: Order, now: datetime, asked: Asked = FIRST) -> OrderDetail:
    """What there is to show of an order that ``order_of`` gave, and of its many lines and
    deliveries the page that was ``asked`` for; at most twelve queries."""
    return assemble(order, now, asked)
