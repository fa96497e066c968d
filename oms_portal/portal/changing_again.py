"""A request as the form would hold it: so that nobody types again what they typed once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Any

from oms_portal.changes.models import ChangeRequest
from oms_portal.orders.locales import number
from oms_portal.orders.moments import day_of, read, zone_of
from oms_portal.orders.zones import place_zone

from .changing_address import PREFIX
from .changing_cancel_form import QUANTITY
from .changing_form import NEW
from .changing_scope import DELIVERY


_AS_IT_IS = ("contact", "phone", "instructions", "method", "pickup_ref")


def typed_of(request: ChangeRequest) -> list[tuple[str, str]]:
    """The names and values of the form's fields."""
    told = request.requested
    return [
        *_scope(request),
        *((name, str(told[name])) for name in _AS_IT_IS if told.get(name)),
        *_address(told),
        *_window(told.get("requested") or {}, zone_of(place_zone(request.order))),
        *(_cancelled(told) if request.scope == ChangeRequest.Scope.LINES else ()),
        *([("words", str(told["reason"]))] if told.get("reason") else []),
    ]


def _scope(request: ChangeRequest) -> Iterator[tuple[str, str]]:
    if request.scope == ChangeRequest.Scope.SHIPMENT:
        yield "scope", DELIVERY + request.thread
        return
    yield "scope", request.scope
    for line in request.lines:
        yield "lines", line["ref"]


def _cancelled(told: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for one in told.get("cancel", ()):
        yield QUANTITY + one["line_ref"], number(Decimal(one["quantity"]))


def _address(told: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    place = told.get("address")
    if told.get("ship_to_ref"):
        yield "place", told["ship_to_ref"]
    elif place:
        yield "place", NEW
        for name in ("country", "name", "city", "region", "postal_code"):
            yield PREFIX + name, str(place.get(name) or "")
        yield f"{PREFIX}lines", "\n".join(place.get("lines") or ())


def _window(told: Mapping[str, str], zone: tzinfo) -> Iterator[tuple[str, str]]:
    days = set()
    for member, name, clock in (("from", "day", "time_from"), ("to", "day_to", "time_to")):
        if not told.get(member):
            continue
        end = read(told[member])
        day = day_of(end, zone).isoformat()
        if day not in days:
            yield name, day
        days.add(day)
        if isinstance(end, datetime):
            yield clock, f"{end.astimezone(zone):%H:%M}"
