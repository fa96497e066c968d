"""The order list as rows of a file: one for each line, the order's own columns before it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oms_portal.customers.access import Actor

from .filters import Filters
from .models import Order, OrderLine
from .moments import Moment, day_of, zone_of
from .queries import page_of
from .rollup import counters
from .sorting import Sort
from .summary import OrderSummary
from .wording import status_word


Cell = str | Decimal | date | None
Row = list[Cell]
# So many lines a file has at most, and so many orders are read at once.
MOST, AT_ONCE = 100_000, 100
_LINE = (
    "number",
    "sku",
    "description",
    "unit",
    "ordered",
    "cancelled",
    "confirmed",
    "backordered",
    "allocated",
    "shipped",
    "delivered",
    "returned",
    "unit_price",
    "amount",
    "lot",
)


def heads() -> list[str]:
    """The names of the columns, in the active language."""
    return [*_order_heads(), *_line_heads()]


def _order_heads() -> list[str]:
    return [
        _("Order"),
        _("Your reference"),
        _("Company"),
        _("Status"),
        _("Placed"),
        _("Placed by"),
        _("Ship to"),
        _("City"),
        _("Promised for"),
        _("Total"),
        _("Currency"),
    ]


def _line_heads() -> list[str]:
    return [
        _("Line"),
        _("Item number"),
        _("Description"),
        _("Unit"),
        _("Ordered"),
        _("Cancelled"),
        _("Confirmed"),
        _("Waiting for stock"),
        _("Shipped"),
        _("Delivered"),
        _("Returned"),
        _("Unit price"),
        _("Amount"),
        _("Lot"),
    ]


def rows(
    actor: Actor, sort: Sort, filters: Filters, now: datetime, *, most: int = MOST
) -> Iterator[Row]:
    """The rows of all orders of the list, in its order; orders without lines have one too.

    Read bit by bit. Past ``most`` rows the last one says in words that there are more.
    """
    count = 0
    for order, lines in _read(actor, sort, filters, now):
        about = _order(order)
        each: Sequence[OrderLine | None] = lines or [None]
        for line in each:
            if count == most:
                yield [_too_many(most)]
                return
            count += 1
            yield [*about, *(_line(line) if line else [])]


def _too_many(most: int) -> str:
    text = ngettext(
        "This file ends after %(n)s line. Narrow the list to get the rest.",
        "This file ends after %(n)s lines. Narrow the list to get the rest.",
        most,
    )
    return text % {"n": most}


def _read(
    actor: Actor, sort: Sort, filters: Filters, now: datetime
) -> Iterator[tuple[OrderSummary, list[OrderLine]]]:
    before: str | None = ""
    while before is not None:
        page = page_of(actor, AT_ONCE, before, sort, filters, now=now)
        before = page.next
        for orders in _portions(page.rows):
            held = _lines([order.slug for order in orders])
            for order in orders:
                yield order, held.get(order.slug, [])


def _portions(orders: tuple[OrderSummary, ...], most: int = 2000) -> Iterator[list[OrderSummary]]:
    """Orders of so many items together that their lines are little to hold."""
    portion: list[OrderSummary] = []
    for order in orders:
        if portion and sum(each.items for each in portion) + order.items > most:
            yield portion
            portion = []
        portion.append(order)
    if portion:
        yield portion


def _lines(slugs: list[str]) -> dict[str, list[OrderLine]]:
    pks = dict(Order.objects.filter(slug__in=slugs).values_list("pk", "slug"))
    found: dict[str, list[OrderLine]] = {}
    lines = OrderLine.objects.filter(order__in=pks).order_by("order", "position")
    for line in lines.only("order_id", *_LINE):
        found.setdefault(pks[line.order_id], []).append(line)
    return found


def _order(order: OrderSummary) -> Row:
    zone = zone_of(order.time_zone)
    promised: Moment | None = order.promise
    return [
        order.number,
        order.customer_reference,
        order.company,
        status_word(order.status, order.raw_status),
        day_of(order.placed_at, zone),
        order.placed_by,
        order.ship_to_name,
        order.ship_to_city,
        day_of(promised, zone) if promised else None,
        order.gross,
        order.currency,
    ]


def _line(line: OrderLine) -> Row:
    told = counters(line)
    counted = line.kind == OrderLine.Kind.PRODUCT
    quantities = (
        told.ordered,
        told.cancelled,
        told.confirmed,
        told.backordered,
        told.shipped,
        told.delivered,
        told.returned,
    )
    return [
        line.number,
        line.sku,
        line.description,
        line.unit if counted else "",
        *(quantities if counted else [None] * len(quantities)),
        line.unit_price,
        line.amount,
        line.lot,
    ]
