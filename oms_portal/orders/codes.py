"""The codes in an event that are neither ours nor have a word: told to staff, never to customers."""

from __future__ import annotations

from collections.abc import Iterator

from oms_portal.erp import schemas
from oms_portal.words.models import Kind

from .models import OrderStatus
from .snapshots import status_word


# The reasons for another date that have words of ours (``messages``).
REASONS = ("backorder", "on_hold", "carrier", "correction")


def is_code(reason: str) -> bool:
    """Whether a reason is a code ("Z04", "LATE_SUPPLIER") rather than the seller's own words."""
    return bool(reason) and reason.isascii() and not any(map(str.isspace, reason))


def codes_of(order: schemas.Order) -> Iterator[tuple[Kind, str]]:
    """What staff may give words to: the order's code, its deliveries' and its reasons'."""
    if order.raw_status.strip().lower() not in OrderStatus.values:
        yield Kind.ORDER, order.raw_status
    for shipment in order.shipments:
        if status_word(shipment.status).value != shipment.status.strip().lower():
            yield Kind.SHIPMENT, shipment.status
    for line in order.lines:
        for term in line.promises:
            if is_code(term.reason) and term.reason not in REASONS:
                yield Kind.REASON, term.reason
