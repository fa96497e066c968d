"""GS1's own codes: check digits, element strings and links (GS1 General Specifications 24, chapters
3 and 7; GS1 Digital Link URI Syntax 1.4). Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote

from oms_portal.returns.labels.digits import gs1_digit


# FNC1 as scanners transmit it between elements (7.8.4).
GS = "\x1d"
SSCC, GTIN, CONTENT, LOT, SERIAL, MADE = "00", "01", "02", "10", "21", "250"


def _each(names: str, length: int) -> dict[str, int]:
    return dict.fromkeys(names.split(), length)


# How long an application identifier is, by its first two digits (3.2).
_AI_LENGTH = {
    **_each("00 01 02 03 04 10 11 12 13 14 15 16 17 20 21 22 30 37", 2),
    **_each("90 91 92 93 94 95 96 97 98 99", 2),
    **_each("23 24 25 40 41 42 71", 3),
    **_each("31 32 33 34 35 36 39 43 70 72 80 81 82", 4),
}
# How long it is with its data, where that is fixed: no FNC1 follows (figure 7.8.5-2).
_WHOLE_LENGTH = {
    "00": 20, "01": 16, "02": 16, "03": 16, "04": 18, "20": 4, "41": 16,
    **_each("11 12 13 14 15 16 17 18 19", 8),
    **_each("31 32 33 34 35 36", 10),
}  # fmt: skip
_BRACKETED = re.compile(r"\(([0-9]{2,4})\)([^(]*)")
# Character set 82 (7.11), of which a serial number or a lot is made, 20 characters at most.
_TEXT = re.compile(r"[!\"%&'()*+,\-./0-9:;<=>?A-Z_a-z]{1,20}")
_LINKED = re.compile(r"/(00|01)/([0-9]{8,18})(?=/|$)")
_QUALIFIED = re.compile(r"/(10|21)/([^/]+)")
_GTIN_LENGTHS = (8, 12, 13, 14)


def has_digit(number: str) -> bool:
    """Whether the last digit is the check digit of those before it (7.9.1)."""
    return number.isascii() and number.isdecimal() and gs1_digit(number[:-1]) == number[-1]


def is_gtin(number: str) -> bool:
    return len(number) in _GTIN_LENGTHS and has_digit(number)


def is_sscc(number: str) -> bool:
    return len(number) == 18 and has_digit(number)


def looks_like_gtin(number: str) -> bool:
    return len(number) in _GTIN_LENGTHS and number.isascii() and number.isdecimal()


def looks_like_sscc(number: str) -> bool:
    return len(number) == 18 and number.isascii() and number.isdecimal()


def elements(text: str) -> Mapping[str, str] | None:
    """An element string's data by their application identifiers, or what is written under a bar
    code, "(01)…(21)…"; None where it is none."""
    if text.startswith("("):
        return _bracketed(text)
    found: dict[str, str] = {}
    rest = text.strip(GS)
    while rest:
        length = _AI_LENGTH.get(rest[:2])
        if length is None or not rest[:length].isdecimal() or not rest.isascii():
            return None
        name, whole = rest[:length], _WHOLE_LENGTH.get(rest[:2])
        data = rest[length:whole] if whole else rest[length:].partition(GS)[0]
        if not _is_data(name, data, (whole or 0) - length):
            return None
        found.setdefault(name, data)
        rest = rest[length + len(data) :].lstrip(GS)
    return found or None


def linked(path: str) -> Mapping[str, str] | None:
    """What the path of a GS1 Digital Link names; None where it is none."""
    key = _LINKED.search(path)
    if key is None:
        return None
    found = {key[1]: key[2]}
    for name, data in _QUALIFIED.findall(path[key.end() :]):
        found.setdefault(name, unquote(data))
    return found


def _bracketed(text: str) -> Mapping[str, str] | None:
    parts = _BRACKETED.findall(text)
    if "".join(f"({name}){data}" for name, data in parts) != text:
        return None
    found: dict[str, str] = {}
    for name, data in parts:
        found.setdefault(name, data.strip())
    return found or None


def _is_data(name: str, data: str, fixed: int) -> bool:
    if fixed > 0:
        return len(data) == fixed and data.isdecimal()
    return bool(data) and (name not in (LOT, SERIAL) or _TEXT.fullmatch(data) is not None)
