"""The parcels in question and their scans, looked up for ``attach``: two queries."""

from __future__ import annotations

from collections.abc import Collection, Hashable

from oms_portal.erp.models import Source
from oms_portal.orders.models import Package, Scan, ShipmentStatus

from .attach import Parcel, attach


# What ``attach`` and the standing need; a list of parcels is looked up for every event.
_COLUMNS = (
    "carrier_code",
    "tracking_number",
    "tracking_status",
    "tracking_detail",
    "tracking_at",
    "tracking_eta",
    "tracking_scans",
    "shipment__shipped_at",
    "shipment__status",
    "shipment__order__ref",
    "shipment__order__placed_at",
    "shipment__order__version",
    "shipment__order__exception",
    "shipment__order__ship_to_ref",
    "shipment__order__company__ref",
    "shipment__order__company__parent",
)


def packages_of(numbers: Collection[str], written: Collection[Package] = ()) -> list[Package]:
    """All packages that bear one of these tracking numbers, with shipment, order and company.

    ``written`` are all of an order that is in hand: mostly no other one bears its numbers.
    """
    if not numbers:
        return []
    bearing = Package.objects.filter(tracking_number__in=numbers)
    own = [package for package in written if package.tracking_number in numbers]
    if own and bearing.count() == len(own):
        return [package for package in own if package.shipment.status != ShipmentStatus.CANCELLED]
    return list(
        bearing.exclude(shipment__status=ShipmentStatus.CANCELLED)
        .select_related("shipment__order__company")
        .only(*_COLUMNS)
        .order_by("pk")
    )


def scans_of(numbers: Collection[str]) -> list[Scan]:
    """All scans told of these tracking numbers; ``attached`` gives them their sources."""
    if not numbers:
        return []
    return list(Scan.objects.filter(tracking_number__in=numbers).order_by())


def attached(
    packages: Collection[Package], scans: Collection[Scan], *known: Source
) -> dict[Hashable, list[Scan]]:
    """The scans of each of these packages (by pk), oldest first.

    ``packages`` and ``scans`` must be all that bear their numbers; ``known`` sources are in hand.
    """
    if not packages:
        return {}
    sources = {source.pk: source for source in known}
    sources |= Source.objects.in_bulk({scan.source_id for scan in scans} - sources.keys())
    for scan in scans:
        scan.source = sources[scan.source_id]
    return attach([_parcel(package, sources) for package in packages], scans)


def _parcel(package: Package, sources: dict[int, Source]) -> Parcel:
    order = package.shipment.order
    company = {order.company.ref}
    return Parcel(
        key=package.pk,
        order_ref=order.ref,
        carrier=package.carrier_code,
        number=package.tracking_number,
        started_at=package.shipment.shipped_at or order.placed_at,
        speaks=lambda source_id: sources[source_id].speaks_for(company),
    )
