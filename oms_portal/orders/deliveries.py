"""From rows to an order's deliveries: the soonest first, those of a page with all that is in them."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from oms_portal.conf import settings

from .asked import Page
from .detail import PackageDetail, PackedLine, Place, ScanDetail, ShipmentDetail
from .line_index import contents
from .models import Order, OrderLine, Package, Scan, Shipment, ShipmentStatus, TrackingStatus
from .moments import Moment
from .promises import instant
from .rollup import DONE
from .tracking.links import tracking_link
from .tracking.parcels import attached, packages_of, scans_of


# What a page tells of one delivery at most: the packing list has it all.
PARCELS, CONTENTS, SCANS, ALL_SCANS = 32, 6, 8, 60
_STOPPED = frozenset({ShipmentStatus.CANCELLED, ShipmentStatus.RETURNED_TO_SENDER})


@dataclass(frozen=True)
class Cut:
    """How much is told of each delivery; None: all of it."""

    parcels: int | None = None
    contents: int | None = None
    scans: int | None = None


@dataclass
class Deliveries:
    """An order's shipments in the order they come, with their packages; ``page`` has the scans."""

    rows: list[Shipment]
    page: Page
    cut: Cut
    scans: Mapping[Hashable, Sequence[Scan]] = field(default_factory=dict)

    @property
    def shown(self) -> Sequence[Shipment]:
        return self.page.of(self.rows)

    def line_refs(self) -> set[str]:
        """The lines that are named on the page."""
        return {
            told["line_ref"]
            for row in self.shown
            for package in row.packages.all()[: self.cut.parcels]
            for told in package.lines[: self.cut.contents]
        }

    def details(self, lines: Mapping[str, OrderLine]) -> tuple[ShipmentDetail, ...]:
        shown = {row.pk for row in self.shown}
        return tuple(self._detail(row, lines, whole=row.pk in shown) for row in self.rows)

    def _detail(
        self, row: Shipment, lines: Mapping[str, OrderLine], *, whole: bool
    ) -> ShipmentDetail:
        packages = list(row.packages.all())
        cut = self.cut if whole else Cut(contents=0, scans=0)
        carrier = carrier_name(row)
        return ShipmentDetail(
            ref=row.ref,
            thread=row.thread,
            number=row.number,
            status=ShipmentStatus(row.status),
            raw_status=row.raw_status,
            method=row.method,
            carrier=carrier,
            service=row.service,
            from_name=row.from_location.get("name", ""),
            planned_on=row.planned_on,
            shipped_at=row.shipped_at,
            eta_from=row.eta_from,
            eta_to=row.eta_to,
            delivered_at=row.delivered_at,
            address=Place.of(row.address),
            freight=row.freight,
            pickup=row.pickup,
            proof_of_delivery=row.proof_of_delivery,
            packages=tuple(
                _package(package, carrier, self.scans.get(package.pk, ()), lines, cut)
                for package in (packages[: cut.parcels] if whole else packages)
            ),
            items=len(contents(packages)),
            parcels=len(packages),
        )


def deliveries_of(order: Order, number: int, size: int) -> Deliveries:
    """All shipments and packages of an order, with the scans of those on a page: five queries."""
    rows = sorted(order.shipments.prefetch_related("packages"), key=_soonest)
    page = Page(number, size, len(rows))
    shown = page.of(rows)
    parcels = max(4, PARCELS // max(1, len(shown)))
    told = sum(min(parcels, len(row.packages.all())) for row in shown)
    cut = Cut(parcels, CONTENTS, max(2, min(SCANS, ALL_SCANS // max(1, told))))
    return Deliveries(rows, page, cut, _scans(shown))


def whole_delivery(order: Order, thread: str) -> Deliveries | None:
    """The shipment of this thread (or ref) alone, with all its packages and no scans."""
    rows = list(order.shipments.filter(thread=thread).prefetch_related("packages"))
    rows = rows or list(order.shipments.filter(ref=thread).prefetch_related("packages"))
    return Deliveries(rows[-1:], Page(1, 1, 1), Cut()) if rows else None


def _scans(rows: Sequence[Shipment]) -> Mapping[Hashable, Sequence[Scan]]:
    numbers = {p.tracking_number for row in rows for p in row.packages.all() if p.tracking_number}
    told = scans_of(numbers)
    return attached(packages_of(numbers), told) if told else {}


def _soonest(row: Shipment) -> tuple[int, float]:
    """What is to come by its date, then what has no date; then what came, the last one first."""
    if row.status in DONE:
        at = row.delivered_at or row.shipped_at
        return 2, -at.timestamp() if at else 0
    if row.status in _STOPPED:
        return 3, row.position
    etas: list[Moment] = [p.tracking_eta for p in row.packages.all() if p.tracking_eta]
    when = max(etas, key=instant) if etas else row.eta_from or row.planned_on
    return (0, instant(when).timestamp()) if when else (1, row.position)


def carrier_name(shipment: Shipment) -> str:
    known = settings().carrier(shipment.carrier_code) if shipment.carrier_code else None
    return shipment.carrier_name or (known.name if known else shipment.carrier_code)


def _package(
    row: Package,
    carrier: str,
    scans: Sequence[Scan],
    lines: Mapping[str, OrderLine],
    cut: Cut,
) -> PackageDetail:
    held = row.lines[: cut.contents]
    return PackageDetail(
        sscc=row.sscc,
        tracking_number=row.tracking_number,
        carrier=carrier,
        link=tracking_link(row.carrier_code, row.tracking_number, row.tracking_url),
        status=TrackingStatus(row.tracking_status) if row.tracking_status else None,
        detail=row.tracking_detail,
        at=row.tracking_at,
        eta=row.tracking_eta,
        lines=tuple(_packed(told, lines.get(told["line_ref"])) for told in held),
        scans=tuple(_scan(scan) for scan in scans[::-1][: cut.scans]),
        more=len(row.lines) - len(held),
    )


def _packed(told: Mapping[str, Any], line: OrderLine | None) -> PackedLine:
    return PackedLine(
        line_ref=told["line_ref"],
        quantity=Decimal(told["quantity"]),
        number=line.number if line else "",
        sku=line.sku if line else "",
        description=line.description if line else "",
        unit=line.unit if line else "",
        lot=told.get("lot", ""),
        serials=tuple(told.get("serials", ())),
    )


def _scan(scan: Scan) -> ScanDetail:
    return ScanDetail(
        status=TrackingStatus(scan.status),
        detail=scan.detail,
        at=scan.occurred_at,
        place=scan.place,
        text=scan.text,
        source=scan.source.name,
        raw_code=scan.raw_code,
    )
