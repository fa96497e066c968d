"""What was delivered of some orders, line by line and delivery by delivery, with what is on returns
of it already. Five queries, six where somebody asks for invoices."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import F

from oms_portal.orders.models import (
    Document,
    Order,
    OrderLine,
    Package,
    Shipment,
    ShipmentStatus,
    TrackingStatus,
)
from oms_portal.orders.moments import Moment, day_of, zone_of

from . import ledger
from .kinds import FREED, PRIVATE
from .models import ReturnableLine, ReturnLine
from .windows import Dates


ZERO = Decimal(0)
_ARRIVED = (ShipmentStatus.DELIVERED, ShipmentStatus.COLLECTED)
_LINE = (
    "order_id", "position", "ref", "number", "sku", "description", "unit", "unit_price", "amount",
    "ordered", "shipped", "delivered", "returned", "serials", "lot",
)  # fmt: skip
_SHIPMENT = (
    "order_id", "position", "thread", "number", "status", "shipped_at", "delivered_at", "method",
    "from_location", "address",
)  # fmt: skip
_ON_RETURNS = (
    "order_id", "line_ref", "thread", "reserved",
    "lines__rma__number", "lines__rma__state", "lines__requested", "lines__released",
    "lines__received", "lines__rma__company_id", "lines__rma__ship_to_ref",
)  # fmt: skip


@dataclass
class Delivered:
    """Some units of a line in one delivery. ``cap`` is how many of them may come back by what the
    ERP says now, ``reserved`` how many are on returns, ``numbers`` those that were asked for
    where the order is now."""

    order: Order
    line: OrderLine
    shipment: Shipment
    quantity: Decimal = ZERO
    cap: Decimal = ZERO
    reserved: Decimal = ZERO
    numbers: tuple[str, ...] = ()
    serials: list[str] = field(default_factory=list)
    lots: list[str] = field(default_factory=list)
    parcels: list[Package] = field(default_factory=list)

    @property
    def told_serials(self) -> tuple[str, ...]:
        """Of the units in this delivery; where nobody told those, of all of the line."""
        return tuple(self.serials or self.line.serials)

    @property
    def available(self) -> Decimal:
        return max(ZERO, self.cap - self.reserved)

    @property
    def has_arrived(self) -> bool:
        return self.shipment.status in _ARRIVED or all(
            parcel.tracking_status == TrackingStatus.DELIVERED for parcel in self.parcels
        )

    @property
    def delivered_at(self) -> datetime | None:
        """When the last of it came: by the ERP, else by its parcels' scans; None: nobody knows."""
        if self.shipment.delivered_at or not self.has_arrived:
            return self.shipment.delivered_at
        known = [
            parcel.tracking_at
            for parcel in self.parcels
            if parcel.tracking_at and parcel.tracking_status == TrackingStatus.DELIVERED
        ]
        return max(known, default=None)

    @property
    def unit_price(self) -> Decimal | None:
        """Net, of one unit, as on the order."""
        line = self.line
        if line.unit_price is not None or line.amount is None or not line.ordered:
            return line.unit_price
        return line.amount / line.ordered

    def dates(self, invoices: Sequence[Moment]) -> Dates:
        """``invoices`` are the days of its order's, the oldest first."""
        return Dates(
            ordered=self.order.placed_at,
            shipped=self.shipment.shipped_at,
            delivered=self.delivered_at,
            invoiced=self._invoiced(invoices),
            has_arrived=self.has_arrived,
        )

    def _invoiced(self, invoices: Sequence[Moment]) -> Moment | None:
        """By the first invoice that came with the delivery or after it, else by the last."""
        zone = zone_of(self.order.company.time_zone)
        sent = self.shipment.shipped_at
        later = [day for day in invoices if sent and day_of(day, zone) >= day_of(sent, zone)]
        return next(iter(later or invoices[-1:]), None)


def delivered_of(orders: Sequence[Order], refs: Collection[str] | None = None) -> list[Delivered]:
    """Every goods line of these orders in each delivery that left, in the orders' own order; with
    ``refs`` the lines of these refs alone."""
    by_pk = {order.pk: order for order in orders}
    rows = OrderLine.objects.filter(order__in=by_pk, kind=OrderLine.Kind.PRODUCT).only(*_LINE)
    if refs is not None:
        rows = rows.filter(ref__in=refs)
    lines = {(line.order_id, line.ref): line for line in rows}
    found: dict[ledger.Key, Delivered] = {}
    for package in _packages(by_pk):
        shipment = package.shipment
        for told in package.lines:
            ref = told["line_ref"]
            if line := lines.get((shipment.order_id, ref)):
                key = (shipment.order_id, ref, shipment.thread)
                part = found.get(key) or Delivered(by_pk[shipment.order_id], line, shipment)
                found[key] = part
                _add(part, package, told)
    _reserve(found, by_pk)
    places = {pk: place for place, pk in enumerate(by_pk)}
    return sorted(
        (part for part in found.values() if part.quantity > 0),
        key=lambda p: (places[p.order.pk], p.shipment.position, p.line.position),
    )


def strange_serials(lines: Collection[ReturnLine]) -> Mapping[int, list[str]]:
    """By the line's key: the serial numbers on it that the ERP did not tell of its delivery."""
    given = [line for line in lines if line.serials]
    if not given:
        return {}
    orders = {line.returnable.order_id: line.returnable.order for line in given}
    told = {
        (part.order.pk, part.line.ref, part.shipment.thread): part.told_serials
        for part in delivered_of(
            list(orders.values()), {line.returnable.line_ref for line in given}
        )
    }
    found = {}
    for line in given:
        place = line.returnable
        known = told.get((place.order_id, place.line_ref, place.thread), ())
        found[line.pk] = [one for one in line.serials if one not in known]
    return found


def invoices_of(orders: Iterable[Order]) -> Mapping[int, list[Moment]]:
    """The days of each order's invoices, the oldest first."""
    found: dict[int, list[Moment]] = {}
    papers = Document.objects.filter(order__in=[order.pk for order in orders], kind="invoice")
    for order, day in papers.order_by("issued_on", "pk").values_list("order_id", "issued_on"):
        found.setdefault(order, []).append(day)
    return found


def _packages(orders: Iterable[int]) -> Iterable[Package]:
    """Of the deliveries that left, the one that left first before the others."""
    columns = [f"shipment__{name}" for name in _SHIPMENT]
    rows = (
        Package.objects.filter(shipment__order__in=list(orders))
        .select_related("shipment")
        .only("position", "lines", "tracking_status", "tracking_at", *columns)
        .order_by(
            F("shipment__shipped_at").asc(nulls_last=True),
            "shipment__position",
            "shipment",
            "position",
            "pk",
        )
    )
    return (row for row in rows if ledger.has_left(row.shipment.status, row.shipment.shipped_at))


def _add(part: Delivered, package: Package, told: Mapping[str, Any]) -> None:
    part.quantity += Decimal(told["quantity"])
    part.serials += [one for one in told.get("serials", ()) if one not in part.serials]
    if (lot := told.get("lot")) and lot not in part.lots:
        part.lots.append(lot)
    if package not in part.parcels:
        part.parcels.append(package)


def _reserve(found: Mapping[ledger.Key, Delivered], orders: Iterable[int]) -> None:
    """What is on returns of it, and how much may come back at all."""
    ours: dict[tuple[int, str], Decimal] = {}
    rows = ReturnableLine.objects.filter(order__in=list(orders)).values_list(*_ON_RETURNS)
    for order, ref, thread, reserved, number, state, requested, released, received, *at in rows:
        if number:
            came = min(requested, received)
            ours[order, ref] = ours.get((order, ref), ZERO) + came
        if part := found.get((order, ref, thread)):
            part.reserved = reserved
            bound = number and state not in (*PRIVATE, *FREED) and released < requested
            if bound and at == [part.order.company_id, part.order.ship_to_ref]:
                part.numbers = (*part.numbers, number)
    by_line: dict[tuple[int, str], list[Delivered]] = {}
    for (order, ref, _thread), part in found.items():
        by_line.setdefault((order, ref), []).append(part)
    for name, parts in by_line.items():
        line = parts[0].line
        elsewhere = max(ZERO, line.returned - ours.get(name, ZERO))
        held = {part.shipment.thread: part.quantity for part in parts}
        left = ledger.shared(held, max(line.shipped, line.delivered), elsewhere)
        for part in parts:
            part.cap = left[part.shipment.thread]
