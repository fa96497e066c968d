"""QR codes (ISO/IEC 18004), versions 1 to 40, as rows of bits.

A symbol is one long integer with a bit for each module: a mask is one exclusive or.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from .correction import with_correction
from .frame import frame
from .penalty import penalty
from .versions import LEVELS, VERSIONS, Level, capacity


_ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
# Mode indicator, and the bits of the count in versions to 9, to 26 and to 40.
_NUMBERS = 0b0001, (10, 12, 14)
_CAPITALS = 0b0010, (9, 11, 13)
_BYTES = 0b0100, (8, 16, 16)
_UTF8 = 0x71A, 12  # mode ECI, assignment 26

_Bits = tuple[int, int]


@lru_cache(maxsize=64)
def qr(text: str, level: Level = "M") -> tuple[int, ...]:
    """Rows from the top, the leftmost module in the highest bit; the quiet zone is not included.

    The smallest version that holds ``text`` with the correction ``level`` ("L", "M", "Q", "H").
    ValueError for nothing, and for more than the largest version holds.
    """
    if not text or level not in LEVELS:
        raise ValueError("A QR code says something, at level L, M, Q or H.")
    version, data = _fitted(text, level)
    plan = frame(version, level)
    words = with_correction(data, version, level)
    bits = f"{int.from_bytes(words, 'big'):0{8 * len(words)}b}0"
    spread = int("".join(plan.spread(bits)), 2)
    best = _best([spread ^ mask for mask in plan.masks], plan.side)
    row = (1 << plan.side) - 1
    return tuple(best >> plan.side * up & row for up in reversed(range(plan.side)))


def _best(symbols: Sequence[int], side: int) -> int:
    """The first of the easiest to read."""
    best, least = symbols[0], penalty(symbols[0], side)
    for symbol in symbols[1:]:
        if (found := penalty(symbol, side, least)) < least:
            best, least = symbol, found
    return best


def _fitted(text: str, level: str) -> tuple[int, bytes]:
    (mode, counts), count, (value, length), prefix = _encoded(text)
    for version in VERSIONS:
        width = counts[(version > 9) + (version > 26)]
        room = 8 * capacity(version, level)
        head, used = _joined(prefix, (mode, 4), (count, width), (value, length))
        if count < 1 << width and used <= room:
            return version, _filled(head, used, room)
    raise ValueError(f"No QR code of level {level} holds {len(text)} characters.")


def _filled(bits: int, used: int, room: int) -> bytes:
    """With terminator, to whole codewords, and the two pad codewords in turn (7.4.9, 7.4.10)."""
    end = min(used + 4, room)
    size = -(-end // 8)
    data = (bits << 8 * size - used).to_bytes(size, "big")
    return data + (b"\xec\x11" * room)[: room // 8 - size]


def _encoded(text: str) -> tuple[tuple[int, tuple[int, int, int]], int, _Bits, _Bits]:
    """Mode, count, bits and what stands before: the whole text in the tightest mode."""
    if text.isascii() and text.isdecimal():
        return _NUMBERS, len(text), _joined(*map(_number, _parts(text, 3))), (0, 0)
    if set(text) <= set(_ALPHANUMERIC):
        return _CAPITALS, len(text), _joined(*map(_capital, _parts(text, 2))), (0, 0)
    data = text.encode()
    prefix = (0, 0) if text.isascii() else _UTF8
    return _BYTES, len(data), (int.from_bytes(data, "big"), 8 * len(data)), prefix


def _parts(text: str, length: int) -> list[str]:
    return [text[at : at + length] for at in range(0, len(text), length)]


def _number(digits: str) -> _Bits:
    return int(digits), (0, 4, 7, 10)[len(digits)]


def _capital(pair: str) -> _Bits:
    value = 0
    for character in pair:
        value = 45 * value + _ALPHANUMERIC.index(character)
    return value, (0, 6, 11)[len(pair)]


def _joined(*parts: _Bits) -> _Bits:
    value = length = 0
    for bits, width in parts:
        value, length = value << width | bits, length + width
    return value, length
