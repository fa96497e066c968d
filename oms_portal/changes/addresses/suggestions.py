"""What was perhaps meant: a place of the customer's own book, or the usual way of writing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext

from oms_portal.orders.locales import isolated, listed

from .book import MEMBERS
from .likeness import folded, slips
from .rules import shouts_cities, written_postcode


MOST = 3
# More slips than this in one place are no slips any more.
_MOST_SLIPS = 2
# Words that stay small within the name of a city.
_SMALL = frozenset(
    ("am", "an", "aan", "bei", "da", "de", "del", "den", "der", "di", "do", "dos", "du", "en")
    + ("im", "in", "la", "le", "les", "nad", "of", "on", "op", "sous", "sul", "sur", "the", "ten")
    + ("ter", "um", "und", "upon", "van", "von", "vor", "y", "zu")
)


@dataclass(frozen=True)
class Suggestion:
    """``id`` is the same as long as both texts are; ``ref`` is the place of the book, where it is
    one. ``address`` has the members of a place; with a ref it is as the book has it."""

    id: str
    kind: str
    words: str
    address: Mapping[str, Any]
    ref: str = ""


def alike(address: Mapping[str, Any], book: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The places of the book that are this one or a few slips from it, the likest first."""
    found = []
    for index, place in enumerate(book):
        count = slips(address, place)
        if count is not None and count <= _MOST_SLIPS:
            other_name = folded(_name(place)) != folded(_name(address))
            found.append((count, other_name, index, place))
    return [place for *_, place in sorted(found, key=lambda match: match[:3])]


def same_place(
    address: Mapping[str, Any], near: Iterable[Mapping[str, Any]]
) -> Mapping[str, Any] | None:
    """The place of those alike that has the very same letters and digits."""
    mine = _letters(address)
    return next((p for p in near if slips(address, p) == 0 and _letters(p) == mine), None)


def _name(place: Mapping[str, Any]) -> str:
    return str(place.get("name") or "")


def _letters(place: Mapping[str, Any]) -> list[str]:
    rows = (_name(place), *(place.get("lines") or ()), str(place.get("city") or ""))
    return [folded(row).replace(" ", "") for row in rows]


def suggest(
    address: Mapping[str, Any], near: Sequence[Mapping[str, Any]]
) -> tuple[Suggestion, ...]:
    """Those alike first; without any, the usual way of writing. Three at most."""
    offers = [_of_book(address, place) for place in near[:MOST]]
    if not offers and (usual := _as_usual(address)):
        offers.append(_offer("form", address, usual, gettext("Usually written so: %(place)s")))
    return tuple(offers)


def _of_book(address: Mapping[str, Any], place: Mapping[str, Any]) -> Suggestion:
    words = gettext("Did you mean this place of your address book: %(place)s?")
    return _offer("book", address, place, words, str(place.get("ref", "")))


def _offer(
    kind: str, typed: Mapping[str, Any], meant: Mapping[str, Any], words: str, ref: str = ""
) -> Suggestion:
    both = [[kind, ref], *([place.get(m) or "" for m in MEMBERS] for place in (typed, meant))]
    digest = sha256(json.dumps(both, default=str).encode()).hexdigest()
    return Suggestion(
        digest[:16], kind, words % {"place": isolated(_told(meant))}, dict(meant), ref
    )


def _told(place: Mapping[str, Any]) -> str:
    town = " ".join(filter(None, (place.get("postal_code"), place.get("city"))))
    parts = (place.get("name"), *(place.get("lines") or ()), town, place.get("region"))
    return listed(str(part) for part in parts if part)


def _as_usual(address: Mapping[str, Any]) -> dict[str, Any] | None:
    country = address["country"]
    usual = {
        **address,
        "lines": [_capitals(line) if line.islower() else line for line in address["lines"]],
        "city": _city(address["city"], country),
        "postal_code": written_postcode(country, address["postal_code"])
        if address["postal_code"]
        else "",
    }
    return usual if usual != address else None


def _city(city: str, country: str) -> str:
    shouted = city.isupper() and len(city) > 3 and not shouts_cities(country)
    return _capitals(city.lower()) if city.islower() or shouted else city


def _capitals(text: str) -> str:
    words = text.split(" ")
    return " ".join(
        word if index and word in _SMALL else word[:1].upper() + word[1:]
        for index, word in enumerate(words)
    )
