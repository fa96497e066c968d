"""A return as it is now, once whoever moves it at this instant is done.

All transactions lock in one order: the rows of its orders by their keys, then its own; rows of the
ledger, of commands and of parcels come after those."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from oms_portal.orders.models import Order

from .models import Return, ReturnLine
from .refusals import Refused


@dataclass
class Held:
    """A return whose rows nobody else can move; ``orders`` by their keys."""

    rma: Return
    orders: dict[int, Order]
    lines: list[ReturnLine] = field(default_factory=list)

    @property
    def first_order(self) -> Order:
        """The one whose row is locked before all others: commands go under its ref."""
        return self.orders[min(self.orders)]


def hold(rma: Return) -> Held:
    """The return as it is now, its rows and its orders' locked. To be called inside ``writing``,
    before anything else is locked. Refused "gone" where it is no more."""
    return hold_all(rma)[rma.pk]


def hold_all(*rmas: Return) -> dict[int, Held]:
    """Several returns at once, by their keys."""
    orders = hold_orders(_orders_of(*rmas))
    locked = Return.objects.select_for_update(of=("self",), no_key=True)
    rows = locked.select_related("company", "requested_by", "source", "command")
    found = {row.pk: row for row in rows.filter(pk__in=[rma.pk for rma in rmas]).order_by("pk")}
    if len(found) < len({rma.pk for rma in rmas}):
        raise Refused("gone")
    return {pk: of(row, orders) for pk, row in found.items()}


def of(rma: Return, orders: dict[int, Order]) -> Held:
    """A return whose rows, and whose orders' rows, are locked already."""
    lines = list(rma.lines.select_related("returnable", "reason").order_by("pk"))
    own = {line.returnable.order_id for line in lines}
    if not own <= orders.keys():
        # Its author changed the draft between the look and the lock.
        raise Refused("stale")
    for line in lines:
        line.rma = rma
        line.returnable.order = orders[line.returnable.order_id]
    return Held(rma, {pk: orders[pk] for pk in sorted(own)}, lines)


def hold_orders(pks: Iterable[int]) -> dict[int, Order]:
    rows = Order.objects.select_for_update(of=("self",), no_key=True).select_related("company")
    return {order.pk: order for order in rows.filter(pk__in=set(pks)).order_by("pk")}


def _orders_of(*rmas: Return) -> set[int]:
    rows = ReturnLine.objects.filter(rma__in=[rma.pk for rma in rmas])
    return set(rows.values_list("returnable__order_id", flat=True))
