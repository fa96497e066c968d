"""An order's lines in a few columns: which of thousands stand on the page, and what is to come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from .asked import Asked
from .models import Order, OrderLine, Package, Shipment, ShipmentStatus
from .moments import Moment
from .promises import instant
from .rollup import is_late


# So many promised dates are told of what is in no delivery yet.
DATES = 6
_COLUMNS = ("ref", "kind", "is_open", "due", "promised", "unplanned")
_REACHED = ("confirmed", "allocated", "shipped")


@dataclass(frozen=True)
class Row:
    """A line as far as choosing goes."""

    ref: str
    kind: str
    is_open: bool
    due: Moment | None
    promised: Moment | None
    unplanned: Decimal
    confirmed: Decimal = Decimal(0)
    allocated: Decimal = Decimal(0)
    shipped: Decimal = Decimal(0)


@dataclass(frozen=True)
class Spot:
    """A place in the list: a line, and in a grouped list the delivery and what comes with it."""

    ref: str
    shipment_id: int | None = None
    quantity: Decimal | None = None


@dataclass(frozen=True)
class Unplanned:
    """What is promised for one moment and in no delivery: so many lines, by the first."""

    promised: Moment | None
    lines: int
    ref: str
    quantity: Decimal


def index_of(order: Order) -> list[Row]:
    """All lines, one query; what tells how far it came is read of orders on hold only."""
    columns = (*_COLUMNS, *(_REACHED if order.on_hold else ()))
    return [Row(*values) for values in order.lines.values_list(*columns)]


def matching(order: Order, find: str, packages: Iterable[Package]) -> set[str]:
    """The refs of the lines that a piece of text is found in, in their parcels' serials too."""
    text = find.casefold()
    in_parcels = {
        held["line_ref"]
        for package in packages
        for held in package.lines
        if any(text in told.casefold() for told in (*held.get("serials", ()), held.get("lot", "")))
    }
    rows = OrderLine.objects.filter(order=order).annotate(told=Cast("serials", TextField()))
    found = Q(number__iexact=find)
    for column in ("sku", "gtin", "description", "lot", "told"):
        found |= Q(**{f"{column}__icontains": find})
    return in_parcels.union(rows.filter(found).order_by().values_list("ref", flat=True))


def chosen(
    rows: Iterable[Row], asked: Asked, found: set[str] | None, now: datetime, zone: tzinfo
) -> list[Row]:
    return [
        row
        for row in rows
        if (found is None or row.ref in found)
        and (asked.only != "open" or row.is_open)
        and (asked.only != "late" or is_late(row.due, now, zone))
    ]


def grouped(rows: Sequence[Row], shipments: Iterable[Shipment]) -> list[Spot]:
    """The lines under the deliveries they come in, then what is in none, then what needs none."""
    left = {row.ref: row for row in rows}
    spots: list[Spot] = []
    for shipment in shipments:
        if shipment.status in (ShipmentStatus.CANCELLED, ShipmentStatus.RETURNED_TO_SENDER):
            continue
        spots += [
            Spot(ref, shipment.pk, quantity)
            for ref, quantity in contents(shipment.packages.all()).items()
            if ref in left
        ]
    in_one = {spot.ref for spot in spots}
    open_ends = [row for row in rows if row.unplanned > 0]
    spots += [Spot(row.ref, None, row.unplanned) for row in open_ends]
    in_one.update(row.ref for row in open_ends)
    return [*spots, *(Spot(row.ref) for row in rows if row.ref not in in_one)]


def contents(packages: Iterable[Package]) -> dict[str, Decimal]:
    """How much of each line lies in these packages, in the order of the packages."""
    held: dict[str, Decimal] = {}
    for package in packages:
        for told in package.lines:
            ref = told["line_ref"]
            held[ref] = held.get(ref, Decimal(0)) + Decimal(told["quantity"])
    return held


def unplanned(rows: Iterable[Row]) -> list[Unplanned]:
    """What is in no delivery yet by the date it is promised for, the soonest first."""
    by_date: dict[Moment | None, list[Row]] = {}
    for row in rows:
        if row.unplanned > 0:
            by_date.setdefault(row.promised, []).append(row)
    dates: Mapping[Moment | None, list[Row]] = by_date
    soonest = sorted(dates, key=lambda moment: (moment is None, instant(moment) if moment else 0))
    told = [
        Unplanned(moment, len(dates[moment]), dates[moment][0].ref, dates[moment][0].unplanned)
        for moment in soonest
    ]
    if len(told) <= DATES:
        return told
    rest = told[DATES - 1 :]
    last = Unplanned(rest[0].promised, sum(u.lines for u in rest), rest[0].ref, rest[0].quantity)
    return [*told[: DATES - 1], last]


def reached(rows: Iterable[Row]) -> int:
    """How far an order on hold had come: 3 sent, 2 in preparation, 1 confirmed, else 0."""
    held = list(rows)
    for step, name in ((3, "shipped"), (2, "allocated"), (1, "confirmed")):
        if any(getattr(row, name) > 0 for row in held):
            return step
    return 0
