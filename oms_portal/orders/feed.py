"""The feed of what moved across all orders that somebody may see: pages of entries, newest first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet, Subquery, TextChoices
from django.utils.translation import gettext_lazy as _

from oms_portal.customers.access import Actor, visible
from oms_portal.live import Topic

from .announcing import order_topic
from .extracts import DeliveryUpdate
from .models import Order
from .moments import day_of
from .paging import after, first, micros_of, moment_at
from .updates import FURTHER, News


class Kinds(TextChoices):
    """What of the feed somebody wants to read."""

    ALL = "", _("Everything")
    ARRIVALS = "arrivals", _("Arrivals")
    TROUBLE = "trouble", _("Delays and problems")
    DISPATCHED = "dispatched", _("Dispatched")


ARRIVALS = (News.OUT_FOR_DELIVERY, News.READY, News.DELIVERED, News.COLLECTED)
_WHERE = {
    Kinds.ALL: Q(),
    Kinds.ARRIVALS: Q(kind__in=ARRIVALS),
    Kinds.TROUBLE: Q(trouble=True),
    Kinds.DISPATCHED: Q(kind=News.DISPATCHED),
}
# A step of a return of several orders is told once to who does not ask for one of them.
_ONCE = ~Q(key__startswith=FURTHER)
_KEYS = ("-occurred_at", "-pk")
# What is read for an entry: parcels scanned together are one.
_ROWS_PER_ENTRY, _TOGETHER = 4, timedelta(hours=2)
# Orders that bear one number; entries that are looked through for what is new; what lies no
# further apart belongs to one change.
_NAMESAKES, MANY = 20, 100
SAME_CHANGE = timedelta(seconds=2)
_CURSOR = re.compile(r"([0-9]{1,18})\.([0-9]{1,18})")
_COLUMNS = (
    "kind",
    "occurred_at",
    "noted_at",
    "data",
    "order__slug",
    "order__number",
    "order__customer_reference",
    "order__archived_at",
    "company__name",
)


@dataclass(frozen=True)
class Entry:
    """One thing that moved; ``parts`` are the data of the facts and scans that say so, the last
    first. ``noted_at`` is when we heard of the last."""

    kind: News
    at: datetime
    noted_at: datetime
    order: Order
    company: str
    parts: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class FeedPage:
    """``next`` is the cursor of the page after this one, if any."""

    entries: tuple[Entry, ...]
    next: str = ""


def kinds_of(text: str) -> Kinds:
    return Kinds(text) if text in Kinds.values else Kinds.ALL


def read_cursor(text: str) -> Mapping[str, Any] | None:
    found = _CURSOR.fullmatch(text)
    try:
        return {"occurred_at": moment_at(int(found[1])), "pk": int(found[2])} if found else None
    except OverflowError:
        return None


def page_of(
    actor: Actor,
    size: int,
    before: str = "",
    kinds: Kinds = Kinds.ALL,
    order: str = "",
    *,
    zone: tzinfo,
) -> FeedPage:
    """``size`` entries after the cursor; ``order`` is the number of the one it is about.

    One query, which reads as little of a company's 100,000 entries as of 100; one more by order.
    Days are those of ``zone``.
    """
    count = size * _ROWS_PER_ENTRY + 1
    where, place = _WHERE[kinds], read_cursor(before)
    cuts = after(_KEYS, place) if place else [Q()]
    if order:
        rows = visible(actor, DeliveryUpdate).filter(
            where, reduce(or_, cuts), order__in=_named(actor, order)
        )
        rows = rows.order_by(*_KEYS)[:count]
    else:
        rows = first(actor, DeliveryUpdate, where & _ONCE, _KEYS, count, cuts)
    found = list(rows.select_related("order", "company").only(*_COLUMNS))
    return _page(found, size, more=len(found) == count, zone=zone)


def newest(actor: Actor, topic: str) -> Entry | None:
    """What the last change of this list topic brought; None where it brought no news."""
    return _last(first(actor, DeliveryUpdate, _ONCE, _KEYS, MANY // 4), topic)


def newest_of(order: Order) -> Entry | None:
    """What the last change of this order brought; None where it brought no news."""
    rows = _of(order).order_by(*_KEYS)[: MANY // 4]
    return _last(rows, order_topic(order.pk))


def returned(order: Order) -> list[Entry]:
    """What was told of its returns, newest first."""
    rows = _of(order).filter(kind=News.RETURN).order_by(*_KEYS)[:MANY]
    return [_entry([row]) for row in rows.select_related("order", "company").only(*_COLUMNS)]


def _of(order: Order) -> QuerySet[DeliveryUpdate]:
    """What is told at the order's own place: a return stays where it was asked for."""
    here = {"company": order.company_id, "ship_to_ref": order.ship_to_ref}
    return DeliveryUpdate.objects.filter(order=order, **here)


def _last(rows: QuerySet[DeliveryUpdate], topic: str) -> Entry | None:
    moved = Topic.objects.filter(key=topic).values("changed_at")[:1]
    rows = rows.annotate(moved=Subquery(moved))
    found = [
        row
        for row in rows.select_related("order", "company").only(*_COLUMNS)
        if row.moved and abs(row.moved - row.noted_at) < SAME_CHANGE
    ]
    last = max(found, key=lambda row: row.noted_at, default=None)
    if last is None:
        return None
    together = [row for row in found if row.kind == last.kind and _about(row) == _about(last)]
    return _entry([last, *(row for row in together if row is not last)])


def unread(actor: Actor, since: datetime) -> int:
    """How many of the newest MANY came after ``since``."""
    rows = first(actor, DeliveryUpdate, _ONCE, _KEYS, MANY)
    return sum(noted > since for noted in rows.values_list("noted_at", flat=True))


def _named(actor: Actor, number: str) -> list[int]:
    rows = visible(actor, Order).filter(Q(number=number) | Q(slug=number)).order_by("-pk")
    return list(rows.values_list("pk", flat=True)[:_NAMESAKES])


def _page(rows: Sequence[DeliveryUpdate], size: int, *, more: bool, zone: tzinfo) -> FeedPage:
    groups: list[list[DeliveryUpdate]] = []
    read = 0
    for row in rows:
        group = next((each for each in groups if _belong_together(each[0], row, zone)), None)
        if group is not None:
            group.append(row)
        elif len(groups) == size:
            break
        else:
            groups.append([row])
        read += 1
    last = rows[read - 1] if read else None
    rest = more or read < len(rows)
    return FeedPage(
        tuple(_entry(group) for group in groups if not group[0].order.archived_at),
        _write_cursor(last) if last and rest else "",
    )


def _belong_together(one: DeliveryUpdate, other: DeliveryUpdate, zone: tzinfo) -> bool:
    return (
        _about(one) == _about(other)
        and one.kind == other.kind
        and one.occurred_at - other.occurred_at < _TOGETHER
        and day_of(one.occurred_at, zone) == day_of(other.occurred_at, zone)
    )


def _about(row: DeliveryUpdate) -> tuple[object, ...]:
    """A return of several orders is told once."""
    if row.kind == News.RETURN:
        return row.data["return"], row.data["step"]
    return (row.order_id,)


def _entry(group: Sequence[DeliveryUpdate]) -> Entry:
    row = group[0]
    return Entry(
        kind=News(row.kind),
        at=row.occurred_at,
        noted_at=max(each.noted_at for each in group),
        order=row.order,
        company=row.company.name,
        parts=tuple(_once(each.data for each in group)),
    )


def _once(parts: Iterable[Mapping[str, Any]]) -> Iterable[Mapping[str, Any]]:
    """A parcel that was scanned twice is told of once."""
    told: set[str] = set()
    for part in parts:
        number = part.get("number", "")
        if number and number in told:
            continue
        told.add(number)
        yield part


def _write_cursor(row: DeliveryUpdate) -> str:
    return f"{micros_of(row.occurred_at)}.{row.pk}"
