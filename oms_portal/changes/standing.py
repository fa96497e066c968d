"""What of an order can be changed now, until when, and why not: for each delivery by itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cache
from hashlib import sha256
from itertools import groupby
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import F

from oms_portal.erp.connectors.registry import capabilities_of
from oms_portal.erp.outbox.queries import source_of
from oms_portal.orders.filters import DONE
from oms_portal.orders.models import HERE, Order, Shipment, ShipmentStatus, TrackingStatus
from oms_portal.orders.moments import Moment, write, zone_of
from oms_portal.orders.zones import place_zone, zone_at

from .cutoffs import NONE, PAST, Facts, built_in, limits
from .cutoffs import Limit as Limit
from .models import OPEN, Aspect, ChangeRequest, CutoffRule


# What a connector must be able to do for an aspect to be offered.
CAPABILITIES: Mapping[Aspect, str] = {
    Aspect.ADDRESS: "push.address",
    Aspect.CONTACT: "push.address",
    Aspect.INSTRUCTIONS: "push.address",
    Aspect.DATE: "push.date",
    Aspect.METHOD: "push.method",
    Aspect.CANCEL: "push.cancel",
}
# A carrier that scanned a parcel has it, whatever the ERP says of the delivery.
_AT_US = ("", TrackingStatus.PENDING, TrackingStatus.PRE_TRANSIT, TrackingStatus.UNKNOWN)
_COLUMNS = (
    "order_id",
    "ref",
    "thread",
    "number",
    "status",
    "method",
    "carrier_code",
    "carrier_name",
    "planned_on",
    "shipped_at",
    "address",
)
_PLACE = ("name", "city", "region", "postal_code", "country", "contact", "phone", "instructions")


@dataclass(frozen=True)
class Part:
    """A delivery, or, with ``thread`` "", the units that lie in none yet. ``lines`` maps line refs
    to quantities; ``values`` are the ERP's: address, contact, phone, instructions, requested,
    method. ``dispatch`` is when it is planned to leave, ``zone`` the name of the place's zone, by
    whose clock its limits are."""

    thread: str
    number: str
    status: str
    method: str
    lines: Mapping[str, Decimal]
    limits: Mapping[Aspect, Limit]
    ref: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    carrier: str = ""
    dispatch: Moment | None = None
    zone: str = ""

    def allows(self, aspect: Aspect) -> bool:
        return aspect in self.limits and self.limits[aspect].open


@dataclass(frozen=True)
class Standing:
    """``aspects`` are those that the ERP's connector takes at all. ``values`` are the order's own,
    shaped as ``ChangeRequest.requested``. ``open`` are its open requests, the oldest first.
    ``basis`` is a digest of all that a form shows of this: other basis, other form (412)."""

    order: Order
    now: datetime
    zone: str
    aspects: frozenset[Aspect]
    parts: tuple[Part, ...]
    values: Mapping[str, Any]
    open: tuple[ChangeRequest, ...]
    basis: str

    def changeable(self, aspect: Aspect) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if aspect in self.aspects and part.allows(aspect))


def standing_of(
    order: Order,
    now: datetime,
    rules: Sequence[CutoffRule] | None = None,
    *,
    aspects: frozenset[Aspect] | None = None,
    waiting: Sequence[ChangeRequest] | None = None,
) -> Standing:
    """How an order stands, in five queries where its company is loaded. With ``rules`` as if those
    were the rules: for trying them out. ``aspects`` and the open requests, ``waiting``, where the
    caller has read them."""
    asked = rules_now() if rules is None else rules
    parts = tuple(_parts(order, asked, now))
    values = values_of(order, parts)
    able = aspects_of(order) if aspects is None else aspects
    rows = order.change_requests.filter(state__in=OPEN).order_by("submitted_at", "pk")
    requests = tuple(rows if waiting is None else waiting)
    basis = basis_of(values, parts, able, requests)
    return Standing(order, now, place_zone(order), able, parts, values, requests, basis)


def rules_now() -> list[CutoffRule]:
    """Staff's rules in their order, the built-in ones while the table is empty."""
    return list(CutoffRule.objects.all()) or built_in()


def aspects_of(order: Order) -> frozenset[Aspect]:
    """What the connector of the order's source takes; nothing where it has none."""
    source = source_of("order", order.ref)
    return aspects_at(source.slug) if source else frozenset()


def aspects_at(slug: str) -> frozenset[Aspect]:
    """What the connector of this source takes."""
    able = capabilities_of(slug)
    return frozenset(aspect for aspect, needed in CAPABILITIES.items() if needed in able)


def values_of(order: Order, parts: Iterable[Part]) -> dict[str, Any]:
    """The ERP's values of the whole order; the method only where all of its parts share one."""
    methods = {part.method for part in parts if part.thread}
    return {
        "ship_to_ref": order.ship_to_ref,
        **_place_values(order.delivery_address),
        **_wanted(order),
        "method": methods.pop() if len(methods) == 1 else "",
    }


def basis_of(
    values: Mapping[str, Any],
    parts: Iterable[Part],
    aspects: Iterable[Aspect],
    waiting: Iterable[ChangeRequest],
) -> str:
    """SHA-256 of what a form shows. Time alone changes nothing: an hour that passed is no other
    form, it is refused as too late."""
    told = {
        "values": values,
        "aspects": sorted(aspects),
        "parts": [
            [part.thread, part.number, part.lines, part.values, sorted(_offers(part))]
            for part in parts
        ],
        "open": [[request.key, request.state, request.version] for request in waiting],
    }
    text = json.dumps(told, cls=DjangoJSONEncoder, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def _offers(part: Part) -> Iterator[tuple[str, ...]]:
    for aspect, limit in part.limits.items():
        if limit.open or limit.reason == PAST:
            until = limit.until.isoformat() if limit.until else ""
            yield aspect.value, until, str(limit.fee), limit.fee_currency, str(limit.later)


def _parts(order: Order, rules: Sequence[CutoffRule], now: datetime) -> Iterator[Part]:
    over = _over(order)

    # Hundreds of deliveries are alike in all that rules ask of them.
    @cache
    def judged(facts: Facts) -> Mapping[Aspect, Limit]:
        if over:
            return {aspect: Limit(open=False, reason=over) for aspect in Aspect}
        return limits(facts, rules, now)

    for row, lines, scanned in _deliveries(order):
        yield _delivery(order, row, lines, scanned, judged)
    if loose := dict(order.lines.filter(unplanned__gt=0).values_list("ref", "unplanned")):
        values = {**_place_values(order.delivery_address), **_wanted(order), "method": ""}
        zone = _zone(order, order.delivery_address)
        facts = facts_of(order, None, NONE)
        yield Part("", "", NONE, "", loose, judged(facts), values=values, zone=zone)


def _delivery(
    order: Order,
    row: Shipment,
    lines: Mapping[str, Decimal],
    scanned: Collection[str],
    judged: Callable[[Facts], Mapping[Aspect, Limit]],
) -> Part:
    place = row.address or order.delivery_address
    status = _status(row, scanned)
    return Part(
        thread=row.thread,
        number=row.number,
        status=status,
        method=row.method,
        lines=lines,
        limits=judged(facts_of(order, row, status)),
        ref=row.ref,
        values={**_place_values(place), **_wanted(order), "method": row.method},
        carrier=row.carrier_name or row.carrier_code,
        dispatch=row.planned_on,
        zone=_zone(order, place),
    )


def facts_of(order: Order, row: Shipment | None, status: str) -> Facts:
    """What rules ask of a delivery of the order, or of what lies in none."""
    place = (row.address if row else None) or order.delivery_address
    zone, country = zone_of(_zone(order, place)), str(place.get("country") or "")
    if row is None:
        return Facts(status, zone, country=country, net=order.net)
    return Facts(
        status, zone, row.method, row.carrier_code, country, order.net, dispatch=row.planned_on
    )


def _deliveries(order: Order) -> Iterator[tuple[Shipment, dict[str, Decimal], set[str]]]:
    """Each shipment that was not cancelled, with the units in it and the words of its scans: one
    query, whose rows are shipments times packages."""
    rows = (
        order.shipments.exclude(status=ShipmentStatus.CANCELLED)
        .only(*_COLUMNS)
        .annotate(held=F("packages__lines"), word=F("packages__tracking_status"))
        .order_by("position", "packages__position")
    )
    for _pk, found in groupby(rows, key=lambda row: row.pk):
        packages = list(found)
        lines: dict[str, Decimal] = {}
        for package in packages:
            for told in package.held or ():
                ref = told["line_ref"]
                lines[ref] = lines.get(ref, Decimal(0)) + Decimal(told["quantity"])
        yield packages[0], lines, {package.word or "" for package in packages}


def _status(row: Shipment, scanned: Collection[str]) -> str:
    """The shipment's state; what left, or what its carrier has, has left."""
    gone = row.shipped_at is not None or any(word not in _AT_US for word in scanned)
    return ShipmentStatus.DISPATCHED.value if gone and row.status in HERE else row.status


def _over(order: Order) -> str:
    """An order on hold is not: its goods stand still, which is when to change them."""
    if order.archived_at:
        return "order_archived"
    return f"order_{order.status}" if order.status in DONE else ""


def _zone(order: Order, place: Mapping[str, Any]) -> str:
    return zone_at(str(place.get("country") or ""), order.company.time_zone)


def _place_values(place: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: place.get(name) or "" for name in _PLACE}
    own = {name: told[name] for name in ("contact", "phone", "instructions")}
    return {"address": {**told, "lines": place.get("lines") or []}, **own}


def _wanted(order: Order) -> dict[str, Any]:
    """What the customer asked for: {"requested": {"from", "to"?}}, empty where nothing."""
    ends = {"from": order.requested_from, "to": order.requested_to}
    return {"requested": {name: write(moment) for name, moment in ends.items() if moment}}
