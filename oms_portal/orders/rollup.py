"""From quantity counters to the words on the order: status, flags and dates. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Any, Protocol

from .models import OrderStatus, ShipmentStatus
from .moments import Moment, end_of
from .promises import Term, due, instant, promised


COUNTERS = (
    "ordered",
    "cancelled",
    "confirmed",
    "backordered",
    "allocated",
    "shipped",
    "delivered",
    "returned",
)
DONE = frozenset({ShipmentStatus.DELIVERED, ShipmentStatus.COLLECTED})
NOT_BEGUN = frozenset({ShipmentStatus.PLANNED, ShipmentStatus.CANCELLED, ShipmentStatus.UNKNOWN})


class Told(Protocol):
    """A line's counters as told, on an order line or in an event."""

    @property
    def ordered(self) -> Decimal: ...
    @property
    def cancelled(self) -> Decimal: ...
    @property
    def confirmed(self) -> Decimal: ...
    @property
    def backordered(self) -> Decimal: ...
    @property
    def allocated(self) -> Decimal: ...
    @property
    def shipped(self) -> Decimal: ...
    @property
    def delivered(self) -> Decimal: ...
    @property
    def returned(self) -> Decimal: ...


@dataclass(frozen=True)
class Counters:
    """A line's counters as shown: they add up, whatever was told.

    ``contradictions`` names what had to be clamped: "negative_shipped", "delivered_over_shipped".
    """

    ordered: Decimal
    cancelled: Decimal
    confirmed: Decimal
    backordered: Decimal
    allocated: Decimal
    shipped: Decimal
    delivered: Decimal
    returned: Decimal
    contradictions: tuple[str, ...] = ()

    @property
    def wanted(self) -> Decimal:
        return self.ordered - self.cancelled

    @property
    def open(self) -> Decimal:
        """Units the customer still waits for."""
        return self.wanted - self.delivered


def counters(told: Told) -> Counters:
    """What was told, clamped to what can be, with the contradictions named."""
    named: list[str] = []
    kept: dict[str, Any] = {}
    for name in COUNTERS:
        value: Decimal = getattr(told, name)
        if value < 0:
            named.append(f"negative_{name}")
        kept[name] = max(value, Decimal(0))

    def cap(name: str, limit: Decimal, of: str) -> None:
        if kept[name] > limit:
            named.append(f"{name}_over_{of}")
            kept[name] = limit

    cap("cancelled", kept["ordered"], "ordered")
    wanted = kept["ordered"] - kept["cancelled"]
    cap("confirmed", kept["ordered"], "ordered")
    cap("shipped", wanted, "wanted")
    cap("delivered", kept["shipped"], "shipped")
    cap("returned", kept["delivered"], "delivered")
    cap("allocated", wanted, "wanted")
    cap("backordered", wanted - kept["shipped"], "unshipped")
    return Counters(**kept, contradictions=tuple(named))


def status_of(
    lines: Sequence[Counters], shipments: Collection[str], *, on_hold: bool, invoiced: bool
) -> OrderStatus:
    """The header's status, from the product lines' counters and the shipments' statuses."""
    counted = [line for line in lines if line.ordered]
    wanted = [line for line in counted if line.wanted]
    if on_hold:
        return OrderStatus.ON_HOLD
    if counted and not wanted:
        return OrderStatus.CANCELLED
    if not any(line.open for line in wanted):
        if invoiced:
            return OrderStatus.CLOSED
        return OrderStatus.DELIVERED if wanted else OrderStatus.RECEIVED
    if any(line.delivered for line in wanted):
        return OrderStatus.PARTIALLY_DELIVERED
    if all(line.shipped == line.wanted for line in wanted):
        return OrderStatus.SHIPPED
    if any(line.shipped for line in wanted):
        return OrderStatus.PARTIALLY_SHIPPED
    return _early_status(wanted, shipments)


def _early_status(wanted: Sequence[Counters], shipments: Collection[str]) -> OrderStatus:
    if any(line.allocated for line in wanted) or set(shipments) - NOT_BEGUN:
        return OrderStatus.PROCESSING
    if any(line.confirmed for line in wanted):
        return OrderStatus.CONFIRMED
    return OrderStatus.RECEIVED


def due_of(lines: Sequence[tuple[Counters, Sequence[Term]]]) -> Moment | None:
    """When the first open units of the product lines are due by their promises."""
    moments = [due(terms, line.delivered) for line, terms in lines if line.open]
    return min((m for m in moments if m is not None), key=instant, default=None)


def promised_of(lines: Sequence[tuple[Counters, Sequence[Term]]]) -> Moment | None:
    """When the last open units of the product lines are promised."""
    terms = [promised(terms) for line, terms in lines if line.open]
    return max((term.last for term in terms if term is not None), key=instant, default=None)


def is_late(due: Moment | None, now: datetime, zone: tzinfo) -> bool:
    """Whether a promise is broken; a date is kept until its day is over at the customer's."""
    return due is not None and now > end_of(due, zone)
