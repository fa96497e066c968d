"""An address as it was typed, made fit for the ERP or refused field by field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext, ngettext

from oms_portal.customers.models import Address
from oms_portal.orders.locales import isolated

from .book import place_of
from .fields import LENGTHS, MOST_LINES, label_of, required_in
from .phones import check_phone
from .rules import (
    area_key,
    areas,
    country_name,
    digits_of,
    fits,
    known_countries,
    rules_of,
    written_area,
    written_postcode,
)
from .suggestions import Suggestion, alike, same_place, suggest
from .texts import clean_line, clean_text


@dataclass(frozen=True)
class Checked:
    """``address`` has every member, clean; a member with an error is empty. ``errors`` are
    sentences by member. ``ref`` is the place of the book that this is, then without suggestions."""

    address: Mapping[str, Any]
    errors: Mapping[str, str] = field(default_factory=dict)
    suggestions: tuple[Suggestion, ...] = ()
    ref: str = ""

    def open(self, kept: Iterable[str]) -> tuple[Suggestion, ...]:
        """The suggestions that nobody has said no to yet; ``kept`` are ids."""
        known = frozenset(kept)
        return tuple(offer for offer in self.suggestions if offer.id not in known)


def check(address: Mapping[str, Any], book: Iterable[Mapping[str, Any] | Address] = ()) -> Checked:
    """Never raises, whatever a member holds. ``lines`` may be a list or text with line breaks."""
    errors: dict[str, str] = {}
    clean = _cleaned(address, errors)
    country = clean["country"]
    if country:
        _check_region(clean, errors)
        _check_postcode(clean, errors)
        clean["phone"], trouble = check_phone(address.get("phone"), country)
        if trouble:
            errors["phone"] = trouble
    for member in sorted(required_in(country)):
        if member not in errors and not _says(clean[member]):
            errors[member] = gettext("Please fill in: %(label)s.") % {
                "label": label_of(member, country)
            }
    if errors:
        return Checked(clean, errors)
    near = alike(clean, (place_of(p) if isinstance(p, Address) else p for p in book))
    if own := same_place(clean, near):
        return Checked(clean, ref=str(own.get("ref", "")))
    return Checked(clean, suggestions=suggest(clean, near))


def _cleaned(address: Mapping[str, Any], errors: dict[str, str]) -> dict[str, Any]:
    clean: dict[str, Any] = {"name": "", "lines": []}
    for member in ("name", "city", "region", "postal_code", "contact"):
        clean[member] = _line(member, address.get(member), errors)
    clean["lines"] = _lines(address.get("lines"), errors)
    clean["country"] = _country(address.get("country"), errors)
    clean["phone"] = ""
    try:
        clean["instructions"] = clean_text(_text(address.get("instructions")))
    except ValueError as error:
        clean["instructions"], errors["instructions"] = "", str(error)
    return clean


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _line(member: str, value: object, errors: dict[str, str]) -> str:
    try:
        return clean_line(_text(value), LENGTHS[member])
    except ValueError as error:
        errors.setdefault(member, str(error))
        return ""


def _lines(value: object, errors: dict[str, str]) -> list[str]:
    given = value.splitlines() if isinstance(value, str) else value
    rows = [_text(row) for row in given] if isinstance(given, list | tuple) else []
    if len(rows) > 20 * MOST_LINES:
        rows = rows[: 20 * MOST_LINES] if not any(map(str.strip, rows)) else rows
    lines = [line for row in rows if (line := _line("lines", row, errors))]
    if len(lines) > MOST_LINES:
        errors["lines"] = ngettext(
            "Please use no more than %(most)s line.",
            "Please use no more than %(most)s lines.",
            MOST_LINES,
        ) % {"most": MOST_LINES}
    return [] if "lines" in errors else lines


def _country(value: object, errors: dict[str, str]) -> str:
    code = _text(value).strip().upper()
    if not code:
        return ""
    if code not in known_countries():
        errors["country"] = gettext("Please choose a country from the list.")
        return ""
    return code


def _says(value: object) -> bool:
    """Whether there is a letter or a digit in it: "-" fills nothing in."""
    return any(
        char.isalnum() for char in "".join(value if isinstance(value, list) else [str(value)])
    )


def _check_region(clean: dict[str, Any], errors: dict[str, str]) -> None:
    country, region = clean["country"], clean["region"]
    if not region or not areas(country):
        return
    if key := area_key(country, region):
        clean["region"] = written_area(country, key, region)
    elif "region" in required_in(country):
        errors["region"] = gettext("Please choose one from the list: %(label)s.") % {
            "label": label_of("region", country)
        }
        clean["region"] = ""


def _check_postcode(clean: dict[str, Any], errors: dict[str, str]) -> None:
    """An accidental way of writing is left to a suggestion; what does not fit is an error."""
    country, typed = clean["country"], clean["postal_code"]
    if not typed:
        return
    rules = rules_of(country)
    if "postal_code" not in rules.allowed_fields:
        errors["postal_code"] = gettext(
            "There are no postcodes in this country (%(country)s). Please leave this empty, or "
            "check the country."
        ) % {"country": isolated(country_name(country))}
    elif not fits(written_postcode(country, typed), rules):
        errors["postal_code"] = _unfit(country)
    elif trouble := _elsewhere(country, clean["region"], written_postcode(country, typed)):
        errors["postal_code"] = trouble
    elif not fits(typed, rules):
        clean["postal_code"] = written_postcode(country, typed)
    if "postal_code" in errors:
        clean["postal_code"] = ""


def _unfit(country: str) -> str:
    digits, examples = digits_of(country), rules_of(country).postal_code_examples
    names = {
        "label": label_of("postal_code", country),
        "country": isolated(country_name(country)),
        "example": isolated(examples[0]) if examples else "",
        "digits": digits,
    }
    if digits and examples:
        return (
            ngettext(
                "This does not fit the country (%(country)s). %(label)s: %(digits)s digit, such as "
                "%(example)s.",
                "This does not fit the country (%(country)s). %(label)s: %(digits)s digits, such as "
                "%(example)s.",
                digits,
            )
            % names
        )
    if examples:
        return (
            gettext(
                "This does not fit the country (%(country)s). %(label)s: one looks like %(example)s."
            )
            % names
        )
    return gettext("This does not fit the country (%(country)s).") % names


def _elsewhere(country: str, region: str, postcode: str) -> str:
    """A sentence where the postcode lies in another area of the country than the one chosen."""
    key = area_key(country, region) if region else ""
    if not key or fits(postcode, rules_of(country, key)):
        return ""
    return gettext("This lies in another part of the country than %(region)s.") % {
        "region": isolated(areas(country)[key].label)
    }
