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

# What can be done at one place in one code set: how many symbols that takes to the end, the symbols
# now, and the place and the code set it leads to.
_Way = tuple[int, tuple[int, ...], int, int]
_NO_WAY: _Way = (10**6, (), 0, 0)
_SEPARATOR = -1


@lru_cache(maxsize=512)
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
    """Start symbol and data: the best way on from each place in each set is found from the end."""
    ways: list[tuple[_Way, ...]] = [((0, (), 0, 0),) * 3] * (len(characters) + 1)
    for place in reversed(range(len(characters))):
        straight = [_straight(characters, place, ways, code_set) for code_set in (_A, _B, _C)]
        ways[place] = tuple(_best(straight, code_set) for code_set in (_A, _B, _C))
    code_set = min((_B, _C, _A), key=lambda at: ways[0][at][0])
    symbols = [_START[code_set]]
    place = 0
    while place < len(characters):
        _, now, place, code_set = ways[place][code_set]
        symbols += now
    return symbols


def _straight(
    characters: Sequence[int], place: int, ways: Sequence[tuple[_Way, ...]], code_set: int
) -> _Way:
    """Say what comes next in ``code_set``, at most with a shift."""
    character = characters[place]
    if character == _SEPARATOR:
        return 1 + ways[place + 1][code_set][0], (_FNC1,), place + 1, code_set
    if code_set == _C:
        pair = characters[place : place + 2]
        if len(pair) < 2 or not all(48 <= digit <= 57 for digit in pair):
            return _NO_WAY
        number = (pair[0] - 48) * 10 + pair[1] - 48
        return 1 + ways[place + 2][_C][0], (number,), place + 2, _C
    symbol = character - 32 if character >= 32 else character + 64
    shifted = character < 32 if code_set == _B else character >= 96
    symbols = (_SHIFT, symbol) if shifted else (symbol,)
    return len(symbols) + ways[place + 1][code_set][0], symbols, place + 1, code_set


def _best(straight: Sequence[_Way], code_set: int) -> _Way:
    """Stay in the set, or latch to another first where that is shorter."""
    target = min(range(3), key=lambda at: straight[at][0] + (at != code_set))
    if target == code_set or straight[target][0] + 1 >= straight[code_set][0]:
        return straight[code_set]
    left, symbols, place, after = straight[target]
    return left + 1, (_LATCH[target], *symbols), place, after
