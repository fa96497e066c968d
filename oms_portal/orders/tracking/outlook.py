"""What the scans of an order's parcels mean for its row: a problem, the next arrival, the last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from oms_portal.orders.arrivals import CLOSED, Leg, Parcel, arrived_of, arriving_of
from oms_portal.orders.models import Order, Package, Shipment, ShipmentStatus, TrackingStatus
from oms_portal.orders.problems import parcel_problem

from .attach import Standing


# The words of a carrier that may say when something comes or came.
_TELLING = CLOSED | {TrackingStatus.OUT_FOR_DELIVERY}
_COLUMNS = (
    "order_id",
    "pk",
    "status",
    "shipped_at",
    "eta_from",
    "eta_to",
    "delivered_at",
    "packages__tracking_status",
    "packages__tracking_detail",
    "packages__tracking_at",
    "packages__tracking_eta",
)


def is_doubtful(package: Package, before: Standing) -> bool:
    """Whether the row of its order may have to change; a parcel just moving on moves nothing."""
    if package.shipment.order.exception or parcel_problem(
        package.shipment.status, package.tracking_status, package.tracking_detail
    ):
        return True
    words = {before.status, package.tracking_status}
    return bool(before.eta or package.tracking_eta or words & _TELLING)


def review(order_ids: Sequence[int]) -> None:
    """Compute these orders' columns anew from all their deliveries and parcels."""
    orders = Order.objects.select_for_update().filter(pk__in=order_ids).order_by("pk")
    stored = list(orders.only("exception", "arriving", "arrived_at"))
    rows: dict[int, list[tuple[Any, ...]]] = {order.pk: [] for order in stored}
    shipments = Shipment.objects.filter(order__in=order_ids).order_by()
    for order_id, *row in shipments.values_list(*_COLUMNS):
        rows[order_id].append(tuple(row))
    for order in stored:
        values = _columns(rows[order.pk])
        changed = {name: value for name, value in values.items() if getattr(order, name) != value}
        if changed:
            Order.objects.filter(pk=order.pk).update(**changed)


def _columns(rows: Iterable[tuple[Any, ...]]) -> dict[str, Any]:
    legs: dict[int, Leg] = {}
    exception = False
    for pk, status, shipped_at, eta_from, eta_to, delivered_at, word, detail, at, eta in rows:
        leg = legs.setdefault(pk, Leg(status, shipped_at, eta_from, eta_to, delivered_at, []))
        # No package at all: a row of nulls.
        if word is not None:
            legs[pk] = leg._replace(parcels=[*leg.parcels, Parcel(word, at, eta)])
        exception |= status == ShipmentStatus.RETURNED_TO_SENDER
        exception |= bool(parcel_problem(status, word or "", detail or ""))
    return {
        "exception": exception,
        "arriving": arriving_of(legs.values()),
        "arrived_at": arrived_of(legs.values()),
    }
