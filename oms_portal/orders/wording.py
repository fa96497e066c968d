"""The words of orders, deliveries and parcels: those that staff gave, else ours."""

from __future__ import annotations

from oms_portal.words.models import Kind
from oms_portal.words.queries import entry

from .models import OrderStatus, ShipmentStatus, TrackingStatus


Status = OrderStatus | ShipmentStatus | TrackingStatus
_KINDS: dict[type[Status], Kind] = {
    OrderStatus: Kind.ORDER,
    ShipmentStatus: Kind.SHIPMENT,
    TrackingStatus: Kind.TRACKING,
}
# An enum lists its values anew each time it is asked.
_OURS = {kind: frozenset(kind.values) for kind in _KINDS}


def status_word(status: Status, raw: str = "") -> str:
    """``raw`` is the code as the ERP or the carrier sent it."""
    return said(status, raw)[0]


def said(status: Status, raw: str = "") -> tuple[str, str]:
    """The word, and what staff explain of it ("" for nothing)."""
    kind = type(status)
    # Of a word of ours the computed status knows better than the header the ERP sent.
    own = "" if raw.strip().lower() in _OURS[kind] else raw
    found = entry(_KINDS[kind], status, raw=own)
    return (found.word, found.text) if found else (str(status.label), "")
