"""A packing list: parcel by parcel, with SSCC, lines, lots and serial numbers; also as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from decimal import Decimal

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from oms_portal.orders.detail import PackageDetail, PackedLine, Place, ShipmentDetail
from oms_portal.orders.models import Order
from oms_portal.orders.moments import zone_of

from .formats import quantity, stamp
from .parcels import parcel_label
from .places import address_lines
from .routes import delivery_title
from .shown_order import Term


@dataclass(frozen=True)
class PackedRow:
    number: str
    sku: str
    description: str
    quantity: str
    lot: str
    serials: Sequence[str]


@dataclass(frozen=True)
class Unit:
    """A parcel or pallet."""

    label: str
    sscc: str
    tracking: str
    rows: Sequence[PackedRow]


@dataclass(frozen=True)
class Sheet:
    """``table`` is the same as rows of text, the first of them the heads of the columns."""

    number: str
    title: str
    facts: Sequence[Term]
    address: Sequence[str]
    units: Sequence[Unit]
    table: Sequence[Sequence[str]]


def packing_sheet(order: Order, shipment: ShipmentDetail) -> Sheet:
    zone = zone_of(order.company.time_zone)
    place = shipment.address or Place.of(order.delivery_address)
    return Sheet(
        number=shipment.number,
        title=delivery_title(shipment),
        facts=[Term(label, value) for label, value in _facts(order, shipment, zone) if value],
        address=address_lines(place) if place else [],
        units=[
            _unit(package, n, shipment.method) for n, package in enumerate(shipment.packages, 1)
        ],
        table=[_heads(), *_table(order, shipment)],
    )


def _facts(
    order: Order, shipment: ShipmentDetail, zone: tzinfo
) -> Iterator[tuple[str, SafeString | str]]:
    yield _("Order number"), order.number
    yield _("Your order number"), order.customer_reference
    yield pgettext("place", "From"), shipment.from_name
    yield _("Carrier"), shipment.carrier
    yield pgettext("delivery", "Sent"), stamp(shipment.shipped_at, zone)
    yield _("Delivered"), stamp(shipment.delivered_at, zone)
    yield _("Parcels"), str(shipment.parcels)


def _unit(package: PackageDetail, position: int, method: str) -> Unit:
    return Unit(
        parcel_label(position, method),
        package.sscc,
        package.tracking_number,
        [_row(line) for line in package.lines],
    )


def _row(line: PackedLine) -> PackedRow:
    return PackedRow(
        line.number,
        line.sku,
        line.description,
        quantity(line.quantity, line.unit),
        line.lot,
        line.serials,
    )


def _heads() -> list[str]:
    return [
        _("Order"),
        _("Delivery"),
        _("Parcel"),
        _("SSCC"),
        _("Tracking number"),
        _("Line"),
        _("Item"),
        _("Description"),
        _("Quantity"),
        _("Unit"),
        _("Lot"),
        _("Serial number"),
    ]


def _table(order: Order, shipment: ShipmentDetail) -> Iterator[list[str]]:
    """A row for each line of a parcel; a line with serial numbers has one for each of them."""
    for position, package in enumerate(shipment.packages, 1):
        told = [order.number, shipment.number, str(position), package.sscc, package.tracking_number]
        for line in package.lines:
            item = [line.number, line.sku, line.description]
            singly = len(line.serials) == line.quantity
            for serial in line.serials or ("",):
                units = Decimal(1) if singly and serial else line.quantity
                numbers = [serial] if singly or not serial else [" ".join(line.serials)]
                cells = [*told, *item, format(units, "f"), line.unit, line.lot, *numbers]
                yield cells
                if not singly:
                    break
