"""At midnight "today" becomes another day, without any event: whoever looks at it must be told."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from oms_portal import live
from oms_portal.customers.lineage import list_topics_at
from oms_portal.customers.models import Company
from oms_portal.erp.inbox import writing
from oms_portal.erp.worker import every

from .extracts import DeliveryUpdate
from .models import Order
from .moments import day_of, zone_of


# What was missed so long was told by the worker before, if one was there.
_LOOK_BACK = timedelta(minutes=10)
# What happened before that stands under a date, not under "yesterday".
_RECENT = timedelta(days=3)
_SOON = timedelta(days=9)
_AT_ONCE = 200
_told_until: datetime | None = None


@every(30, "today")
def tell() -> None:
    """Announce the lists of companies where a new day began since this was last called in this
    process, if they show anything that hangs on the day."""
    global _told_until
    now = timezone.now()
    companies = began(_told_until or now - _LOOK_BACK, now)
    for start in range(0, len(companies), _AT_ONCE):
        some = companies[start : start + _AT_ONCE]
        with writing():
            live.changed(*set().union(*map(list_topics_at, some)))
    _told_until = now


def began(since: datetime, until: datetime) -> list[Company]:
    """The companies where it is another day at ``until`` than at ``since``, and where something
    moved lately or comes soon."""
    names = Company.objects.order_by().values_list("time_zone", flat=True).distinct()
    zones = [name for name in names if day_of(since, zone_of(name)) != day_of(until, zone_of(name))]
    if not zones:
        return []
    here = Q(company=OuterRef("pk"))
    soon = Order.objects.filter(
        here,
        archived_at=None,
        arriving__gte=(until - _RECENT).date(),
        arriving__lte=(until + _SOON).date(),
    )
    lately = DeliveryUpdate.objects.filter(here, occurred_at__gte=until - _RECENT)
    rows = Company.objects.filter(Exists(soon) | Exists(lately), time_zone__in=zones)
    return list(rows.only("pk", "parent").order_by("pk"))
