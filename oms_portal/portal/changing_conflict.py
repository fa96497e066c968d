"""What a form had shown, and what of it is no longer so: the versions, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.core import signing
from django.utils.translation import gettext as _

from oms_portal.changes.models import PickupPlace
from oms_portal.changes.standing import Standing
from oms_portal.customers.models import Address
from oms_portal.fragments.changing_states import what
from oms_portal.fragments.changing_values import Names, compare
from oms_portal.fragments.chips import shipment_chip
from oms_portal.fragments.routes import part_title
from oms_portal.fragments.shown_changes import Wanted
from oms_portal.orders.models import ShipmentStatus
from oms_portal.orders.moments import zone_of


Book = Mapping[str, Mapping[str, Any]]
_SALT = "oms_portal.changes.seen"
# Of so many deliveries is told how they stood.
MOST = 50


def seal(standing: Standing) -> str:
    """What a form shows, for it to carry; signed, so that only what we wrote comes back."""
    told = {
        "values": standing.values,
        "parts": [[part.thread, part.status] for part in standing.parts[:MOST]],
        "open": [request.key for request in standing.open],
    }
    return signing.dumps(told, salt=_SALT, compress=True)


def conflict_of(
    standing: Standing, sealed: str, asked: Mapping[str, Any], book: Iterable[Address]
) -> list[Wanted]:
    """What moved since the form was drawn, and what was asked for: each as it was, is, should be."""
    try:
        seen = signing.loads(sealed, salt=_SALT)
    except signing.BadSignature:
        seen = {"values": standing.values}
    known = {place.ref: vars(place) for place in book}
    moved = [*_values(standing, seen, asked, known), *_parts(standing, seen)]
    return [*moved, *_open(standing, seen, known)]


def _values(
    standing: Standing, seen: Mapping[str, Any], asked: Mapping[str, Any], book: Book
) -> Iterator[Wanted]:
    names = Names(places=_places(asked), book=book)
    rows = compare(seen["values"], standing.values, asked, names, zone_of(standing.zone))
    for row in rows:
        if row.offered or list(row.now) != list(row.wanted):
            yield row


def _parts(standing: Standing, seen: Mapping[str, Any]) -> Iterator[Wanted]:
    """Deliveries that came or moved on."""
    told = dict(seen.get("parts", ()))
    for part in standing.parts[:MOST] if told else ():
        if told.get(part.thread) != part.status:
            before = [_word(told[part.thread])] if part.thread in told else []
            yield Wanted(part_title(part), before, [_word(part.status)])


def _open(standing: Standing, seen: Mapping[str, Any], book: Book) -> Iterator[Wanted]:
    """What somebody else asked for: what it is about, then its values."""
    known = set(seen.get("open", ()))
    for request in standing.open:
        if "open" in seen and request.key not in known:
            names = Names(places=_places(request.requested), book=book)
            rows = compare({}, request.requested, {}, names, zone_of(standing.zone))
            lines = [line for row in rows for line in row.wanted]
            yield Wanted(_("Asked for meanwhile"), [], [what(request), *lines])


def _word(status: str) -> str:
    known = status in ShipmentStatus.values
    return shipment_chip(ShipmentStatus(status)).word if known else _("Not in a delivery yet")


def _places(asked: Mapping[str, Any]) -> dict[str, list[str]]:
    ref = asked.get("pickup_ref")
    rows = PickupPlace.objects.filter(ref=ref) if ref else ()
    return {place.ref: [place.name] for place in rows}
