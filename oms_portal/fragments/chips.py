"""A word, a shape and a tone for every computed state; colour never says it alone."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from oms_portal.orders.models import OrderStatus, ShipmentStatus, TrackingStatus
from oms_portal.orders.wording import Status, said

from .shown import Chip


_ORDER = {
    OrderStatus.RECEIVED: ("dot", "wait"),
    OrderStatus.CONFIRMED: ("check", "busy"),
    OrderStatus.PROCESSING: ("box", "busy"),
    OrderStatus.PARTIALLY_SHIPPED: ("split", "busy"),
    OrderStatus.SHIPPED: ("arrow", "busy"),
    OrderStatus.PARTIALLY_DELIVERED: ("split", "ok"),
    OrderStatus.DELIVERED: ("check", "ok"),
    OrderStatus.CLOSED: ("check", "ok"),
    OrderStatus.CANCELLED: ("cross", "off"),
    OrderStatus.ON_HOLD: ("pause", "warn"),
}
_SHIPMENT = {
    ShipmentStatus.PLANNED: ("dot", "wait"),
    ShipmentStatus.RELEASED: ("dot", "wait"),
    ShipmentStatus.PICKING: ("box", "busy"),
    ShipmentStatus.PACKED: ("box", "busy"),
    ShipmentStatus.DISPATCHED: ("arrow", "busy"),
    ShipmentStatus.DELIVERED: ("check", "ok"),
    ShipmentStatus.READY_FOR_PICKUP: ("box", "busy"),
    ShipmentStatus.COLLECTED: ("check", "ok"),
    ShipmentStatus.RETURNED_TO_SENDER: ("back", "bad"),
    ShipmentStatus.CANCELLED: ("cross", "off"),
    ShipmentStatus.UNKNOWN: ("dot", "wait"),
}
_TRACKING = {
    TrackingStatus.PENDING: ("dot", "wait"),
    TrackingStatus.PRE_TRANSIT: ("dot", "wait"),
    TrackingStatus.IN_TRANSIT: ("arrow", "busy"),
    TrackingStatus.OUT_FOR_DELIVERY: ("arrow", "busy"),
    TrackingStatus.ATTEMPT_FAILED: ("alert", "warn"),
    TrackingStatus.AVAILABLE_FOR_PICKUP: ("box", "busy"),
    TrackingStatus.EXCEPTION: ("alert", "bad"),
    TrackingStatus.RETURNING: ("back", "bad"),
    TrackingStatus.RETURNED: ("back", "bad"),
    TrackingStatus.DELIVERED: ("check", "ok"),
    TrackingStatus.CANCELLED: ("cross", "off"),
    TrackingStatus.EXPIRED: ("dot", "wait"),
    TrackingStatus.UNKNOWN: ("dot", "wait"),
}
_FLAGS = {
    "exception": (_("Needs attention"), "alert", "bad"),
    "late": (_("Late"), "clock", "bad"),
    "backordered": (_("Waiting for stock"), "clock", "warn"),
    "change_pending": (_("Change pending"), "swap", "busy"),
    "return_open": (_("Return open"), "back", "busy"),
    "correction": (_("Corrected"), "back", "off"),
}


def order_chip(status: OrderStatus, raw: str = "") -> Chip:
    """``raw`` is the ERP's own code: it decides the word where staff gave it one."""
    return _chip(status, raw, *_ORDER[status])


def shipment_chip(status: ShipmentStatus, raw: str = "") -> Chip:
    return _chip(status, raw, *_SHIPMENT[status])


def tracking_chip(status: TrackingStatus, raw: str = "") -> Chip:
    """``raw`` is the carrier's own code, where it is none of ours."""
    return _chip(status, raw, *_TRACKING[status])


def _chip(status: Status, raw: str, shape: str, tone: str) -> Chip:
    word, text = said(status, raw)
    return Chip(word, shape, tone, text)


def flag_chips(flags: tuple[str, ...]) -> list[Chip]:
    return [Chip(str(_FLAGS[flag][0]), *_FLAGS[flag][1:]) for flag in flags if flag in _FLAGS]
