"""What an order is at the moment, in the words that a marketer's texts may wait for. Pure."""

from __future__ import annotations

from datetime import datetime, tzinfo

from oms_portal.orders.detail import OrderDetail, ShipmentDetail
from oms_portal.orders.models import OrderStatus, ShipmentStatus, TrackingStatus
from oms_portal.orders.moments import day_of


_OVER = frozenset({OrderStatus.DELIVERED, OrderStatus.CLOSED, OrderStatus.CANCELLED})
_CAME = frozenset({OrderStatus.DELIVERED, OrderStatus.CLOSED})


def states_of(order: OrderDetail, now: datetime, zone: tzinfo) -> list[str]:
    """late, exception, on_hold, backordered, open, under_way, arriving_today, delivered, cancelled,
    change_pending, return_open."""
    summary = order.summary
    moving = [each for each in order.shipments if each.status == ShipmentStatus.DISPATCHED]
    holds = {
        "late": summary.late,
        "exception": summary.exception,
        "on_hold": summary.status == OrderStatus.ON_HOLD,
        "backordered": summary.backordered,
        "open": summary.status not in _OVER,
        "under_way": bool(moving),
        "arriving_today": any(comes_today(each, now, zone) for each in moving),
        "delivered": summary.status in _CAME,
        "cancelled": summary.status == OrderStatus.CANCELLED,
        "change_pending": summary.change_pending,
        "return_open": summary.return_open,
    }
    return [state for state, is_so in holds.items() if is_so]


def comes_today(shipment: ShipmentDetail, now: datetime, zone: tzinfo) -> bool:
    """The carrier has it on the vehicle, or the window in which it is expected holds today."""
    if any(p.status == TrackingStatus.OUT_FOR_DELIVERY for p in shipment.packages):
        return True
    if shipment.expected is None:
        return False
    starts, ends = shipment.expected
    return day_of(starts, zone) <= day_of(now, zone) <= day_of(ends or starts, zone)
