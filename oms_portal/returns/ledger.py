"""The ledger: how much of a delivered line may come back, and who has taken some of it already.

The order's row is held by whoever writes here. What is reserved grows by one conditional UPDATE;
what the ERP corrects below it is never refused, it is marked (``over_by``). SQLite reckons with
floats: sums are rounded to the column's six decimals wherever they are compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db.models import DecimalField, F, Sum, Value
from django.db.models.functions import Greatest, Least, Round

from oms_portal.orders.models import HERE, Order, OrderLine, Shipment, ShipmentStatus

from .kinds import FREED, PRIVATE
from .models import ReturnableLine, ReturnLine


# Of which order, which line, in which delivery (its thread).
Key = tuple[int, str, str]
ZERO = Decimal(0)
_LEFT = (ShipmentStatus.DISPATCHED, ShipmentStatus.DELIVERED, ShipmentStatus.COLLECTED)
_LEFT_IF_SHIPPED = (*HERE, ShipmentStatus.UNKNOWN)
_NUMBER: DecimalField[Decimal, Decimal] = DecimalField(max_digits=19, decimal_places=6)


def caps(orders: Iterable[int], *, awaited: bool = False) -> dict[Key, Decimal]:
    """How much of each goods line of these orders may come back, by what the ERP says now: what
    is in each delivery that left, the oldest first; no more in all than left us, and less what
    the ERP took back without us. Three queries.

    ``awaited``: what the ERP took back is taken for what we await, though it has not told of that
    return yet."""
    pks = list(orders)
    held = _held(pks)
    ours = _ours(pks, awaited=awaited)
    found: dict[Key, Decimal] = {}
    rows = OrderLine.objects.filter(order__in=pks, kind=OrderLine.Kind.PRODUCT).values_list(
        "order_id", "ref", "shipped", "delivered", "returned"
    )
    for order, ref, shipped, delivered, returned in rows:
        parts = held.get((order, ref), {})
        elsewhere = max(ZERO, returned - ours.get((order, ref), ZERO))
        for thread, cap in shared(parts, max(shipped, delivered), elsewhere).items():
            found[order, ref, thread] = cap
    return found


def shared(
    parts: Mapping[str, Decimal], left: Decimal, elsewhere: Decimal = ZERO
) -> dict[str, Decimal]:
    """What of a line in its deliveries, the oldest first, may come back, where only ``left`` units
    of it left us and ``elsewhere`` came back without us. Pure."""
    found: dict[str, Decimal] = {}
    for thread, quantity in parts.items():
        there = max(ZERO, min(quantity, left))
        left -= there
        gone = min(there, elsewhere)
        elsewhere -= gone
        found[thread] = there - gone
    return found


def has_left(status: str, shipped_at: datetime | None) -> bool:
    """Whether a delivery's goods are with the customer or on their way there."""
    return status in _LEFT or (status in _LEFT_IF_SHIPPED and shipped_at is not None)


def open_lines(
    order: Order, places: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], ReturnableLine]:
    """The rows of these (line ref, thread) of an order whose row is held, made where they are not
    there yet, all of the order's caps as the ERP says now. What no delivery holds is left out."""
    wanted = set(places)
    fresh = caps([order.pk])
    missing = [
        ReturnableLine(order=order, line_ref=ref, thread=thread, cap=cap)
        for (_, ref, thread), cap in fresh.items()
        if (ref, thread) in wanted
    ]
    ReturnableLine.objects.bulk_create(missing, ignore_conflicts=True)
    rows = list(ReturnableLine.objects.filter(order=order.pk).order_by("pk"))
    for row in rows:
        correct_row(row, fresh.get((order.pk, row.line_ref, row.thread), ZERO))
    places_now = {(row.line_ref, row.thread): row for row in rows}
    return {place: places_now[place] for place in wanted & places_now.keys()}


def correct_row(row: ReturnableLine, cap: Decimal) -> None:
    """Write what may come back of it now, and how much too much of it is reserved."""
    over_by = max(ZERO, row.reserved - cap)
    if (row.cap, row.over_by) != (cap, over_by):
        row.cap, row.over_by = cap, over_by
        ReturnableLine.objects.filter(pk=row.pk).update(cap=cap, over_by=over_by)


def reserve(pairs: Iterable[tuple[int, Decimal]]) -> dict[int, Decimal]:
    """Take so much of each row (its pk); {} where all was there. Else what is left of those that
    were short, and the caller rolls back."""
    short: dict[int, Decimal] = {}
    for pk, quantity in sorted(pairs):
        after = _after(quantity)
        rows = ReturnableLine.objects.filter(pk=pk)
        if not rows.filter(cap__gte=after).update(reserved=after):
            row = rows.get()
            short[pk] = max(ZERO, row.cap - row.reserved)
    return short


def shift(pairs: Iterable[tuple[int, Decimal]]) -> None:
    """Give so much back to each row, or where it is negative take it whatever the cap says: goods
    that came all the same are a fact."""
    for pk, quantity in sorted(pairs):
        if quantity:
            after = Greatest(_after(-quantity), _number(ZERO))
            over = Greatest(Round(after - F("cap"), precision=6), _number(ZERO))
            ReturnableLine.objects.filter(pk=pk).update(reserved=after, over_by=over)


def _after(quantity: Decimal) -> Any:
    return Round(F("reserved") + _number(quantity), precision=6)


def _number(value: Decimal) -> Value:
    return Value(value, output_field=_NUMBER)


def _held(orders: list[int]) -> dict[tuple[int, str], dict[str, Decimal]]:
    """By order and line: {thread: units in it}, the delivery that left first before the others."""
    rows = (
        Shipment.objects.filter(order__in=orders)
        .values_list("order_id", "thread", "status", "shipped_at", "packages__lines")
        .order_by("order_id", F("shipped_at").asc(nulls_last=True), "position", "pk")
    )
    found: dict[tuple[int, str], dict[str, Decimal]] = {}
    for (order, thread), told in groupby(rows, key=lambda row: (row[0], row[1])):
        for _, _, status, shipped_at, lines in told:
            if not has_left(status, shipped_at):
                continue
            for line in lines or ():
                parts = found.setdefault((order, line["line_ref"]), {})
                parts[thread] = parts.get(thread, ZERO) + Decimal(line["quantity"])
    return found


def _ours(orders: list[int], *, awaited: bool) -> dict[tuple[int, str], Decimal]:
    """By order and line: what the ERP received of what was asked for on returns of ours."""
    came = ReturnLine.objects.filter(returnable__order__in=orders, received__gt=0)
    bound = ReturnLine.objects.filter(returnable__order__in=orders).exclude(
        rma__state__in=(*PRIVATE, *FREED)
    )
    counted = Greatest("received", "approved") if awaited else F("received")
    rows = (
        (bound if awaited else came)
        .values_list("returnable__order_id", "returnable__line_ref")
        .annotate(came=Sum(Least(counted, "requested")))
        .order_by()
    )
    return {(order, ref): came for order, ref, came in rows}
