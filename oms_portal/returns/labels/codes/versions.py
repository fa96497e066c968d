"""How much a QR code of each version and level holds (ISO/IEC 18004, table 9)."""

from __future__ import annotations

from functools import cache
from typing import Literal, get_args


Level = Literal["L", "M", "Q", "H"]
LEVELS: tuple[str, ...] = get_args(Level)
VERSIONS = range(1, 41)

_CORRECTION = {
    "L": "7 10 15 20 26 18 20 24 30 18 20 24 26 30 22 24 28 30 28 28 28 28 30 30 26 28"
    + " 30" * 14,
    "M": "10 16 26 18 24 16 18 22 22 26 30 22 22 24 24 28 28 26 26 26 26" + " 28" * 19,
    "Q": "13 22 18 26 18 24 18 22 20 24 28 26 24 20 30 24 28 28 26 30 28 30 30 30 30 28"
    + " 30" * 14,
    "H": "17 28 22 16 22 28 26 26 24 28 24 28 22 24 24 30 28 28 26 28 30 24" + " 30" * 18,
}
_BLOCKS = {
    "L": "1 1 1 1 1 2 2 2 2 4 4 4 4 4 6 6 6 6 7 8 8 9 9 10 12 12 12 13 14 15 16 17 18 19 19 20 "
    "21 22 24 25",
    "M": "1 1 1 2 2 4 4 4 5 5 5 8 9 9 10 10 11 13 14 16 17 17 18 20 21 23 25 26 28 29 31 33 35 "
    "37 38 40 43 45 47 49",
    "Q": "1 1 2 2 4 4 6 6 8 8 8 10 12 16 12 17 16 18 21 20 23 23 25 27 29 34 34 35 38 40 43 45 "
    "48 51 53 56 59 62 65 68",
    "H": "1 1 2 4 4 4 5 6 8 8 11 11 16 16 18 16 19 21 25 25 25 34 30 32 35 37 40 42 45 48 51 54 "
    "57 60 63 66 70 74 77 81",
}


def side(version: int) -> int:
    """Modules along an edge."""
    return 17 + 4 * version


def alignments(version: int) -> tuple[int, ...]:
    """Rows, and columns, on which alignment patterns are centred (annex E)."""
    if version == 1:
        return ()
    count = version // 7 + 2
    step = (version * 8 + count * 3 + 5) // (count * 4 - 4) * 2
    return (6, *(side(version) - 7 - step * back for back in reversed(range(count - 1))))


@cache
def codewords(version: int) -> int:
    """Codewords of the whole symbol: what function patterns leave."""
    modules = (16 * version + 128) * version + 64
    if count := len(alignments(version)):
        modules -= (25 * count - 10) * count - 55
    return (modules - 36 * (version >= 7)) // 8


@cache
def correction(version: int, level: str) -> tuple[int, int]:
    """(correction codewords of a block, blocks)."""
    at = version - 1
    return int(_CORRECTION[level].split()[at]), int(_BLOCKS[level].split()[at])


@cache
def capacity(version: int, level: str) -> int:
    """Codewords for data."""
    each, blocks = correction(version, level)
    return codewords(version) - each * blocks
