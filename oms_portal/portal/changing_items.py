"""The items of an order that can still be changed: of thousands only some stand on a page."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from oms_portal.changes.models import Aspect
from oms_portal.changes.standing import Standing
from oms_portal.fragments.formats import quantity
from oms_portal.fragments.marking import anchor
from oms_portal.orders import typed
from oms_portal.orders.locales import number
from oms_portal.orders.models import OrderLine


# So many items are offered at once; others are found by a piece of text.
SHOWN = 40


@dataclass(frozen=True)
class Item:
    """A line with what of it can still be changed; ``left`` as typed and in words."""

    ref: str
    id: str
    number: str
    title: str
    sku: str
    left: str
    words: str


@dataclass(frozen=True)
class Items:
    """``more`` counts those that were found and are not shown."""

    rows: tuple[Item, ...] = ()
    total: int = 0
    more: int = 0
    find: str = ""


def left_of(standing: Standing, aspects: Collection[Aspect]) -> dict[str, Decimal]:
    """How much of each line can be changed still, in any of these respects."""
    left: dict[str, Decimal] = {}
    for part in standing.parts:
        if any(aspect in standing.aspects and part.allows(aspect) for aspect in aspects):
            for ref, count in part.lines.items():
                left[ref] = left.get(ref, Decimal(0)) + count
    return {ref: count for ref, count in left.items() if count > 0}


def items_of(
    standing: Standing, left: Mapping[str, Decimal], find: str, kept: Collection[str]
) -> Items:
    """Those that a text is found in, and always those that were chosen before (``kept``)."""
    text = typed.words(find, 100)
    found = [row for row in _found(standing, text) if row[1] in left]
    chosen = [row for row in found if row[1] in kept]
    first = [row for row in found if row[1] not in kept][: max(0, SHOWN - len(chosen))]
    shown = {pk for pk, _ in (*chosen, *first)}
    missing = [ref for ref in kept if ref in left and ref not in {ref for _, ref in chosen}]
    rows = standing.order.lines.filter(Q(pk__in=shown) | Q(ref__in=missing[:SHOWN]))
    return Items(
        rows=tuple(_item(row, left[row.ref]) for row in rows),
        total=len(left),
        more=len(found) - len(shown),
        find=text,
    )


def _found(standing: Standing, text: str) -> list[tuple[int, str]]:
    rows = standing.order.lines.filter(kind=OrderLine.Kind.PRODUCT)
    if text:
        rows = rows.filter(
            Q(number__iexact=text) | Q(sku__icontains=text) | Q(description__icontains=text)
        )
    return list(rows.values_list("pk", "ref"))


def _item(row: OrderLine, left: Decimal) -> Item:
    return Item(
        ref=row.ref,
        id=anchor("oms-item", row.ref),
        number=row.number,
        title=row.description or row.sku,
        sku=row.sku,
        left=number(left),
        words=quantity(left, row.unit),
    )
