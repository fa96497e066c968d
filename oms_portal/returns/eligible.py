"""What of some orders may be sent back now: every delivered line, how much of it and until when, or
why not and until when it could."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from oms_portal.customers.access import Actor, can
from oms_portal.erp.connectors.registry import capabilities_of
from oms_portal.erp.models import Record
from oms_portal.orders.models import Order, OrderLine, OrderStatus
from oms_portal.orders.moments import Moment, zone_of

from . import barriers
from .articles import Articles, articles_now
from .delivered import Delivered, delivered_of, invoices_of
from .kinds import Kind
from .matching import Facts
from .policy import terms_of
from .rules import ReturnPlace, ReturnPolicy
from .terms import Terms


CAPABILITY = "push.return"
# Something of these orders has left.
LEFT = (
    OrderStatus.PARTIALLY_SHIPPED,
    OrderStatus.SHIPPED,
    OrderStatus.PARTIALLY_DELIVERED,
    OrderStatus.DELIVERED,
    OrderStatus.CLOSED,
)


@dataclass(frozen=True)
class Returnable:
    """A line in a delivery. ``shipped`` were in it, ``on_returns`` are on the returns ``numbers``,
    ``available`` may still come back, until the end of the day ``until`` in the company's zone
    (None: no end). ``why`` is a code of ``reasons`` where none may, with its ``words``.

    ``terms`` hold while neither reason nor quantity is chosen; ``facts`` are for asking again
    (``policy.terms_of``).
    """

    order: Order
    line: OrderLine
    thread: str
    delivery: str
    delivered_at: datetime | None
    shipped: Decimal
    on_returns: Decimal
    numbers: tuple[str, ...]
    available: Decimal
    why: str
    serials: tuple[str, ...]
    lots: tuple[str, ...]
    unit_price: Decimal | None
    terms: Terms
    facts: Facts

    @property
    def key(self) -> tuple[int, str, str]:
        """As the ledger names it."""
        return self.order.pk, self.line.ref, self.thread

    @property
    def unit(self) -> str:
        return self.line.unit

    @property
    def until(self) -> date | None:
        return self.terms.until

    @property
    def words(self) -> str:
        """In the reader's language; "" where it may come back."""
        return barriers.say(self.why, self.until, self.terms.words)


@dataclass(frozen=True)
class Rules:
    """What is asked of every line. ``able`` are the refs of the orders whose ERP takes returns."""

    policies: Sequence[ReturnPolicy]
    articles: Articles
    places: Sequence[ReturnPlace]
    able: frozenset[str]
    invoices: Mapping[int, Sequence[Moment]]


def offer(
    orders: Iterable[Order],
    kind: str,
    now: datetime,
    *,
    actor: Actor | None = None,
    policies: Sequence[ReturnPolicy] | None = None,
) -> tuple[Returnable, ...]:
    """Every delivered line of these orders, in their order; eight queries at most where their
    companies are loaded. With ``actor``, what that person may not do is said too; with
    ``policies`` as if those were the policies: for trying them out."""
    rows = list(orders)
    if not rows:
        return ()
    rules = rules_for(rows, policies_now() if policies is None else policies)
    return tuple(_returnable(part, kind, now, rules, actor) for part in delivered_of(rows))


def rules_for(orders: Sequence[Order], policies: Sequence[ReturnPolicy]) -> Rules:
    return Rules(
        policies=policies,
        articles=articles_now(),
        places=list(ReturnPlace.objects.all()),
        able=_able(orders),
        invoices=invoices_of(orders) if _by_invoice(policies) else {},
    )


def policies_now() -> list[ReturnPolicy]:
    """The active ones in their order, each with its place."""
    return list(ReturnPolicy.objects.filter(active=True).select_related("destination"))


def facts_of(part: Delivered, kind: str, rules: Rules) -> Facts:
    order, shipment = part.order, part.shipment
    return Facts(
        kind=kind,
        customer=order.company.number or order.company.ref,
        country=_country(shipment.address) or _country(order.delivery_address),
        zone=zone_of(order.company.time_zone),
        dates=part.dates(rules.invoices.get(order.pk, ())),
        currency=order.currency,
        unit_price=part.unit_price,
        article=rules.articles.of(part.line.sku),
        origin=shipment.from_location,
        places=rules.places,
    )


def _returnable(
    part: Delivered, kind: str, now: datetime, rules: Rules, actor: Actor | None
) -> Returnable:
    facts = facts_of(part, kind, rules)
    terms = terms_of(facts, None, None, None, rules.policies, now)
    why = _why_not(part, kind, rules, actor) or terms.why
    line = part.line
    return Returnable(
        order=part.order,
        line=line,
        thread=part.shipment.thread,
        delivery=part.shipment.number,
        delivered_at=part.delivered_at,
        shipped=part.quantity,
        on_returns=part.reserved,
        numbers=part.numbers,
        available=part.available,
        why=why,
        serials=part.told_serials,
        lots=tuple(part.lots or filter(None, [line.lot])),
        unit_price=part.unit_price,
        terms=terms,
        facts=facts,
    )


def _why_not(part: Delivered, kind: str, rules: Rules, actor: Actor | None) -> str:
    """What lies in the way besides policies; "" for nothing."""
    order = part.order
    if order.archived_at is not None:
        return barriers.ARCHIVED
    if order.ref not in rules.able:
        return barriers.NOT_OFFERED
    if actor is not None and not can(actor, "return", order):
        return barriers.NOT_ALLOWED
    # What never came can be claimed before it comes.
    if not part.has_arrived and kind != Kind.CLAIM:
        return barriers.NOT_DELIVERED
    return "" if part.available > 0 else barriers.NONE_LEFT


def _able(orders: Iterable[Order]) -> frozenset[str]:
    """The refs of those whose source has a connector that takes returns: one query."""
    told = Record.objects.filter(kind="order", ref__in=[order.ref for order in orders])
    sources = told.values_list("ref", "event__source__slug")
    return frozenset(ref for ref, slug in sources if CAPABILITY in capabilities_of(slug))


def _by_invoice(policies: Iterable[ReturnPolicy]) -> bool:
    return any(policy.window_from == ReturnPolicy.Anchor.INVOICED for policy in policies)


def _country(address: Any) -> str:
    return str((address or {}).get("country") or "").upper()
