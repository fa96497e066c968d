"""Values of an order and of a request beside each other, as a person reads them. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from oms_portal.changes.wording import LABELS, METHODS
from oms_portal.orders.detail import Place
from oms_portal.orders.moments import read

from .formats import quantity, span
from .places import address_lines
from .shown_changes import Wanted


Values = Mapping[str, Any]
# Those that stand beside each other one by one; lines to cancel are told by item.
_MEMBERS = tuple(name for name in LABELS if name != "cancel")
_METHODS = {**METHODS, "pickup": gettext_lazy("You collect it")}
# These lie within an address, or beside it.
_BESIDE = ("contact", "phone", "instructions")
# So many cancelled lines are named.
LINES = 6


@dataclass(frozen=True)
class Item:
    """A line of the order: what it is, and how much of it is still to come."""

    name: str
    unit: str
    units: Decimal


@dataclass(frozen=True)
class Names:
    """What refs stand for: lines of the order, pick-up places (as lines of text), addresses of
    the book (as they are kept)."""

    items: Mapping[str, Item] = field(default_factory=dict)
    places: Mapping[str, Sequence[str]] = field(default_factory=dict)
    book: Mapping[str, Values] = field(default_factory=dict)


def compare(
    now: Values, wanted: Values, offered: Values, names: Names, zone: tzinfo
) -> list[Wanted]:
    """Each thing that is to change, with the order's value, the one asked for, the one offered."""
    told = [_flat(values, names) for values in (now, wanted, offered)]
    rows = list(_rows(told, names, zone))
    return [*rows, *_cancelled(wanted.get("cancel") or (), names)]


def _rows(told: Sequence[Values], names: Names, zone: tzinfo) -> Iterator[Wanted]:
    now, wanted, offered = told
    for member in _MEMBERS:
        if member not in wanted and member not in offered:
            continue
        lines = [_lines(member, values.get(member), names, zone) for values in told]
        if member in _BESIDE and lines[1] == lines[0] and not lines[2]:
            continue
        yield Wanted(str(LABELS[member]), *lines)


def lines_of(values: Values, member: str, names: Names, zone: tzinfo) -> list[str]:
    """One member of what was asked for, as lines."""
    return _lines(member, _flat(values, names).get(member), names, zone)


def _flat(values: Values, names: Names) -> dict[str, Any]:
    """Each thing once: what an address holds beside the place stands beside it."""
    flat = {name: value for name, value in values.items() if name in _MEMBERS and value}
    address = dict(flat.get("address") or names.book.get(values.get("ship_to_ref") or "", {}))
    for name in _BESIDE:
        if own := address.pop(name, ""):
            flat.setdefault(name, own)
    if address:
        flat["address"] = address
    return flat


def _lines(member: str, value: Any, names: Names, zone: tzinfo) -> list[str]:
    if not value:
        return []
    if member == "address":
        place = Place.of(value)
        return address_lines(place) if place else []
    if member == "requested":
        return [_window(value, zone)]
    if member == "method":
        return [str(_METHODS.get(value, value))]
    if member == "pickup_ref":
        return list(names.places.get(value, (str(value),)))
    return [str(value)]


def _window(value: Mapping[str, str], zone: tzinfo) -> str:
    """From when to when; as it was told where it is no date."""
    starts, ends = value.get("from", ""), value.get("to", "")
    try:
        return span(read(starts), read(ends) if ends else None, zone)
    except ValueError:
        return " – ".join(filter(None, (str(starts), str(ends))))


def _cancelled(lines: Sequence[Mapping[str, Any]], names: Names) -> Iterator[Wanted]:
    for line in lines[:LINES]:
        item = names.items.get(str(line.get("line_ref")))
        if item is None:
            continue
        units = _units(line.get("quantity"), item.units)
        cancel = _("Cancel %(quantity)s") % {"quantity": quantity(units, item.unit)}
        yield Wanted(item.name, [quantity(item.units, item.unit)], [cancel])
    if more := len(lines) - LINES if len(lines) > LINES else 0:
        words = ngettext("And %(n)s more item", "And %(n)s more items", more) % {"n": more}
        yield Wanted(words, [], [])


def _units(told: Any, whole: Decimal) -> Decimal:
    try:
        return Decimal(str(told)) if told is not None else whole
    except InvalidOperation:
        return whole
