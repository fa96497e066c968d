"""What there is to read of an order's changes: its standing, its requests, what refs stand for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet, Subquery, prefetch_related_objects

from oms_portal.changes.models import OPEN, PRIVATE, Aspect, ChangeEvent, ChangeRequest, PickupPlace
from oms_portal.changes.queries import requests_of
from oms_portal.changes.standing import Standing, aspects_at, standing_of
from oms_portal.customers.models import Address
from oms_portal.erp.models import Record
from oms_portal.erp.outbox.queries import away
from oms_portal.live import Topic
from oms_portal.orders.announcing import order_topic
from oms_portal.orders.feed import SAME_CHANGE
from oms_portal.orders.filters import DONE
from oms_portal.orders.models import Order, OrderLine

from .changing_values import Item, Names, Values


_ASKED = ("requested", "counter", "approved")


@dataclass(frozen=True)
class Changing:
    """What is known of an order's changes. ``away``: since when its ERP can't be reached."""

    standing: Standing
    requests: tuple[ChangeRequest, ...]
    names: Names = Names()
    away: datetime | None = None

    @property
    def open(self) -> list[ChangeRequest]:
        return [request for request in self.requests if request.is_open]


def changing_of(order: Order, now: datetime) -> Changing:
    """Of an order with its company; eight queries, and three more where refs need a name."""
    return _read(order, requests_of(order, now), now)


def changing_with(request: ChangeRequest, now: datetime) -> Changing:
    """Of a request that was loaded with its order and company, among the others of that order."""
    others = requests_of(request.order, now)
    known = any(other.pk == request.pk for other in others)
    return _read(request.order, others if known else [*others, request], now)


def changing_beside(order: Order, now: datetime, verbs: Collection[str]) -> Changing | None:
    """The same for the page of an order of ``prepared``; None where there is nothing to say, and
    then it costs no query."""
    requests = requests_of(order, now) if getattr(order, "asked", True) else []
    idle = not verbs or order.status in DONE or aspects_told(order) == frozenset()
    return None if idle and not requests else _read(order, requests, now)


def prepared(orders: QuerySet[Order]) -> QuerySet[Order]:
    """These orders with ``told_by``, the slug of the source that told the newest of each, and
    whether anything was ever ``asked`` for."""
    records = Record.objects.filter(kind="order", ref=OuterRef("ref"))
    asked = ChangeRequest.objects.filter(order=OuterRef("pk"), submitted_at__isnull=False)
    told_by = Subquery(records.values("event__source__slug")[:1])
    return orders.annotate(told_by=told_by, asked=Exists(asked))


def aspects_told(order: Order) -> frozenset[Aspect] | None:
    """What the connector takes of an order of ``prepared``; None of others."""
    told_by: str | None = getattr(order, "told_by", None)
    return aspects_at(told_by) if told_by else None


def _read(order: Order, requests: Iterable[ChangeRequest], now: datetime) -> Changing:
    found = tuple(requests)
    prefetch_related_objects([each for each in found if each.on_behalf_of_id], "on_behalf_of")
    names = Names(_items(order, found), _places(found), _book(order, found))
    waiting = [request for request in found if request.is_open]
    standing = standing_of(order, now, aspects=aspects_told(order), waiting=waiting)
    return Changing(standing, found, names, _away(found))


def _away(requests: Iterable[ChangeRequest]) -> datetime | None:
    """Since when the ERP is away that open requests wait for."""
    waiting = [each.command_id for each in requests if each.is_open and each.command_id]
    if not waiting:
        return None
    opened = away().filter(source__commands__in=waiting)
    return opened.values_list("opened_at", flat=True).first()


def _asked(requests: Iterable[ChangeRequest]) -> Iterator[Values]:
    for request in requests:
        yield from (told for name in _ASKED if (told := getattr(request, name)))


def _items(order: Order, requests: Iterable[ChangeRequest]) -> Mapping[str, Item]:
    refs = {line["line_ref"] for told in _asked(requests) for line in told.get("cancel") or ()}
    if not refs:
        return {}
    rows = OrderLine.objects.filter(order=order, ref__in=refs)
    return {
        line.ref: Item(line.description or line.sku, line.unit, line.ordered - line.cancelled)
        for line in rows
    }


def _places(requests: Iterable[ChangeRequest]) -> Mapping[str, Sequence[str]]:
    refs = {ref for told in _asked(requests) if (ref := told.get("pickup_ref"))}
    rows = PickupPlace.objects.filter(ref__in=refs) if refs else ()
    return {place.ref: [place.name, *place.address.splitlines(), place.hours] for place in rows}


def _book(order: Order, requests: Iterable[ChangeRequest]) -> Mapping[str, Values]:
    """The addresses of the book that were asked for by their ref alone."""
    refs = {
        told["ship_to_ref"]
        for told in _asked(requests)
        if told.get("ship_to_ref") and not told.get("address")
    }
    rows = Address.objects.filter(company=order.company_id, ref__in=refs).values() if refs else ()
    return {row["ref"]: row for row in rows}


def open_requests(order_ids: Collection[int]) -> Mapping[int, Sequence[ChangeRequest]]:
    """The open requests of each of these orders, the oldest first; one query."""
    rows = ChangeRequest.objects.filter(order__in=order_ids, state__in=OPEN)
    found: dict[int, list[ChangeRequest]] = {}
    for request in rows.order_by("submitted_at", "pk"):
        found.setdefault(request.order_id, []).append(request)
    return found


def last_move(order: Order) -> ChangeEvent | None:
    """The step of a request that was the last change of this order; None where that was another."""
    moved = Topic.objects.filter(key=order_topic(order.pk)).values("changed_at")[:1]
    steps = ChangeEvent.objects.filter(request__order=order).exclude(state__in=PRIVATE)
    rows = steps.annotate(moved=Subquery(moved)).select_related("request").order_by("-pk")
    step = rows.first()
    together = step and step.moved and abs(step.moved - step.at) < SAME_CHANGE
    return step if together else None
