"""The form of an address, country by country."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext, pgettext

from .phones import PHONE
from .rules import area_key, areas, countries, known_countries, order_of, rules_of
from .texts import TEXT


# Of lines above city and postcode so many; all lengths fit the columns of the book.
MOST_LINES = 5
LENGTHS = {
    "name": 200,
    "lines": 200,
    "city": 100,
    "region": 100,
    "postal_code": 20,
    "country": 2,
    "contact": 200,
    "phone": PHONE,
    "instructions": TEXT,
}
# Our members by the library's names. Its others have no field of their own: a company is a name,
# a district a line, and a sorting code stands in the city's line.
_MEMBERS = {
    "name": "name",
    "street_address": "lines",
    "city": "city",
    "country_area": "region",
    "postal_code": "postal_code",
}
# HTML's autofill tokens (WCAG 2.2, 1.3.5).
_AUTOFILL = {
    "name": "organization",
    "lines": "street-address",
    "city": "address-level2",
    "region": "address-level1",
    "postal_code": "postal-code",
    "country": "country",
    "contact": "name",
    "phone": "tel",
}


@dataclass(frozen=True)
class Field:
    """A member of the address. ``choices`` are (value, words), empty for free text; ``max_length``
    counts characters, of ``lines`` for each line."""

    name: str
    label: str
    required: bool
    choices: tuple[tuple[str, str], ...]
    max_length: int
    autocomplete: str = ""


def fields_for(country: str, region: str = "") -> tuple[Field, ...]:
    """The country first, then its parts in its own order, then whom to ask for.

    An unknown country has the fields of most. ``region`` is what the address says now: the choice
    that it means keeps that spelling as its value.
    """
    code = country if country in known_countries() else ""
    wanted = required_in(code)
    return tuple(
        Field(
            member,
            label_of(member, code),
            member in wanted,
            _choices(member, code, region),
            LENGTHS[member],
            _AUTOFILL.get(member, "off"),
        )
        for member in ("country", *_ordered(code), "contact", "phone", "instructions")
    )


def required_in(country: str) -> frozenset[str]:
    """The members without which nothing reaches the place."""
    if not country:
        return frozenset({"country", "name", "lines"})
    asked = {_MEMBERS[field] for field in rules_of(country).required_fields if field in _MEMBERS}
    return frozenset({"country", "name", "lines"}) | asked


def _ordered(country: str) -> Iterator[str]:
    if not country:
        yield from ("name", "lines", "postal_code", "city")
        return
    members = [_MEMBERS[field] for field in order_of(country) if field in _MEMBERS]
    for member in members:
        # Carriers want a city also where the country's own form has none.
        before = member == "lines" and "city" not in members
        if before and members[-1] == "name":
            yield "city"
        yield member
        if before and members[-1] != "name":
            yield "city"


def _choices(member: str, country: str, region: str) -> tuple[tuple[str, str], ...]:
    if member == "country":
        return countries()
    if member != "region" or not country:
        return ()
    now = area_key(country, region) if region else ""
    return tuple(
        (region if key == now else area.value, area.label) for key, area in areas(country).items()
    )


def label_of(member: str, country: str) -> str:
    """A member's name as people of the country call it."""
    if country and member in ("city", "region", "postal_code"):
        rules = rules_of(country)
        kinds = {
            "city": rules.city_type,
            "region": rules.country_area_type,
            "postal_code": rules.postal_code_type,
        }
        return _local_labels().get((member, kinds[member])) or _labels()[member]
    return _labels()[member]


def _labels() -> dict[str, str]:
    return {
        "name": gettext("Company or name"),
        "lines": gettext("Street and number"),
        "city": gettext("City"),
        "region": gettext("Province"),
        "postal_code": gettext("Postcode"),
        "country": gettext("Country"),
        "contact": gettext("Contact person"),
        "phone": gettext("Phone number"),
        "instructions": gettext("Notes for the delivery"),
    }


def _local_labels() -> dict[tuple[str, str], str]:
    return {
        ("city", "district"): gettext("District"),
        ("city", "post_town"): gettext("Town"),
        ("city", "suburb"): gettext("Suburb"),
        ("region", "state"): pgettext("part of a country", "State"),
        ("region", "island"): gettext("Island"),
        ("region", "department"): gettext("Department"),
        ("region", "parish"): gettext("Parish"),
        ("region", "county"): gettext("County"),
        ("region", "oblast"): gettext("Oblast"),
        ("region", "emirate"): gettext("Emirate"),
        ("region", "area"): gettext("Area"),
        ("region", "prefecture"): gettext("Prefecture"),
        ("region", "district"): gettext("District"),
        ("postal_code", "zip"): gettext("ZIP code"),
        ("postal_code", "pin"): gettext("PIN code"),
        ("postal_code", "eircode"): gettext("Eircode"),
    }
