"""Addresses as lines of text."""

from __future__ import annotations

from django.utils.translation import gettext as _

from oms_portal.orders.detail import Place
from oms_portal.orders.locales import isolated, locale


# Where the postal code follows the city instead of standing before it (UPU S42, in short).
_CITY_FIRST = frozenset({"GB", "IE", "US", "CA", "AU", "NZ", "IN", "SG", "ZA", "GG", "JE", "IM"})


def address_lines(place: Place) -> list[str]:
    """Name, street, city and country, one to a line; then whom to ask for and what to mind."""
    lines = [place.name, *place.lines, _city(place), _country(place.country)]
    if place.contact:
        lines.append(_("Contact: %(name)s") % {"name": isolated(place.contact)})
    if place.phone:
        lines.append(_("Phone: %(number)s") % {"number": isolated(place.phone)})
    return [line for line in [*lines, place.instructions] if line]


def _country(code: str) -> str:
    """The country in the active language; its code where nobody knows it."""
    return str(locale().territories.get(code, code))


def _city(place: Place) -> str:
    parts = [place.postal_code, place.city, place.region]
    if place.country in _CITY_FIRST:
        parts = [place.city, place.region, place.postal_code]
    return " ".join(part for part in parts if part)
