"""An order as one row of a list, and as the head of its page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from .models import Order, OrderStatus
from .moments import Moment, zone_of
from .rollup import is_late
from .zones import place_zone


# The columns ``summary_of`` reads: lists load nothing else.
COLUMNS = (
    "slug",
    "number",
    "customer_reference",
    "placed_at",
    "placed_by",
    "delivery_address",
    "ship_to_ref",
    "currency",
    "gross",
    "status",
    "raw_status",
    "backordered",
    "exception",
    "correction",
    "due",
    "promised",
    "items",
    "shipments_total",
    "shipments_delivered",
    "arrived_at",
    "told_at",
    "changes_open",
    "returns_open",
    "company__name",
    "company__time_zone",
)


@dataclass(frozen=True)
class OrderSummary:
    """``due`` is when the first open units are due, ``promise`` when the last are; ``items`` counts
    product lines; ``time_zone`` is the place's it goes to ("" the site's)."""

    slug: str
    number: str
    customer_reference: str
    company: str
    placed_at: datetime
    ship_to_name: str
    ship_to_city: str
    status: OrderStatus
    items: int
    currency: str
    gross: Decimal
    told_at: datetime
    due: Moment | None = None
    promise: Moment | None = None
    shipments_total: int = 0
    shipments_delivered: int = 0
    late: bool = False
    backordered: bool = False
    exception: bool = False
    correction: bool = False
    time_zone: str = ""
    raw_status: str = ""
    placed_by: str = ""
    arrived_at: datetime | None = None
    change_pending: bool = False
    return_open: bool = False

    @property
    def flags(self) -> tuple[str, ...]:
        """The names of the flags that are up, the gravest first."""
        names = (
            "exception",
            "late",
            "backordered",
            "change_pending",
            "return_open",
            "correction",
        )
        return tuple(name for name in names if getattr(self, name))


@dataclass(frozen=True)
class OrderPage:
    """A page of orders; ``next`` is the cursor of the page after it, if any."""

    rows: tuple[OrderSummary, ...]
    next: str | None = None


def summary_of(order: Order, now: datetime) -> OrderSummary:
    """The summary of an order that was loaded with its company."""
    place = order.delivery_address
    return OrderSummary(
        slug=order.slug,
        number=order.number,
        customer_reference=order.customer_reference,
        company=order.company.name,
        placed_at=order.placed_at,
        ship_to_name=place.get("name", ""),
        ship_to_city=place.get("city", ""),
        status=OrderStatus(order.status),
        items=order.items,
        currency=order.currency,
        gross=order.gross,
        told_at=order.told_at,
        due=order.due,
        promise=order.promised,
        shipments_total=order.shipments_total,
        shipments_delivered=order.shipments_delivered,
        late=is_late(order.due, now, zone_of(order.company.time_zone)),
        backordered=order.backordered,
        exception=order.exception,
        correction=order.correction,
        time_zone=place_zone(order),
        raw_status=order.raw_status,
        placed_by=order.placed_by,
        arrived_at=order.arrived_at,
        change_pending=order.changes_open > 0,
        return_open=order.returns_open > 0,
    )
