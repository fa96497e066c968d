"""What a person should look at first: the orders of each part of the dashboard, and why."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import OuterRef, Q, Subquery

from oms_portal.customers.access import Actor

from . import days
from .days import Days, Zones, arriving
from .detail import Problem
from .filters import CHANGING, RETURNING, TROUBLED
from .models import Order, Shipment, ShipmentStatus, TrackingStatus
from .moments import write
from .paging import first
from .problems import parcel_problem
from .summary import COLUMNS


# Beyond so many a count says "99+".
MANY = 99


def troubled(actor: Actor) -> list[int]:
    """The orders with a problem on the way or on hold, the newest first; MANY + 1 at most."""
    # A second key would lead SQLite past the index of the few to that of all.
    return _keys(actor, Q(archived_at=None) & TROUBLED, "-placed_at")


def late(actor: Actor, zones: Zones, now: datetime) -> list[int]:
    """The orders whose promise is broken, the one broken last first; MANY + 1 at most."""
    # The bound that holds in all zones is what an index can use.
    bound = Q(due__lt=write(now + timedelta(days=1)))
    return _keys(actor, bound & days.late(zones, now), "-due", "-pk")


def expected(actor: Actor, zones: Zones, now: datetime) -> list[int]:
    """The orders with a delivery that is expected today; MANY + 1 at most."""
    return _keys(actor, arriving(zones, Days(now, 1)), "-arriving", "-pk")


def changing(actor: Actor) -> list[int]:
    """The orders of which a change was asked for and not answered yet; MANY + 1 at most."""
    return _keys(actor, Q(archived_at=None) & CHANGING, "-placed_at")


def returning(actor: Actor) -> list[int]:
    """The orders with an open return, the newest first; MANY + 1 at most."""
    return _keys(actor, Q(archived_at=None) & RETURNING, "-placed_at")


def latest(actor: Actor, count: int) -> list[int]:
    rows = first(actor, Order, Q(archived_at=None), ["-placed_at", "-pk"], count)
    return list(rows.values_list("pk", flat=True))


def orders_of(keys: Iterable[int]) -> dict[int, Order]:
    """These orders with what ``summary_of`` reads, by key; ``last_day`` is when the window ends
    of the delivery that comes next. One query."""
    window = Shipment.objects.filter(
        order=OuterRef("pk"), eta_from=OuterRef("arriving"), eta_to__isnull=False, delivered_at=None
    )
    last_day = Subquery(window.order_by("-eta_to").values("eta_to")[:1])
    rows = Order.objects.filter(pk__in=set(keys)).select_related("company").order_by()
    rows = rows.annotate(last_day=last_day)
    return {order.pk: order for order in rows.only(*COLUMNS, "on_hold", "arriving")}


def problems_of(order_ids: Iterable[int]) -> dict[int, Problem]:
    """What is wrong on the way of each of these orders, the first problem of it; one query."""
    rows = Shipment.objects.filter(order__in=list(order_ids)).order_by("position", "packages__pk")
    columns = ("order_id", "number", "status")
    parcels = ("tracking_status", "tracking_detail", "tracking_number")
    found: dict[int, Problem] = {}
    for order_id, number, status, word, detail, parcel in rows.values_list(
        *columns, *(f"packages__{name}" for name in parcels)
    ):
        reason = parcel_problem(status, word or "", detail or "")
        if status == ShipmentStatus.RETURNED_TO_SENDER:
            reason = TrackingStatus.RETURNED.value
        if reason:
            found.setdefault(order_id, Problem(reason, number, parcel or ""))
    return found


def _keys(actor: Actor, where: Q, *keys: str) -> list[int]:
    """Some orders by their keys alone, so that counting them reads as little as it can."""
    return list(first(actor, Order, where, keys, MANY + 1).values_list("pk", flat=True))
