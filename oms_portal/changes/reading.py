"""From what somebody typed to a wish that can be kept: only known members, cleaned, possible.

Nothing is believed because a form of ours would have sent it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from oms_portal.customers.access import Actor
from oms_portal.orders.models import Order
from oms_portal.orders.moments import day_of, write, zone_of
from oms_portal.orders.zones import place_zone

from .addresses import Suggestion, book_of, check, check_phone, clean_line, clean_text, place_of
from .models import Aspect, PickupPlace
from .refusals import Refused
from .scope import MEMBERS, Scope, aspects_in
from .windows import Unreal, read_window
from .wishes import Wish


METHODS = ("parcel", "freight", "pickup")
LONGEST_CONTACT, LONGEST_TEXT = 200, 1000
MOST_LINES = 5000
# A day further away than this is a slip of the fingers.
_FURTHEST = timedelta(days=730)
_DIGITS = 13


@dataclass(frozen=True)
class Read:
    """A wish as it will be kept, and what the address was perhaps meant to be."""

    wish: Wish
    suggestions: tuple[Suggestion, ...] = ()


def digest_of(order: Order, wish: Wish) -> str:
    """SHA-256 of all that the form said: the same key with another one is another form."""
    told = [order.pk, wish.scope, wish.thread, list(wish.lines), wish.requested, sorted(wish.kept)]
    text = json.dumps(told, sort_keys=True, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def read_wish(wish: Wish, actor: Actor, order: Order, now: datetime) -> Read:
    """The wish cleaned; Refused with the faults by member. Quantities are not looked at yet."""
    requested = wish.requested
    if not isinstance(requested, Mapping) or not all(isinstance(name, str) for name in requested):
        raise Refused("invalid")
    known = {name for members in MEMBERS.values() for name in members}
    if unknown := set(requested) - known:
        raise Refused("invalid", dict.fromkeys(sorted(unknown)[:10], "invalid"))
    aspects = aspects_in(requested)
    if not aspects:
        raise Refused("nothing")
    if Aspect.CANCEL in aspects and aspects != {Aspect.CANCEL}:
        raise Refused("invalid", {"cancel": "invalid"})
    reading = _Reading(actor, order, now)
    cleaned = reading.members(requested)
    lines = wish.lines or _as_lines(cleaned.get("cancel", ()))
    scoped = replace(wish, requested=cleaned, lines=lines)
    return Read(replace(scoped, **_scope(scoped)), reading.suggestions)


class _Reading:
    """Reads members one after the other and gathers what is wrong with each."""

    def __init__(self, actor: Actor, order: Order, now: datetime) -> None:
        self.actor, self.order, self.now = actor, order, now
        self.faults: dict[str, str] = {}
        self.code = "invalid"
        self.suggestions: tuple[Suggestion, ...] = ()

    def members(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if "ship_to_ref" in asked:
            self._place(asked, found)
        elif "address" in asked:
            self._address(asked["address"], found)
        country = self._country(found)
        for name, clean in (
            ("contact", lambda text: clean_line(text, LONGEST_CONTACT)),
            ("phone", lambda text: _phone(text, country)),
            ("instructions", lambda text: clean_text(text, LONGEST_TEXT)),
            ("reason", lambda text: clean_text(text, LONGEST_TEXT)),
        ):
            if name in asked:
                self._text(asked, name, clean, found)
        if "requested" in asked:
            self._window(asked["requested"], found)
        if "method" in asked or "pickup_ref" in asked:
            self._method(asked, found)
        if "cancel" in asked:
            self._cancel(asked["cancel"], found)
        elif "reason" in asked:
            self._fault("reason", "invalid")
        if self.faults:
            raise Refused(self.code, self.faults)
        return found

    def _fault(self, member: str, words: str, code: str = "") -> None:
        self.faults[member] = words
        self.code = code or self.code

    def _country(self, found: Mapping[str, Any]) -> str:
        place = found.get("address") or self.order.delivery_address or {}
        return str(place.get("country") or "")

    def _place(self, asked: Mapping[str, Any], found: dict[str, Any]) -> None:
        """A place of the book, with its address as it is now: that is what was agreed to."""
        ref = asked["ship_to_ref"]
        places = {place.ref: place for place in book_of(self.actor, self.order)}
        if "address" in asked or not isinstance(ref, str) or ref not in places:
            return self._fault("ship_to_ref", "unknown_address", "unknown_address")
        told = place_of(places[ref])
        found["ship_to_ref"] = told.pop("ref")
        found["address"] = {name: value for name, value in told.items() if value}

    def _address(self, asked: Any, found: dict[str, Any]) -> None:
        if not isinstance(asked, Mapping):
            return self._fault("address", "address", "address")
        places = [place_of(place) for place in book_of(self.actor, self.order)]
        checked = check(asked, places)
        for name, words in checked.errors.items():
            self._fault(f"address.{name}", words, "address")
        found["address"] = dict(checked.address)
        if checked.ref:
            found["ship_to_ref"] = checked.ref
        self.suggestions = checked.suggestions

    def _text(
        self,
        asked: Mapping[str, Any],
        name: str,
        clean: Callable[[str], str],
        found: dict[str, Any],
    ) -> None:
        if not isinstance(asked[name], str):
            return self._fault(name, "invalid")
        try:
            found[name] = clean(asked[name])
        except ValueError as error:
            self._fault(name, str(error))

    def _window(self, asked: Any, found: dict[str, Any]) -> None:
        try:
            ends = read_window(asked)
        except Unreal as error:
            where = f"requested.{error.member}" if error.member else "requested"
            return self._fault(where, error.code, error.code)
        zone = zone_of(place_zone(self.order))
        today = self.now.astimezone(zone).date()
        days = [day_of(moment, zone) for moment in ends.values()]
        if min(days) < today:
            return self._fault("requested.from", "date_past", "date_past")
        if max(days) > today + _FURTHEST:
            return self._fault("requested.from", "date_far", "date_far")
        found["requested"] = {name: write(moment) for name, moment in ends.items()}

    def _method(self, asked: Mapping[str, Any], found: dict[str, Any]) -> None:
        method, ref = asked.get("method"), asked.get("pickup_ref", "")
        if method not in METHODS or not isinstance(ref, str):
            return self._fault("method", "invalid")
        found["method"] = method
        if method != "pickup":
            return self._fault("pickup_ref", "invalid") if ref else None
        places = PickupPlace.objects.filter(active=True)
        if (ref or places.exists()) and not places.filter(ref=ref).exists():
            return self._fault("pickup_ref", "unknown_place", "unknown_place")
        if ref:
            found["pickup_ref"] = ref

    def _cancel(self, asked: Any, found: dict[str, Any]) -> None:
        try:
            found["cancel"] = [
                {"line_ref": ref, "quantity": str(count)}
                for ref, count in _counted(asked, "line_ref", needed=True)
            ]
        except ValueError:
            self._fault("cancel", "quantity", "quantity")


def _as_lines(cancelled: Iterable[Mapping[str, str]]) -> tuple[Mapping[str, str], ...]:
    return tuple({"ref": told["line_ref"], "quantity": told["quantity"]} for told in cancelled)


def _scope(wish: Wish) -> dict[str, Any]:
    if wish.scope not in Scope.values or not isinstance(wish.thread, str):
        raise Refused("invalid", {"scope": "invalid"})
    thread = wish.thread if wish.scope == Scope.SHIPMENT else ""
    if wish.scope != Scope.LINES:
        return {"thread": thread, "lines": ()}
    try:
        counted = _counted(list(wish.lines), "ref", needed=False)
    except ValueError:
        raise Refused("invalid", {"lines": "quantity"}) from None
    if not counted:
        raise Refused("nothing", {"lines": "nothing"})
    lines = ({"ref": ref} | ({"quantity": str(count)} if count else {}) for ref, count in counted)
    return {"thread": "", "lines": tuple(lines)}


def _counted(asked: Any, ref: str, *, needed: bool) -> list[tuple[str, Decimal]]:
    """[(line ref, quantity)], each line once; 0 where none is given. ValueError."""
    if not isinstance(asked, list | tuple) or len(asked) > MOST_LINES:
        raise ValueError("no list of lines")
    found: dict[str, Decimal] = {}
    for told in asked:
        if not isinstance(told, Mapping) or not {ref} <= set(told) <= {ref, "quantity"}:
            raise ValueError("no line")
        name, count = told[ref], _quantity(told.get("quantity"), needed=needed)
        if not isinstance(name, str) or name in found:
            raise ValueError("a line twice")
        found[name] = count
    return list(found.items())


def _quantity(text: Any, *, needed: bool) -> Decimal:
    if text in (None, "") and not needed:
        return Decimal(0)
    if not isinstance(text, str) or len(text) > 2 * _DIGITS:
        raise ValueError("no quantity")
    try:
        count = Decimal(text)
    except InvalidOperation:
        raise ValueError("no quantity") from None
    exponent = count.as_tuple().exponent
    if not count.is_finite() or count <= 0 or count.adjusted() >= _DIGITS:
        raise ValueError("no quantity")
    if isinstance(exponent, int) and exponent < -6:
        raise ValueError("too fine")
    return Decimal(f"{count:f}")


def _phone(text: str, country: str) -> str:
    number, error = check_phone(text, country)
    if error:
        raise ValueError(error)
    return number


def _plain(told: Any) -> Any:
    return sorted(told) if isinstance(told, set | frozenset) else dict(told)
