"""What comes when, from where, and with whom: an order's shipments, and what has none yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from oms_portal.orders.detail import LineDetail, OrderDetail, ShipmentDetail
from oms_portal.orders.models import ShipmentStatus
from oms_portal.orders.moments import Moment, read

from . import shown
from .chips import shipment_chip
from .formats import NOTHING, moment, quantity, span, stamp, time_tag
from .parcels import show_parcel


# The stops of a shipment that comes, and of one that is fetched.
_HERE = (
    (ShipmentStatus.PLANNED, ShipmentStatus.RELEASED, ShipmentStatus.UNKNOWN),
    (ShipmentStatus.PICKING, ShipmentStatus.PACKED),
)
_SENT = (*_HERE, (ShipmentStatus.DISPATCHED,), (ShipmentStatus.DELIVERED,))
_FETCHED = (*_HERE, (ShipmentStatus.READY_FOR_PICKUP,), (ShipmentStatus.COLLECTED,))


def show_deliveries(order: OrderDetail, zone: tzinfo) -> list[shown.Delivery]:
    return [_show(shipment, order, zone) for shipment in order.shipments]


def _show(shipment: ShipmentDetail, order: OrderDetail, zone: tzinfo) -> shown.Delivery:
    return shown.Delivery(
        title=_("Delivery %(number)s") % {"number": shipment.number},
        chip=shipment_chip(shipment.status),
        steps=_steps(shipment, zone),
        facts=[shown.Term(label, value) for label, value in _facts(shipment, order, zone) if value],
        parcels=[
            show_parcel(package, position, shipment.method, zone)
            for position, package in enumerate(shipment.packages, 1)
        ],
    )


def _to_come(
    lines: Iterable[LineDetail], shipments: Iterable[ShipmentDetail]
) -> Iterator[tuple[LineDetail, Decimal]]:
    """The units of product lines that are in no delivery yet, and still wanted."""
    planned: dict[str, Decimal] = {}
    for shipment in shipments:
        if shipment.status not in (ShipmentStatus.CANCELLED, ShipmentStatus.RETURNED_TO_SENDER):
            for package in shipment.packages:
                for packed in package.lines:
                    planned[packed.line_ref] = (
                        planned.get(packed.line_ref, Decimal(0)) + packed.quantity
                    )
    for line in lines:
        covered = max(planned.get(line.ref, Decimal(0)), line.counters.shipped)
        rest = line.counters.wanted - covered
        if line.kind == "product" and rest > 0:
            yield line, rest


def show_rest(order: OrderDetail, zone: tzinfo) -> list[str]:
    """What is in no delivery yet, a sentence a line, with the date where there is one."""
    rows: list[str] = []
    for line, rest in _to_come(order.lines, order.shipments):
        words = {"quantity": quantity(rest, line.unit), "item": line.description}
        if line.promise is None:
            rows.append(_("%(quantity)s of %(item)s, no date yet") % words)
        else:
            words["date"] = span(line.promise.starts, line.promise.ends, zone)
            rows.append(_("%(quantity)s of %(item)s, promised for %(date)s") % words)
    return rows


def _steps(shipment: ShipmentDetail, zone: tzinfo) -> list[shown.Step]:
    fetched = shipment.method == "pickup"
    stops = _FETCHED if fetched else _SENT
    here = next((i for i, stop in enumerate(stops) if shipment.status in stop), None)
    if here is None:
        return []
    last = len(stops) - 1
    words = [
        _("Planned"),
        _("Being packed"),
        _("Ready for pick-up") if fetched else _("On its way"),
        _("Collected") if fetched else _("Delivered"),
    ]
    times = [None, None, None if fetched else shipment.shipped_at, shipment.delivered_at]
    return [
        shown.Step(
            words[index],
            "done" if index < here or here == last else "now" if index == here else "todo",
            stamp(times[index], zone) if index <= here else NOTHING,
        )
        for index in range(len(stops))
    ]


def _facts(shipment: ShipmentDetail, order: OrderDetail, zone: tzinfo) -> Iterator[tuple[str, str]]:
    yield _("From"), shipment.from_name
    yield _("Carrier"), shipment.carrier
    yield _("Service"), shipment.service
    yield _("Planned for"), _still(shipment, shipment.planned_on, zone)
    if shipment.eta_from and not shipment.delivered_at:
        yield _("Expected"), time_tag(shipment.eta_from, shipment.eta_to, zone)
    yield _("Sent"), stamp(shipment.shipped_at, zone)
    yield _("Delivered"), stamp(shipment.delivered_at, zone)
    if shipment.address and shipment.address != order.delivery_address:
        yield _("To"), ", ".join(filter(None, (shipment.address.name, shipment.address.city)))
    yield from _freight(shipment.freight or {}, zone)
    yield from _pickup(shipment.pickup or {}, zone)
    proof = shipment.proof_of_delivery or {}
    yield _("Signed by"), str(proof.get("signed_by") or "")


def _still(shipment: ShipmentDetail, planned: Moment | None, zone: tzinfo) -> SafeString:
    """The plan, as long as it is one."""
    return NOTHING if shipment.shipped_at or shipment.delivered_at else stamp(planned, zone)


def _freight(freight: Mapping[str, Any], zone: tzinfo) -> Iterator[tuple[str, str]]:
    yield _("Appointment"), _told(freight.get("appointment"), zone)
    yield _("Pallets"), str(freight.get("pallets") or "")
    yield _("Tail lift"), _yes(freight.get("tail_lift"))
    yield _("Contact on site"), str(freight.get("site_contact") or "")
    call = freight.get("call_ahead")
    yield _("Call before delivery"), call if isinstance(call, str) else _yes(call)


def _pickup(pickup: Mapping[str, Any], zone: tzinfo) -> Iterator[tuple[str, str]]:
    ready = pickup.get("ready")
    yield _("Ready"), _yes(ready) if isinstance(ready, bool) else _told(ready, zone)
    yield _("Pick-up code"), str(pickup.get("code") or "")
    yield _("Opening hours"), str(pickup.get("hours") or "")


def _yes(value: Any) -> str:
    return "" if value is None else _("Yes") if value else _("No")


def _told(value: Any, zone: tzinfo) -> str:
    """A moment, where that is what was told; the words as they are otherwise."""
    if not isinstance(value, str | datetime):
        return "" if value is None else str(value)
    try:
        return moment(read(value) if isinstance(value, str) else value, zone)
    except ValueError:
        return str(value)
