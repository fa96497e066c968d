"""What can come back of these orders, as rows to put a number into: how many, until when, or why
not. Of thousands of items only some stand on a page; what was chosen before always does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC
from decimal import Decimal

from django.utils.translation import gettext as _

from oms_portal.fragments.formats import quantity
from oms_portal.orders.locales import day, isolated, number
from oms_portal.orders.models import Order
from oms_portal.orders.moments import zone_of
from oms_portal.returns.eligible import Returnable

from .looking import Page
from .names import Place, field_of, id_of


# So many items of one order stand on a page; of each, where there are several orders.
SHOWN, FEW = 40, 6
# Why no line of this kind may come back needs no row: nobody looks for it.
ZERO = Decimal(0)


@dataclass(frozen=True)
class Row:
    """One item of one delivery. ``limit`` says how many and until when, ``why`` why none can.
    ``returns`` are the numbers of the returns that some of it is on already."""

    name: str
    id: str
    title: str
    sku: str
    delivery: str
    limit: str
    why: str
    returns: tuple[str, ...]
    typed: str
    error: str


@dataclass(frozen=True)
class Group:
    """An order with the items that are shown; ``more`` counts those that are not."""

    order: Order
    open: list[Row]
    shut: list[Row]
    total: int
    more: int


@dataclass(frozen=True)
class Chosen:
    """What was typed, by place, and what is wrong with it; of an edited return, how many of each
    item it holds itself (``own``)."""

    typed: Mapping[Place, str]
    faults: Mapping[Place, str]
    own: Mapping[Place, Decimal]


def place_of(returnable: Returnable) -> Place:
    return returnable.order.slug, returnable.line.ref, returnable.thread


def left_of(returnable: Returnable, own: Mapping[Place, Decimal]) -> Decimal:
    """How many can come back; with those that the return which is edited holds itself."""
    mine = own.get(place_of(returnable), ZERO)
    return returnable.available + mine if mine or not returnable.why else ZERO


def groups(
    page: Page, offered: Iterable[Returnable], chosen: Chosen, find: str, number_of_page: int
) -> list[Group]:
    """The orders of the page, then those that something was chosen of before."""
    by_order: dict[int, list[Returnable]] = {}
    orders: dict[int, Order] = {order.pk: order for order in page.orders}
    for each in offered:
        by_order.setdefault(each.order.pk, []).append(each)
        orders.setdefault(each.order.pk, each.order)
    shown = {order.pk for order in page.orders}
    made = []
    for pk, order in orders.items():
        rows = by_order.get(pk, [])
        if pk not in shown:
            rows = [row for row in rows if place_of(row) in chosen.typed]
        elif page.one:
            rows = _found(rows, find)
        at, size = (number_of_page, SHOWN) if page.one and pk in shown else (1, FEW)
        made.append(_group(order, rows, chosen, at, size))
    return made


def _group(order: Order, rows: list[Returnable], chosen: Chosen, at: int, size: int) -> Group:
    """``size`` of the rows, the ``at``-th time. Where not all fit, what was chosen comes first and
    what can't come back last."""
    ranked = sorted(rows, key=lambda row: _rank(row, chosen)) if len(rows) > size else rows
    cut = ranked[(at - 1) * size : at * size]
    held = [row for row in ranked if place_of(row) in chosen.typed and row not in cut]
    told = [_row(row, chosen) for row in [*held, *cut]]
    return Group(
        order=order,
        open=[row for row in told if not row.why or row.typed],
        shut=[row for row in told if row.why and not row.typed],
        total=len(rows),
        more=len(rows) - len(told),
    )


def _rank(row: Returnable, chosen: Chosen) -> int:
    if place_of(row) in chosen.typed:
        return 0
    return 1 if left_of(row, chosen.own) > 0 else 2


def _found(rows: list[Returnable], find: str) -> list[Returnable]:
    """The items that the text stands in; all of them where it names the order, not an item."""
    text = find.casefold()
    hits = [row for row in rows if text in _texts(row)] if text else []
    return hits or rows


def _texts(row: Returnable) -> str:
    return "\n".join((row.line.number, row.line.sku, row.line.description)).casefold()


def _row(row: Returnable, chosen: Chosen) -> Row:
    place = place_of(row)
    left = left_of(row, chosen.own)
    return Row(
        name=field_of(place),
        id=id_of(place),
        title=row.line.description or row.line.sku,
        sku=row.line.sku,
        delivery=_delivery(row),
        limit=_limit(row, left) if left > 0 else "",
        why="" if left > 0 else str(row.words),
        returns=row.numbers,
        typed=chosen.typed.get(place, ""),
        error=chosen.faults.get(place, ""),
    )


def _delivery(row: Returnable) -> str:
    """Which delivery it came with, and when."""
    name = {"number": isolated(row.delivery)}
    if row.delivered_at is None:
        return _("Delivery %(number)s") % name if row.delivery else ""
    on = day(row.delivered_at, zone_of(row.order.company.time_zone))
    if not row.delivery:
        return _("delivered on %(day)s") % {"day": on}
    return _("Delivery %(number)s of %(day)s") % {**name, "day": on}


def _limit(row: Returnable, left: Decimal) -> str:
    words = {"quantity": quantity(left, row.unit), "all": number(row.shipped)}
    if row.until:
        words["day"] = day(row.until, UTC)
        if left < row.shipped:
            return _("%(quantity)s of %(all)s can come back until %(day)s.") % words
        return _("%(quantity)s can come back until %(day)s.") % words
    if left < row.shipped:
        return _("%(quantity)s of %(all)s can come back.") % words
    return _("%(quantity)s can come back.") % words


def unshown(made: Iterable[Group], typed: Mapping[Place, str]) -> Iterator[tuple[str, str]]:
    """Fields for what was typed into rows of other pages."""
    shown = {row.name for group in made for row in (*group.open, *group.shut)}
    for place, text in typed.items():
        if field_of(place) not in shown:
            yield field_of(place), text
