"""Code 128 (ISO/IEC 15417) with the fewest symbols there can be, and GS1-128."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache


GS1_SEPARATOR = 0x1D
_GS1_LONGEST = 48
_LONGEST = 80

_A, _B, _C = range(3)
_START = (103, 104, 105)
_LATCH = (101, 100, 99)
_SHIFT, _FNC1 = 98, 102

_PATTERNS = (
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 "
    "112232 122132 122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 "
    "311222 321122 321221 312212 322112 322211 212123 212321 232121 111323 131123 131321 "
    "112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 "
    "313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 "
    "314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 112412 122114 "
    "122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212 "
    "124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 "
    "114311 411113 411311 113141 114131 311141 411131 211412 211214 211232 2331112"
)
_WIDTHS = tuple(tuple(map(int, pattern)) for pattern in _PATTERNS.split())
_STOP = len(_WIDTHS) - 1

_SEPARATOR = -1
_NEVER = 10**6
_DIGITS = range(0x30, 0x3A)

# Symbols to the end in sets A, B and C.
_Costs = tuple[int, int, int]


@lru_cache(maxsize=64)
def code128(text: str, gs1: bool = False) -> tuple[int, ...]:
    """Widths in modules, bar and space in turn, from the start's first bar to the stop's last.

    ``text`` is ASCII, 80 characters at most. With ``gs1`` it is an element string without brackets
    (48 at most), its elements of open length ended by GS (0x1D); both become FNC1. ValueError for
    what can't be said.
    """
    longest = _GS1_LONGEST if gs1 else _LONGEST
    if not text.isascii() or not 0 < len(text) <= longest:
        raise ValueError(f"A bar code says 1 to {longest} characters of ASCII, not {text!r}.")
    characters = list(text.encode())
    if gs1:
        characters = [_SEPARATOR, *(_SEPARATOR if c == GS1_SEPARATOR else c for c in characters)]
    symbols = _shortest(characters)
    check = (symbols[0] + sum(place * symbol for place, symbol in enumerate(symbols))) % 103
    return tuple(width for symbol in (*symbols, check, _STOP) for width in _WIDTHS[symbol])


def _shortest(characters: Sequence[int]) -> list[int]:
    """Start symbol and data: what each way on costs is found from the end, then the best is gone."""
    straight = _straight(characters)
    code_set = min((_B, _C, _A), key=straight[0].__getitem__)
    symbols = [_START[code_set]]
    place = 0
    while place < len(characters):
        costs = straight[place]
        if min(costs) + 1 < costs[code_set]:
            code_set = costs.index(min(costs))
            symbols.append(_LATCH[code_set])
        symbols += _said(characters, place, code_set)
        place += 2 if code_set == _C and characters[place] != _SEPARATOR else 1
    return symbols


def _straight(characters: Sequence[int]) -> list[_Costs]:
    """For each place and set: the fewest symbols to the end if what comes next is said in it, with
    a shift where that must be. To latch to another set before costs one more."""
    count = len(characters)
    straight: list[_Costs] = [(0, 0, 0)] * count
    costs: list[_Costs] = [(0, 0, 0)] * (count + 1)
    for place in reversed(range(count)):
        character = characters[place]
        a, b, c = costs[place + 1]
        if character != _SEPARATOR:
            c = costs[place + 2][_C] if _is_pair(characters, place) else _NEVER
            a += character >= 96
            b += character < 32
        straight[place] = a + 1, b + 1, c + 1
        latched = min(a, b, c) + 2
        costs[place] = min(a + 1, latched), min(b + 1, latched), min(c + 1, latched)
    return straight


def _is_pair(characters: Sequence[int], place: int) -> bool:
    pair = characters[place : place + 2]
    return len(pair) == 2 and pair[0] in _DIGITS and pair[1] in _DIGITS


def _said(characters: Sequence[int], place: int, code_set: int) -> tuple[int, ...]:
    """What is at a place, in this set."""
    character = characters[place]
    if character == _SEPARATOR:
        return (_FNC1,)
    if code_set == _C:
        return ((character - 0x30) * 10 + characters[place + 1] - 0x30,)
    symbol = character - 32 if character >= 32 else character + 64
    shifted = character < 32 if code_set == _B else character >= 96
    return (_SHIFT, symbol) if shifted else (symbol,)
