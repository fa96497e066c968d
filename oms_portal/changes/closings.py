"""A cut-off passes by the clock, without any event: whoever has the order open must be told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cache

from django.db.models import QuerySet
from django.utils import timezone

from oms_portal import live
from oms_portal.erp.inbox import writing
from oms_portal.erp.worker import every
from oms_portal.orders.announcing import order_topic
from oms_portal.orders.models import HERE, Shipment

from .cutoffs import Facts, closes_at, deciding
from .models import Aspect, CutoffRule
from .standing import facts_of, rules_now


# What closed so long ago was told by the worker before, if one was there.
_LOOK_BACK = timedelta(minutes=5)
_AT_ONCE = 200
_COLUMNS = (
    "status",
    "method",
    "carrier_code",
    "planned_on",
    "address",
    "order__net",
    "order__delivery_address",
    "order__company__time_zone",
)
_told_until: datetime | None = None


@every(30, "cut-offs")
def tell() -> None:
    """Grow the topics of the orders of which something closed since this was last called in this
    process. Lists say nothing of limits, so none is drawn anew."""
    global _told_until
    now = timezone.now()
    closed = closed_between(_told_until or now - _LOOK_BACK, now)
    for start in range(0, len(closed), _AT_ONCE):
        with writing():
            live.changed(*map(order_topic, closed[start : start + _AT_ONCE]))
    _told_until = now


def closed_between(since: datetime, until: datetime) -> list[int]:
    """The keys of the orders with a cut-off after ``since`` and not after ``until``; one query, of
    the deliveries that leave soon."""
    rules = rules_now()

    # Many deliveries are alike in all that rules ask of them.
    @cache
    def closes(facts: Facts) -> bool:
        ends = (_end(facts, aspect, rules) for aspect in Aspect)
        return any(end and since < end <= until for end in ends)

    rows = _leaving(*_window(rules, since, until)).iterator()
    found = (row.order_id for row in rows if closes(facts_of(row.order, row, row.status)))
    return list(dict.fromkeys(found))


def _leaving(first: date, last: date) -> QuerySet[Shipment]:
    rows = Shipment.objects.filter(
        status__in=HERE,
        planned_on__gte=first,
        planned_on__lte=last,
        order__archived_at=None,
        order__due__isnull=False,
    )
    return rows.select_related("order__company").only(*_COLUMNS).order_by("order_id", "pk")


def _window(rules: Iterable[CutoffRule], since: datetime, until: datetime) -> tuple[date, date]:
    """Deliveries planned before or after these days have no cut-off in between, in any zone."""
    ahead = [(rule.hours or 0) / 24 for rule in rules]
    # A working day takes three days at the most, from a Friday to a Monday.
    ahead += [3.0 * (rule.days or 0) for rule in rules]
    last = until + timedelta(days=max(ahead, default=0) + 2)
    return (since - timedelta(days=1)).date(), last.date()


def _end(facts: Facts, aspect: Aspect, rules: Iterable[CutoffRule]) -> datetime | None:
    rule = deciding(facts, aspect, rules)
    return closes_at(rule, facts) if rule else None
