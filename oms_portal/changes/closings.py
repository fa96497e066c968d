"""A cut-off passes by the clock, without any event: whoever has the order open must be told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.utils import timezone

from oms_portal.erp.inbox import writing
from oms_portal.erp.worker import every
from oms_portal.orders.announcing import announce
from oms_portal.orders.models import Order, Shipment, ShipmentStatus
from oms_portal.orders.moments import zone_of
from oms_portal.orders.zones import zone_at

from .cutoffs import Facts, closes_at, deciding
from .models import Aspect, CutoffRule
from .standing import rules_now


# What closed so long ago was told by the worker before, if one was there.
_LOOK_BACK = timedelta(minutes=5)
_AT_ONCE = 200
_HERE = (
    ShipmentStatus.PLANNED,
    ShipmentStatus.RELEASED,
    ShipmentStatus.PICKING,
    ShipmentStatus.PACKED,
)
_told_until: datetime | None = None


@every(30, "cut-offs")
def tell() -> None:
    """Announce the orders of which something closed since this was last called in this process."""
    global _told_until
    now = timezone.now()
    closed = closed_between(_told_until or now - _LOOK_BACK, now)
    for start in range(0, len(closed), _AT_ONCE):
        with writing():
            announce(closed[start : start + _AT_ONCE])
    _told_until = now


def closed_between(since: datetime, until: datetime) -> list[Order]:
    """The orders with a cut-off after ``since`` and not after ``until``; one query, of the
    deliveries that leave soon."""
    rules = rules_now()
    first, last = _window(rules, since, until)
    rows = (
        Shipment.objects.filter(
            status__in=_HERE,
            planned_on__gte=first,
            planned_on__lte=last,
            order__archived_at=None,
            order__due__isnull=False,
        )
        .select_related("order__company")
        .only(
            "status",
            "method",
            "carrier_code",
            "planned_on",
            "address",
            "order__version",
            "order__net",
            "order__delivery_address",
            "order__company__time_zone",
            "order__company__parent",
        )
        .order_by("order_id", "pk")
    )
    found: dict[int, Order] = {}
    for row in rows.iterator():
        ends = (_closes(row, aspect, rules) for aspect in Aspect)
        if any(end and since < end <= until for end in ends):
            found[row.order_id] = row.order
    return list(found.values())


def _window(rules: Iterable[CutoffRule], since: datetime, until: datetime) -> tuple[date, date]:
    """Deliveries planned before or after these days have no cut-off in between, in any zone."""
    ahead = [(rule.hours or 0) / 24 for rule in rules]
    # A working day takes three days at the most, from a Friday to a Monday.
    ahead += [3.0 * (rule.days or 0) for rule in rules]
    last = until + timedelta(days=max(ahead, default=0) + 2)
    return (since - timedelta(days=1)).date(), last.date()


def _closes(row: Shipment, aspect: Aspect, rules: list[CutoffRule]) -> datetime | None:
    order, place = row.order, row.address or row.order.delivery_address
    country = str(place.get("country") or "")
    facts = Facts(
        row.status,
        zone_of(zone_at(country, order.company.time_zone)),
        method=row.method,
        carrier=row.carrier_code,
        country=country,
        net=order.net,
        dispatch=row.planned_on,
    )
    rule = deciding(facts, aspect, rules)
    return closes_at(rule, facts) if rule else None
