"""How alike two places are written: the same, a slip of the finger apart, or different."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar
from unicodedata import category, normalize


# Ways to write one word. They stand at a word's end as well: "Hafenstraße", "Hafenstr.".
_STREET = re.compile(r"(?:stras?se|straat|street|str)\b")
_WORDS = {
    "road": "rd",
    "avenue": "ave",
    "av": "ave",
    "lane": "ln",
    "drive": "dr",
    "boulevard": "blvd",
    "bd": "blvd",
    "platz": "pl",
    "place": "pl",
    "square": "sq",
    "saint": "st",
    "sankt": "st",
    "suite": "ste",
    "calle": "c",
    "ulica": "ul",
}
# Umlauts and their long spelling; folded on both sides, so what else it hits does no harm.
_LONG_UMLAUTS = re.compile(r"(?<=[aou])e")
_LETTERED = re.compile(r"(\d) ([a-z])\b")
_NUMBER = re.compile(r"\d+[a-z]?\b")


T = TypeVar("T")
_TOKEN = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Street:
    """Its letters, run together, and apart from them its numbers, which are never guessed at."""

    letters: str
    numbers: tuple[str, ...]


@lru_cache(maxsize=32768)
def folded(text: str) -> str:
    """Letters and digits, parted by single spaces, without case, accents and abbreviations."""
    if not text.isascii():
        text = "".join(c for c in normalize("NFKD", text) if category(c)[0] != "M")
    words = _TOKEN.findall(_STREET.sub("str", text.casefold()))
    return " ".join(_WORDS.get(word, word) for word in words)


@lru_cache(maxsize=32768)
def _loose(text: str) -> str:
    return _LONG_UMLAUTS.sub("", folded(text))


@lru_cache(maxsize=32768)
def _street(text: str) -> Street:
    line = _LETTERED.sub(r"\1\2", _loose(text))
    return Street("".join(_NUMBER.sub(" ", line).split()), tuple(_NUMBER.findall(line)))


def slips(mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> int | None:
    """In how many parts these places differ by a slip; None where one part differs altogether.

    The parts that tell most places apart come first: a book may have thousands of them.
    """
    codes = _apart(_code(mine), _code(theirs), _near_codes)
    if codes is None:
        return None
    towns = _apart(_loose(mine.get("city") or ""), _loose(theirs.get("city") or ""), _near_words)
    if towns is None:
        return None
    streets = _streets_apart(_street_of(mine), _street_of(theirs))
    if streets is None:
        return None
    return codes + towns + streets + (mine.get("country") != theirs.get("country"))


def _code(place: Mapping[str, Any]) -> str:
    return str(place.get("postal_code") or "").replace(" ", "").replace("-", "").upper()


def _street_of(place: Mapping[str, Any]) -> Street:
    return _street("\n".join(place.get("lines") or ()))


def _apart(mine: T, theirs: T, near: Callable[[T, T], bool]) -> int | None:
    if mine == theirs:
        return 0
    return 1 if near(mine, theirs) else None


def _streets_apart(one: Street, other: Street) -> int | None:
    if _shortened(one, other):
        return 1
    letters = _apart(one.letters, other.letters, _near_words)
    numbers = _apart(one.numbers, other.numbers, _numbers_swapped)
    return None if letters is None or numbers is None else letters + numbers


def _shortened(one: Street, other: Street) -> bool:
    """Whether one is the other without its last lines ("Gate 3")."""
    short, long = sorted((one, other), key=lambda street: len(street.letters))
    return (
        len(long.letters) > len(short.letters) > 4
        and long.letters.startswith(short.letters)
        and long.numbers[: len(short.numbers)] == short.numbers
    )


def _near_codes(one: str, other: str) -> bool:
    return within(one, other, 1)


def _near_words(one: str, other: str) -> bool:
    shorter = min(len(one), len(other))
    return shorter > 2 and within(one, other, 1 if shorter < 6 else 2)


def _numbers_swapped(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """ "12" and "21": another digit is another house."""
    return len(one) == len(other) and all(
        mine == theirs or (sorted(mine) == sorted(theirs) and within(mine, theirs, 1))
        for mine, theirs in zip(one, other, strict=True)
    )


def within(one: str, other: str, most: int) -> bool:
    """Whether at most so many letters are missing, too many, wrong or swapped with the next
    (optimal string alignment)."""
    if abs(len(one) - len(other)) > most:
        return False
    while one and other and one[0] == other[0]:
        one, other = one[1:], other[1:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    if not one or not other:
        return max(len(one), len(other)) <= most
    if most == 0:
        return False
    swapped = one[:2] == other[1::-1] and within(one[2:], other[2:], most - 1)
    return (
        swapped
        or within(one[1:], other[1:], most - 1)
        or within(one[1:], other, most - 1)
        or within(one, other[1:], most - 1)
    )
