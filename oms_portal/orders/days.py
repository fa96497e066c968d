"""Which orders a day is about: a day begins where the customer is, so each time zone has its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from django.db.models import Exists, OuterRef, Q

from oms_portal.customers.access import Actor
from oms_portal.customers.models import Company

from .arrivals import NOT_COMING
from .models import Package, Shipment, ShipmentStatus, TrackingStatus
from .moments import day_of, write, zone_of


# Companies by the name of their time zone.
Zones = Mapping[str, list[int]]
# A window of several days is open still when it began so long ago.
_LONGEST_WINDOW = timedelta(days=7)


@dataclass(frozen=True)
class Days:
    """``days`` calendar days from today on, at each customer's own place."""

    now: datetime
    days: int

    def of(self, zone: tzinfo) -> tuple[date, date]:
        today = day_of(self.now, zone)
        return today, today + timedelta(days=self.days - 1)


def zones_of(actor: Actor) -> Zones:
    """The companies this actor sees something of, by the name of their time zone."""
    found: dict[str, list[int]] = {}
    rows = Company.objects.filter(pk__in=actor.company_ids).order_by("time_zone", "pk")
    for name, pk in rows.values_list("time_zone", "pk"):
        found.setdefault(name, []).append(pk)
    return found


def arriving(zones: Zones, days: Days) -> Q:
    """The orders with a delivery under way whose window holds one of these days: the one meaning
    of "arrives today" for the figure, the list and the deliveries."""

    def here(zone: tzinfo) -> Q:
        start, end = days.of(zone)
        earliest = Q(arriving__gte=(start - _LONGEST_WINDOW).isoformat())
        begins_then = _from("arriving", start, zone)
        spanning = Q(_spanning(days, zone))
        return _until("arriving", end, zone) & earliest & (begins_then | spanning)

    return of_zones(zones, here)


def _spanning(days: Days, zone: tzinfo) -> Exists:
    """A delivery whose window began before these days and ends in them or later, by the ERP's
    word: where a carrier tells the day, or has it on the van, that is no window."""
    start, end = days.of(zone)
    told = Q(tracking_eta__isnull=False) | Q(tracking_status=TrackingStatus.OUT_FOR_DELIVERY)
    rows = Shipment.objects.filter(
        Q(status=ShipmentStatus.DISPATCHED) | Q(shipped_at__isnull=False),
        _until("eta_from", end, zone),
        _from("eta_to", start, zone) | (Q(eta_to=None) & _from("eta_from", start, zone)),
        ~Exists(Package.objects.filter(told, shipment=OuterRef("pk"))),
        order=OuterRef("pk"),
        delivered_at=None,
    )
    return Exists(rows.exclude(status__in=NOT_COMING))


def _from(name: str, start: date, zone: tzinfo) -> Q:
    """Dates and instants are kept as text, and sort as such; a date is that day everywhere."""
    midnight = write(datetime.combine(start, time(), zone))
    return Q(**{f"{name}__gte": midnight}) | Q(**{name: start.isoformat()})


def _until(name: str, end: date, zone: tzinfo) -> Q:
    after = end + timedelta(days=1)
    midnight = write(datetime.combine(after, time(), zone))
    # West of Greenwich the day after is, as text, before its own midnight.
    return Q(**{f"{name}__lt": midnight}) & ~Q(**{name: after.isoformat()})


def arrived(zones: Zones, now: datetime) -> Q:
    """The orders of which a delivery came today."""

    def today(zone: tzinfo) -> Q:
        start = datetime.combine(day_of(now, zone), time(), zone)
        return Q(arrived_at__gte=start, arrived_at__lt=start + timedelta(days=1))

    return of_zones(zones, today)


def late(zones: Zones, now: datetime) -> Q:
    """The orders whose promise is broken."""
    return of_zones(zones, lambda zone: late_in(zone, now))


def late_in(zone: tzinfo, now: datetime) -> Q:
    """The same where it is this zone everywhere: a date is kept until its day is over there."""
    today = day_of(now, zone).isoformat()
    return Q(due__length=10, due__lt=today) | Q(due__length__gt=10, due__lt=write(now))


def of_zones(zones: Zones, where: Callable[[tzinfo], Q]) -> Q:
    """The current orders of these companies, ``where`` it says so of their zone."""
    if len(zones) == 1:
        return Q(archived_at=None) & where(zone_of(next(iter(zones))))
    found = Q(pk__in=())
    for name, companies in zones.items():
        found |= Q(company__in=companies) & where(zone_of(name))
    return Q(archived_at=None) & found
