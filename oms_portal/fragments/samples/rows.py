"""An invented customer's orders, one in each interesting state, as a list is asked for them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from oms_portal.orders.filters import DONE, Scope
from oms_portal.orders.models import OrderStatus
from oms_portal.orders.sorting import Sort
from oms_portal.orders.summary import OrderSummary

from ..browsing import Browsing
from ..narrowing import Book
from .detail import SAMPLE, ZONE, summary


_HAMBURG = ("Nordwerk plant 1", "Hamburg")
_BREMEN = ("Nordwerk plant 2", "Bremen")
BOOK = Book({1: ", ".join(_HAMBURG), 2: ", ".join(_BREMEN)}, {})


def sample_rows(browsing: Browsing) -> tuple[OrderSummary, ...]:
    """The orders that the scope and the statuses leave, sorted, as many as are shown at once."""
    filters = browsing.filters
    found = [
        row
        for row in _rows()
        if (not filters.statuses or row.status in filters.statuses) and _within(row, filters.scope)
    ]
    if browsing.sort == Sort.DUE:
        found.sort(key=lambda row: str(row.promise or "~"))
    elif browsing.sort != Sort.NEWEST:
        found.reverse()
    return tuple(found[: browsing.size])


def _within(row: OrderSummary, scope: Scope) -> bool:
    return {
        Scope.ALL: True,
        Scope.OPEN: row.status not in DONE,
        Scope.LATE: row.late,
        Scope.ATTENTION: row.exception or row.status == OrderStatus.ON_HOLD,
        Scope.ARRIVING: row.status == OrderStatus.SHIPPED,
        Scope.DELIVERED: row.status == OrderStatus.DELIVERED,
        Scope.CHANGES: row.change_pending,
        Scope.RETURNS: row.return_open,
    }[scope]


def _rows() -> list[OrderSummary]:
    return [
        summary(),
        _row("SO-48213", OrderStatus.SHIPPED, "PO-4711", "1932.40", date(2026, 11, 24), total=1),
        _row(
            "SO-48190",
            OrderStatus.PROCESSING,
            "",
            "415.00",
            date(2026, 11, 19),
            late=True,
            change=True,
        ),
        _row("SO-48177", OrderStatus.ON_HOLD, "PO-4688", "12860.75", place=_BREMEN),
        _row(
            "SO-48102",
            OrderStatus.DELIVERED,
            "PO-4650",
            "289.90",
            total=2,
            delivered=2,
            returning=True,
        ),
        _row("SO-48066", OrderStatus.CANCELLED, "PO-4634", "76.20", place=_BREMEN),
    ]


def _row(
    number: str,
    status: OrderStatus,
    reference: str,
    gross: str,
    promise: date | None = None,
    *,
    total: int = 0,
    delivered: int = 0,
    late: bool = False,
    change: bool = False,
    returning: bool = False,
    place: tuple[str, str] = _HAMBURG,
) -> OrderSummary:
    return OrderSummary(
        slug=number,
        number=number,
        customer_reference=reference,
        company="Nordwerk GmbH",
        placed_at=datetime(2026, 11, 12, 9, 30, tzinfo=UTC) - timedelta(hours=int(number[-2:])),
        placed_by="Purchasing",
        ship_to_name=place[0],
        ship_to_city=place[1],
        status=status,
        items=3,
        currency="EUR",
        gross=Decimal(gross),
        told_at=SAMPLE,
        promise=promise,
        shipments_total=total,
        shipments_delivered=delivered,
        late=late,
        change_pending=change,
        return_open=returning,
        time_zone=ZONE,
    )
