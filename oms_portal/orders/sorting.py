"""The sorts of the order list: their keys, and where a page of each goes on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.db.models import F, OrderBy, Q, TextChoices
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from .models import Order
from .moments import read, write
from .paging import after, micros_of, moment_at


class Sort(TextChoices):
    """DUE: the orders that are due by their due date, then all others, the newest first."""

    NEWEST = "newest", _("Newest first")
    OLDEST = "oldest", _("Oldest first")
    NUMBER = "number", _("Order number")
    DUE = "due", _("Due soonest")


# Each ends in a key that no two orders share. Of these only ``due`` may be null.
KEYS: dict[Sort, tuple[str, ...]] = {
    Sort.NEWEST: ("-placed_at", "-pk"),
    Sort.OLDEST: ("placed_at", "pk"),
    Sort.NUMBER: ("number", "pk"),
    Sort.DUE: ("due", "-placed_at", "-pk"),
}
Cursor = Mapping[str, Any]
_CURSOR = re.compile(r"([a-z]+)\.([0-9]{1,18})\.(-?[0-9]{1,18})\.([^\0]{0,100})", re.DOTALL)


def sort_of(text: str) -> Sort:
    """The sort of this name; the newest first where there is none."""
    return Sort(text) if text in Sort.values else Sort.NEWEST


def keys_of(sort: Sort, *, few: bool = False) -> list[OrderBy]:
    """The keys as an ORDER BY that puts nulls last on every database.

    ``few``: of rows that are sought out by themselves. No index gives that order, so that none
    tempts the database to walk the whole list instead.
    """
    keys = [_key(key) for key in KEYS[sort]]
    field, first = KEYS[sort][0].lstrip("-"), keys[0]
    if few:
        first.set_source_expressions([Coalesce(F(field), F(field))])
    return keys


def _key(key: str) -> OrderBy:
    if key[0] == "-":
        return F(key[1:]).desc()
    return F(key).asc(nulls_last=key == "due" or None)


def write_cursor(sort: Sort, order: Order) -> str:
    """Where this order stands in a sort: "<sort>.<pk>.<microseconds>.<number or due moment>"."""
    text = order.number if sort == Sort.NUMBER else ""
    if sort == Sort.DUE and order.due:
        text = write(order.due)
    return f"{sort}.{order.pk}.{micros_of(order.placed_at)}.{text}"


def read_cursor(sort: Sort, text: str) -> Cursor | None:
    """A place in this sort, by the fields of its keys; None where the text is none or another's."""
    found = _CURSOR.fullmatch(text)
    if not found or found[1] != sort:
        return None
    try:
        return {
            "pk": int(found[2]),
            "placed_at": moment_at(int(found[3])),
            "number": found[4],
            "due": read(found[4]) if sort == Sort.DUE and found[4] else None,
        }
    except (ValueError, OverflowError):
        return None


def stretches(sort: Sort, cursor: Cursor | None) -> list[Q]:
    """All that follows a cursor, or all there is, as the cuts of ``paging``. Those that are not
    due, in the sort that asks it, are a cut of their own, the last."""
    rest = [Q(due=None)] if sort == Sort.DUE else []
    if cursor is None:
        return [Q(due__isnull=False), *rest] if rest else [Q()]
    is_in_rest = sort == Sort.DUE and cursor["due"] is None
    return [*after(KEYS[sort], cursor), *([] if is_in_rest else rest)]
