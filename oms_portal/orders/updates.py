"""What moved, as entries of the feed over all orders: computed from an order's facts and scans.

Each entry has a key that is the same however often and in what order events come. An entry that
stays what it was keeps its row, and with it when we first heard of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet, TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .extracts import DeliveryUpdate
from .models import Order, Package, Scan, TrackingStatus
from .moments import read
from .past import OrderFact
from .promises import instant
from .tracking.words import is_problem


class News(TextChoices):
    CONFIRMED = "confirmed", _("Confirmed")
    LATER = "later", _("Later than planned")
    EARLIER = "earlier", _("Earlier than planned")
    DISPATCHED = "dispatched", _("On its way")
    OUT_FOR_DELIVERY = "out_for_delivery", _("Out for delivery")
    ATTEMPT_FAILED = "attempt_failed", _("Delivery attempt failed")
    PROBLEM = "problem", _("Problem")
    READY = "ready", _("Ready for pick-up")
    DELIVERED = "delivered", _("Arrived")
    COLLECTED = "collected", _("Collected")
    RETURNED = "returned", _("Returned to us")
    CANCELLED = "cancelled", _("Cancelled")
    ON_HOLD = "on_hold", _("On hold")
    RELEASED = "released", _("No longer on hold")
    # A return of the customer's moved; its data says how.
    RETURN = "return", pgettext_lazy("noun", "Return")


TROUBLE = frozenset(
    {
        News.LATER,
        News.ATTEMPT_FAILED,
        News.PROBLEM,
        News.RETURNED,
        News.CANCELLED,
        News.ON_HOLD,
    }
)
_OF_FACT = {
    "confirmed": News.CONFIRMED,
    "shipment_dispatched": News.DISPATCHED,
    "quantity_shipped": News.DISPATCHED,
    "shipment_ready": News.READY,
    "shipment_delivered": News.DELIVERED,
    "quantity_delivered": News.DELIVERED,
    "shipment_collected": News.COLLECTED,
    "shipment_returned": News.RETURNED,
    "shipment_cancelled": News.CANCELLED,
    "order_cancelled": News.CANCELLED,
    "cancelled": News.CANCELLED,
    "on_hold": News.ON_HOLD,
    "released": News.RELEASED,
}
_OF_SCAN = {
    TrackingStatus.ATTEMPT_FAILED: News.ATTEMPT_FAILED,
    TrackingStatus.RETURNED: News.RETURNED,
    TrackingStatus.OUT_FOR_DELIVERY: News.OUT_FOR_DELIVERY,
    TrackingStatus.AVAILABLE_FOR_PICKUP: News.READY,
    TrackingStatus.DELIVERED: News.DELIVERED,
}
_FACT, _SCAN, _RETURN = "fact:", "scan:", "return:"
# What the first order of a return says already, for the timelines of its further orders.
FURTHER = "further:"
# An entry names so many lines at most: an order may have thousands.
_NAMED = 4


def tell(order: Order, facts: Iterable[OrderFact]) -> None:
    """Add what these facts, which are new, say."""
    if rows := list(_of_facts(order, facts)):
        DeliveryUpdate.objects.bulk_create(rows)


def retell(order: Order, facts: Iterable[OrderFact]) -> None:
    """Let the feed say of this order what these facts say, which are all there are."""
    stored = DeliveryUpdate.objects.filter(order=order, key__startswith=_FACT)
    _reconcile(list(stored), list(_of_facts(order, facts)))


def move(order: Order) -> None:
    """The order went to another company or place, and all its entries with it; those of returns
    stay where the return is."""
    own = order.updates.exclude(kind=News.RETURN)
    own.update(company=order.company_id, ship_to_ref=order.ship_to_ref)


def tell_return(
    orders: Iterable[Order],
    key: str,
    at: datetime,
    data: dict[str, Any],
    place: Mapping[str, Any],
    *,
    trouble: bool,
) -> None:
    """A return with goods of these orders moved; ``place`` are the columns that say where it is."""
    told = {"kind": News.RETURN.value, "trouble": trouble, "occurred_at": at, "data": data}
    told |= {"noted_at": timezone.now(), **place}
    DeliveryUpdate.objects.bulk_create(
        DeliveryUpdate(order=order, key=f"{FURTHER if n else _RETURN}{key}", **told)
        for n, order in enumerate(orders)
    )


def rescan(
    packages: Collection[Package],
    scans: Mapping[Hashable, Sequence[Scan]],
    told: Collection[Scan],
    orders: Iterable[Order] = (),
) -> None:
    """Let the feed say what the scans of these parcels say, as ``tracking.parcels`` gave them.

    ``told`` are all scans of their numbers; scans never go, so where none of them is news, no
    entry stands. ``orders`` had such a parcel before.
    """
    if not any(_news_of(scan) for scan in told):
        return
    holders = {order.pk: order for order in orders}
    wanted: dict[tuple[int, str], DeliveryUpdate] = {}
    for package in packages:
        order = holders.setdefault(package.shipment.order_id, package.shipment.order)
        for row in _of_scans(order, scans.get(package.pk, ())):
            wanted[order.pk, row.key] = row
    numbers = {scan.tracking_number for scan in told}
    stored = _of_numbers(numbers).filter(order__in=holders)
    _reconcile([row for row in stored if row.data["number"] in numbers], list(wanted.values()))


def _of_numbers(numbers: set[str]) -> QuerySet[DeliveryUpdate]:
    """The entries of one number; of several, all that scans made: they are asked by order."""
    one = f"{next(iter(numbers))}|" if len(numbers) == 1 else ""
    return DeliveryUpdate.objects.filter(Q(key__startswith=f"{_SCAN}{one}"))


def _reconcile(stored: list[DeliveryUpdate], wanted: list[DeliveryUpdate]) -> None:
    standing = {(row.order_id, row.key): _content(row) for row in stored}
    keep = {(row.order_id, row.key): _content(row) for row in wanted}
    if gone := [row.pk for row in stored if keep.get((row.order_id, row.key)) != _content(row)]:
        rows = DeliveryUpdate.objects.filter(pk__in=gone)
        rows._raw_delete(rows.db)
    fresh = [row for row in wanted if standing.get((row.order_id, row.key)) != _content(row)]
    if fresh:
        DeliveryUpdate.objects.bulk_create(fresh)


def _content(row: DeliveryUpdate) -> tuple[object, ...]:
    return (row.kind, row.occurred_at, row.data)


def _of_facts(order: Order, facts: Iterable[OrderFact]) -> Iterable[DeliveryUpdate]:
    for fact in facts:
        kind = _moved(fact.data) if fact.kind == "promise_moved" else _OF_FACT.get(fact.kind)
        if kind is None:
            continue
        rank = hashlib.sha256(fact.rank.encode()).hexdigest()[:32]
        data = {"fact": fact.kind, **_brief(fact.data)}
        yield _row(order, f"{_FACT}{rank}.{fact.position}", kind, fact.occurred_at, data)


def _moved(data: Mapping[str, Any]) -> News:
    later = instant(read(data["to"])) > instant(read(data["from"]))
    return News.LATER if later else News.EARLIER


def _brief(data: Mapping[str, Any]) -> dict[str, Any]:
    """A fact's data without long lists of lines."""
    lines = data.get("lines", [])
    return {**data, "lines": lines if len(lines) <= _NAMED else [], "count": len(lines)}


def _of_scans(order: Order, scans: Iterable[Scan]) -> Iterable[DeliveryUpdate]:
    for scan in scans:
        kind = _news_of(scan)
        if kind is None:
            continue
        key = f"{_SCAN}{scan.tracking_number}|{scan.carrier}|{scan.digest}"
        data = {
            "number": scan.tracking_number,
            "status": scan.status,
            "detail": scan.detail,
            "place": scan.place,
        }
        yield _row(order, key, kind, scan.occurred_at, data)


def _news_of(scan: Scan) -> News | None:
    found = _OF_SCAN.get(TrackingStatus(scan.status))
    if is_problem(scan.status, scan.detail) and found not in (News.ATTEMPT_FAILED, News.RETURNED):
        return News.PROBLEM
    return found


def _row(order: Order, key: str, kind: News, at: Any, data: dict[str, Any]) -> DeliveryUpdate:
    return DeliveryUpdate(
        order=order,
        company_id=order.company_id,
        ship_to_ref=order.ship_to_ref,
        key=key,
        kind=kind.value,
        trouble=kind in TROUBLE,
        occurred_at=at,
        noted_at=timezone.now(),
        data=data,
    )
