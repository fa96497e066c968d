"""What is in each parcel of one delivery, to the last serial number."""

from __future__ import annotations

from .deliveries import whole_delivery
from .detail import ShipmentDetail
from .models import Order


def packing_of(order: Order, thread: str) -> ShipmentDetail | None:
    """The delivery of this thread (or ref) with all that is packed; None where there is none.
    Three queries, and one for every 400 lines."""
    if "\0" in thread:
        return None
    delivery = whole_delivery(order, thread)
    if delivery is None:
        return None
    refs = sorted(delivery.line_refs())
    lines = {
        line.ref: line
        for start in range(0, len(refs), 400)
        for line in order.lines.filter(ref__in=refs[start : start + 400]).order_by()
    }
    return delivery.details(lines)[0]
