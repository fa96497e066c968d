"""Of which orders the page shows what can come back: one of them, or a page of all that match."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import QueryDict

from oms_portal.customers.access import Actor, visible
from oms_portal.orders import search, typed
from oms_portal.orders.models import Order
from oms_portal.returns.eligible import LEFT
from oms_portal.returns.kinds import Kind
from oms_portal.returns.models import Return


# So many orders stand on a page; nobody turns more pages than that.
ORDERS, PAGES = 8, 500


@dataclass(frozen=True)
class Looking:
    """``order`` is the slug of the one that is looked into, "" for all; ``page`` counts from 1."""

    kind: str = Kind.RETURN
    order: str = ""
    find: str = ""
    page: int = 1

    @classmethod
    def read(cls, asked: QueryDict, usual: str = Kind.RETURN) -> Looking:
        """From a query or a form, whatever it holds."""
        kind, order = asked.get("kind", ""), asked.get("order", "")
        return cls(
            kind if kind in Kind.values else usual,
            "" if "\0" in order else order,
            typed.words(asked.get("find", ""), search.LONGEST),
            typed.count(asked.get("page", ""), 1, 1, PAGES),
        )


@dataclass(frozen=True)
class Anchor:
    """Where all goods of one return went, and what they were paid in."""

    company_id: int
    ship_to_ref: str
    currency: str

    @classmethod
    def of(cls, order: Order) -> Anchor:
        return cls(order.company_id, order.ship_to_ref, order.currency)

    @classmethod
    def of_draft(cls, rma: Return, orders: Collection[Order]) -> Anchor:
        """By its orders where it has any: the place that it is sent from may be another."""
        first = next(iter(orders), None)
        return cls.of(first) if first else cls(rma.company_id, rma.ship_to_ref, rma.currency)


@dataclass(frozen=True)
class Page:
    """``one``: a single order was asked for. ``more``: there are older ones."""

    orders: list[Order]
    one: bool = False
    more: bool = False


def page_of(actor: Actor, looking: Looking, anchor: Anchor | None) -> Page:
    """The orders to show, the newest first; with an ``anchor`` only those that can join it."""
    if looking.order:
        return Page(list(_rows(actor, anchor).filter(slug=looking.order)), one=True)
    came = Q(arrived_at__isnull=False)
    # What never came can be claimed before it comes.
    rows = _rows(actor, anchor).filter(
        came | Q(status__in=LEFT) if looking.kind == Kind.CLAIM or looking.find else came
    )
    if term := search.asked(looking.find):
        rows = rows.filter(search.hits(actor, term).where)
    elif looking.find:
        rows = rows.none()
    start = (looking.page - 1) * ORDERS
    found = list(rows.order_by("-placed_at", "-pk")[start : start + ORDERS + 1])
    return Page(found[:ORDERS], more=len(found) > ORDERS)


def named(actor: Actor, slugs: Collection[str]) -> list[Order]:
    """The orders of these names that this actor may see; the rest is left out."""
    return list(_rows(actor, None).filter(slug__in=[s for s in slugs if "\0" not in s]))


def _rows(actor: Actor, anchor: Anchor | None) -> QuerySet[Order]:
    rows = visible(actor, Order).filter(archived_at=None).select_related("company")
    if anchor is None:
        return rows.defer("history")
    return rows.defer("history").filter(
        company=anchor.company_id, ship_to_ref=anchor.ship_to_ref, currency=anchor.currency
    )
