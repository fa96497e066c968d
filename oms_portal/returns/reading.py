"""From what somebody chose and typed to what a draft keeps: only known members, cleaned, theirs.

Nothing is believed because a form of ours would have sent it. Quantities are read later, under the
orders' rows (``drafting``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from oms_portal.changes.addresses import clean_line, clean_text, place_of
from oms_portal.customers.access import Actor, can, visible
from oms_portal.customers.models import Address
from oms_portal.erp.connectors.registry import capabilities_of
from oms_portal.erp.models import Record, Source
from oms_portal.orders.models import Order

from . import pickups
from .calling import phone_digits
from .eligible import CAPABILITY
from .kinds import Claim, Condition, Kind, Method, Outcome, PlaceKind
from .reason_tree import reasons_for
from .refusals import Refused
from .rules import ReturnPlace, ReturnReason
from .wishes import Wish, WishLine


MOST_LINES, MOST_ORDERS, MOST_PARCELS, MOST_SERIALS = 500, 50, 99, 1000
_NAME, _TEXT, _NOTE = 100, 2000, 1000
# Where goods are brought, by the way they go.
PLACES: Mapping[str, PlaceKind] = {
    Method.BRANCH: PlaceKind.BRANCH,
    Method.PARCEL_SHOP: PlaceKind.PARCEL_SHOP,
    Method.QR: PlaceKind.PARCEL_SHOP,
}


@dataclass(frozen=True)
class Read:
    """``orders`` by slug, all of one company, ship-to, currency and source; ``lines`` cleaned;
    ``reasons`` by code; ``columns`` those of the Return."""

    orders: Mapping[str, Order]
    lines: tuple[WishLine, ...]
    reasons: Mapping[str, ReturnReason]
    columns: Mapping[str, Any]


@dataclass
class _Faults:
    code: str = ""
    lines: dict[str, str] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)

    def field(self, name: str, words: str) -> None:
        self.fields[name] = words
        self.code = self.code or "invalid"

    def line(self, at: int, words: str) -> None:
        self.lines.setdefault(str(at), words)
        self.code = self.code or words

    def check(self) -> None:
        if self.code:
            raise Refused(self.code, lines=self.lines, fields=self.fields)


def read_wish(wish: Wish, actor: Actor, now: datetime) -> Read:
    """The wish cleaned; Refused with what is wrong with which line and member."""
    if wish.kind not in Kind.values:
        raise Refused("invalid", fields={"kind": "invalid"})
    if not wish.lines:
        raise Refused("nothing")
    orders = _orders(wish.lines, actor)
    first = next(iter(orders.values()))
    source = _source(orders.values())
    faults = _Faults()
    reasons = _reasons(wish)
    lines = tuple(_line(at, line, reasons, faults) for at, line in enumerate(wish.lines))
    _once(lines, faults)
    sender = _sender(wish, actor, first, faults)
    pickup = pickups.read(wish.pickup, first.company, now, faults.field)
    columns = {
        "kind": wish.kind,
        "company": first.company,
        "ship_to_ref": first.ship_to_ref,
        "currency": first.currency,
        "source": source,
        "sender": sender,
        "pickup": pickup,
        "phone_digits": phone_digits(pickup.get("phone"), sender.get("phone")),
        "form_digest": wish.digest,
        **_way(wish, faults),
    }
    faults.check()
    return Read(orders, lines, reasons, columns)


def _orders(lines: Iterable[WishLine], actor: Actor) -> dict[str, Order]:
    """By slug, in the order of their keys. A foreign order is one that is not there."""
    slugs = {line.order for line in lines}
    rows = visible(actor, Order).filter(slug__in=slugs, archived_at=None).order_by("pk")
    found = {order.slug: order for order in rows.select_related("company")[: MOST_ORDERS + 1]}
    if len(slugs) > MOST_ORDERS:
        raise Refused("too_many")
    if slugs - found.keys():
        raise Refused("unknown_order")
    if not all(can(actor, "return", order) for order in found.values()):
        raise Refused("not_allowed")
    for code, name in (
        ("companies", "company_id"),
        ("ship_tos", "ship_to_ref"),
        ("currencies", "currency"),
    ):
        if len({getattr(order, name) for order in found.values()}) > 1:
            raise Refused(code)
    return found


def _source(orders: Iterable[Order]) -> Source:
    """Whose ERP hears of it; Refused where that takes no returns."""
    refs = [order.ref for order in orders]
    rows = Record.objects.filter(kind="order", ref__in=refs).select_related("event__source")
    sources = {row.event.source for row in rows}
    if not sources:
        raise Refused("not_offered")
    if len(sources) > 1:
        raise Refused("sources")
    (source,) = sources
    if CAPABILITY not in capabilities_of(source.slug):
        raise Refused("not_offered")
    return source


def _reasons(wish: Wish) -> dict[str, ReturnReason]:
    """The reasons of the lines, by code: those that the customer could choose."""
    codes = {line.reason for line in wish.lines if line.reason}
    offered = reasons_for(wish.kind) if codes else {}
    return {code: row for code, row in offered.items() if code in codes}


def _line(
    at: int, line: WishLine, reasons: Mapping[str, ReturnReason], faults: _Faults
) -> WishLine:
    for value, known in (
        (line.claim, Claim.values),
        (line.condition, Condition.values),
        (line.outcome, Outcome.values),
    ):
        if value and value not in known:
            faults.line(at, "invalid")
    if line.reason and line.reason not in reasons:
        faults.line(at, "unknown_reason")
    if len(line.serials) > MOST_SERIALS:
        faults.line(at, "too_many")
        return line
    try:
        serials = dict.fromkeys(clean_line(one, _NAME) for one in line.serials)
        return replace(
            line,
            text=clean_text(line.text, _TEXT),
            serials=tuple(one for one in serials if one),
            lot=clean_line(line.lot, _NAME),
            exchange_sku=clean_line(line.exchange_sku, _NAME),
        )
    except ValueError as error:
        faults.line(at, str(error))
    return line


def _once(lines: Iterable[WishLine], faults: _Faults) -> None:
    if len({line.place for line in lines}) > MOST_LINES:
        raise Refused("too_many")
    seen = set()
    for at, line in enumerate(lines):
        if line.place in seen:
            faults.line(at, "twice")
        seen.add(line.place)


def _way(wish: Wish, faults: _Faults) -> dict[str, Any]:
    """How it is sent, and where it is brought."""
    if wish.method and wish.method not in Method.values:
        faults.field("method", "method")
    if not 1 <= wish.parcels <= MOST_PARCELS:
        faults.field("parcels", "invalid")
    texts: dict[str, Any] = {"method": wish.method, "parcel_count": wish.parcels}
    for name, longest in (("carrier", _NAME), ("tracking_number", _NAME)):
        texts[name] = _cleaned(name, getattr(wish, name), longest, faults)
    try:
        texts["note"] = clean_text(wish.note, _NOTE)
    except ValueError as error:
        faults.field("note", str(error))
    return {**texts, "place": _place(wish, faults)}


def _cleaned(name: str, text: str, longest: int, faults: _Faults) -> str:
    try:
        return clean_line(text, longest)
    except ValueError as error:
        faults.field(name, str(error))
    return ""


def _place(wish: Wish, faults: _Faults) -> ReturnPlace | None:
    kind = PLACES.get(wish.method)
    if not wish.place_ref or kind is None:
        return None
    place = ReturnPlace.objects.filter(active=True, kind=kind, ref=wish.place_ref).first()
    if place is None:
        faults.field("place_ref", "unknown_place")
    return place


def _sender(wish: Wish, actor: Actor, order: Order, faults: _Faults) -> dict[str, Any]:
    """Where it is sent from: a place of the company's book, else where the order went."""
    if not wish.ship_to_ref:
        return dict(order.delivery_address or {})
    rows = visible(actor, Address).filter(company=order.company_id, archived_at=None)
    place = rows.filter(ref=wish.ship_to_ref).first()
    if place is None:
        faults.field("ship_to_ref", "unknown_address")
        return {}
    return place_of(place)
