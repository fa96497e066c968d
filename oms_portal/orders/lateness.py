"""An order turns late by the clock, without any event: whoever has it open must be told."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from oms_portal.customers.models import Company
from oms_portal.erp.inbox import writing
from oms_portal.erp.worker import every

from .announcing import announce
from .days import late_in
from .models import Order
from .moments import end_of, zone_of


# What broke its promise so long ago was told by the worker before, if one was there.
_LOOK_BACK = timedelta(minutes=10)
_told_until: datetime | None = None


@every(30, "lateness")
def tell() -> None:
    """Announce the orders that turned late since this was last called in this process."""
    global _told_until
    now = timezone.now()
    late = turned_late(_told_until or now - _LOOK_BACK, now)
    if late:
        with writing():
            announce(late)
    _told_until = now


def late_at(now: datetime) -> Q:
    """The orders that are late, whoever's."""
    found = Q(pk__in=())
    zones = Company.objects.order_by("time_zone").values_list("time_zone", flat=True).distinct()
    for name in zones:
        found |= Q(company__time_zone=name) & late_in(zone_of(name), now)
    return found


def turned_late(since: datetime, until: datetime) -> list[Order]:
    """The orders whose promise ran out after ``since`` and not after ``until``.

    Dates end at the customer's midnight, so a day around is looked at; moments sort as text.
    """
    first, last = since - timedelta(days=2), until + timedelta(days=1)
    rows = (
        Order.objects.filter(due__gte=first.date(), due__lte=last, archived_at=None)
        .select_related("company")
        .only("due", "version", "company__time_zone")
        .order_by("pk")
    )
    return [
        order
        for order in rows.iterator()
        if since < end_of(order.due, zone_of(order.company.time_zone)) <= until
    ]
