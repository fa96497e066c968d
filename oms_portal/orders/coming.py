"""The deliveries of some days: those that are expected, and those that came."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from django.db.models import Q
from django.utils import timezone

from oms_portal.customers.access import Actor

from .arrivals import Leg, Parcel, Window, came, expected, is_out
from .days import Days, arrived, arriving, zones_of
from .deliveries import carrier_name
from .models import Order, Package, Shipment, TrackingStatus
from .moments import Moment, day_of, zone_of
from .paging import first
from .problems import parcel_problem
from .promises import instant
from .tracking.parcels import attached, packages_of, scans_of
from .zones import place_zone


# So many orders are looked at for one list.
MOST = 60
_COLUMNS = (
    "slug",
    "number",
    "customer_reference",
    "delivery_address",
    "company__name",
    "company__time_zone",
)


@dataclass(frozen=True)
class Delivery:
    """A delivery on its last miles. ``window`` where it is expected, ``came`` where it arrived;
    ``out`` and ``problem`` tell of its parcels; ``seen`` is where one was scanned last."""

    order: Order
    number: str
    carrier: str
    place: str
    parcels: int
    zone: tzinfo
    window: Window | None = None
    out: bool = False
    problem: str = ""
    seen: tuple[str, datetime] | None = None
    came: datetime | None = None
    signed_by: str = ""

    @property
    def day(self) -> date:
        """The day it came, or is expected first."""
        moment: Moment | None = self.came or (self.window.starts if self.window else None)
        return day_of(moment or timezone.now(), self.zone)


def coming(actor: Actor, days: Days) -> tuple[list[Delivery], list[Delivery]]:
    """The deliveries expected on these days, what is on the van first; and those of today that
    are here, the last first. Nine queries at most."""
    zones = zones_of(actor)
    soon = _orders(actor, arriving(zones, days), "-arriving")
    here = _orders(actor, arrived(zones, days.now), "-arrived_at")
    shipments = _shipments({order.pk: order for order in [*soon, *here]})
    expected_ones = [row for row in shipments if _is_due(row, days)]
    seen = _seen(expected_ones)
    return (
        sorted((_delivery(row, seen) for row in expected_ones), key=_soonest),
        sorted(
            (_delivery(row, {}) for row in shipments if _came_today(row, days)),
            key=lambda delivery: delivery.came or days.now,
            reverse=True,
        ),
    )


def next_day(actor: Actor, days: Days) -> date | None:
    """When the next delivery after these days is expected; one query."""
    after = days.of(zone_of(""))[1] + timedelta(days=1)
    row = first(actor, Order, Q(archived_at=None, arriving__gte=after.isoformat()), ["arriving"], 1)
    found = next(iter(row.values_list("arriving", "company__time_zone")), None)
    return day_of(found[0], zone_of(found[1])) if found and found[0] else None


def _orders(actor: Actor, where: Q, key: str) -> list[Order]:
    rows = first(actor, Order, where, [key], MOST).select_related("company")
    return list(rows.only(*_COLUMNS))


def _shipments(orders: dict[int, Order]) -> list[Shipment]:
    rows = Shipment.objects.filter(order__in=orders).prefetch_related("packages").order_by("pk")
    found = list(rows)
    for row in found:
        row.order = orders[row.order_id]
    return found


def _leg(row: Shipment) -> Leg:
    parcels = [
        Parcel(each.tracking_status, each.tracking_at, each.tracking_eta)
        for each in row.packages.all()
    ]
    return Leg(row.status, row.shipped_at, row.eta_from, row.eta_to, row.delivered_at, parcels)


def _is_due(row: Shipment, days: Days) -> bool:
    window = expected(_leg(row))
    if window is None:
        return False
    zone = zone_of(place_zone(row.order))
    start, end = days.of(zone)
    last = day_of(window.ends or window.starts, zone)
    return day_of(window.starts, zone) <= end and last >= start


def _came_today(row: Shipment, days: Days) -> bool:
    zone = zone_of(place_zone(row.order))
    at = came(_leg(row))
    return at is not None and day_of(at, zone) == day_of(days.now, zone)


def _soonest(delivery: Delivery) -> tuple[bool, datetime, str]:
    window = delivery.window
    return (not delivery.out, instant(window.starts) if window else timezone.now(), delivery.number)


def _delivery(row: Shipment, seen: Mapping[int, tuple[str, datetime]]) -> Delivery:
    leg, packages = _leg(row), list(row.packages.all())
    problems = (
        parcel_problem(row.status, each.tracking_status, each.tracking_detail) for each in packages
    )
    proof = row.proof_of_delivery or {}
    return Delivery(
        order=row.order,
        number=row.number,
        carrier=carrier_name(row),
        place=_place(row.address or row.order.delivery_address),
        parcels=len(packages),
        zone=zone_of(place_zone(row.order)),
        window=expected(leg),
        out=is_out(leg),
        problem=next((problem for problem in problems if problem), ""),
        seen=seen.get(row.pk),
        came=came(leg),
        signed_by=proof.get("signed_by", ""),
    )


def _place(address: Mapping[str, Any]) -> str:
    parts = [address.get("name", ""), address.get("city", "")]
    return ", ".join(part for part in parts if part)


def _seen(shipments: Iterable[Shipment]) -> dict[int, tuple[str, datetime]]:
    """Where a parcel of each was scanned last, by shipment."""
    numbers = {
        package.tracking_number
        for row in shipments
        for package in row.packages.all()
        if package.tracking_number and package.tracking_status != TrackingStatus.DELIVERED
    }
    told = scans_of(numbers)
    packages: list[Package] = packages_of(numbers) if told else []
    scans = attached(packages, told)
    found: dict[int, tuple[str, datetime]] = {}
    for package in packages:
        for scan in scans[package.pk]:
            known = found.get(package.shipment_id)
            if scan.place and (known is None or known[1] <= scan.occurred_at):
                found[package.shipment_id] = (scan.place, scan.occurred_at)
    return found
