"""What is in a QR code besides data: its patterns, its format, the way data runs, the masks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import Any

from .versions import alignments, codewords, side


_LEVEL_BITS = {"L": 1, "M": 0, "Q": 3, "H": 2}
# ISO/IEC 18004, table 10: which modules each mask turns over.
_MASKS: tuple[Callable[[int, int], int], ...] = (
    lambda row, column: (row + column) % 2,
    lambda row, column: row % 2,
    lambda row, column: column % 3,
    lambda row, column: (row + column) % 3,
    lambda row, column: (row // 2 + column // 3) % 2,
    lambda row, column: row * column % 2 + row * column % 3,
    lambda row, column: (row * column % 2 + row * column % 3) % 2,
    lambda row, column: ((row + column) % 2 + row * column % 3) % 2,
)


Cell = tuple[int, int]


@dataclass(frozen=True)
class Frame:
    """``spread`` takes the codewords' bits, and a "0" behind them, to all modules row by row;
    ``masks`` are whole symbols to be put over that: mask, patterns and format."""

    side: int
    spread: Callable[[str], Any]
    masks: tuple[int, ...]


@cache
def frame(version: int, level: str) -> Frame:
    size = side(version)
    fixed = _patterns(version)
    # Where the format will stand no data may.
    taken = {**fixed, **_format(size, level, 0)}
    path = [cell for cell in _path(size) if cell not in taken]
    bits = codewords(version) * 8
    index = dict(zip(path, [*range(bits), *[bits] * (len(path) - bits)], strict=True))
    cells = [(row, column) for row in range(size) for column in range(size)]
    return Frame(
        size,
        itemgetter(*(index.get(cell, bits) for cell in cells)),
        tuple(
            _whole(
                cells,
                {cell: not turned(*cell) for cell in path} | fixed | _format(size, level, mask),
            )
            for mask, turned in enumerate(_MASKS)
        ),
    )


def _whole(cells: list[Cell], dark: dict[Cell, bool]) -> int:
    return int("".join("1" if dark.get(cell) else "0" for cell in cells), 2)


def _path(size: int) -> Iterator[Cell]:
    """All cells the way data runs: two columns at a time from the right, up and down in turn."""
    upward = True
    for right in (*range(size - 1, 6, -2), 5, 3, 1):
        for row in reversed(range(size)) if upward else range(size):
            yield row, right
            yield row, right - 1
        upward = not upward


def _patterns(version: int) -> dict[Cell, bool]:
    size = side(version)
    dark = {cell: not at % 2 for at in range(size) for cell in ((6, at), (at, 6))}
    for row, column in ((3, 3), (3, size - 4), (size - 4, 3)):
        dark |= {
            cell: ring not in (2, 4)
            for cell, ring in _square(row, column, 4)
            if all(0 <= at < size for at in cell)
        }
    centres = alignments(version)
    corners = {(6, 6), (6, size - 7), (size - 7, 6)}
    for centre in ((row, column) for row in centres for column in centres):
        if centre not in corners:
            dark |= {cell: ring != 1 for cell, ring in _square(*centre, 2)}
    dark[size - 8, 8] = True
    return dark | _version(version)


def _square(row: int, column: int, reach: int) -> Iterator[tuple[Cell, int]]:
    """Cells around a centre, and in which ring of it they are."""
    for down in range(-reach, reach + 1):
        for right in range(-reach, reach + 1):
            yield (row + down, column + right), max(abs(down), abs(right))


def _version(version: int) -> dict[Cell, bool]:
    if version < 7:
        return {}
    bits = version << 12 | _remainder(version << 12, 0x1F25)
    far = side(version) - 11
    dark = {(far + at % 3, at // 3): bool(bits >> at & 1) for at in range(18)}
    return dark | {(column, row): value for (row, column), value in dark.items()}


def _format(size: int, level: str, mask: int) -> dict[Cell, bool]:
    told = _LEVEL_BITS[level] << 3 | mask
    bits = (told << 10 | _remainder(told << 10, 0x537)) ^ 0x5412
    around = [(row, 8) for row in (0, 1, 2, 3, 4, 5, 7, 8)]
    around += [(8, column) for column in (7, 5, 4, 3, 2, 1, 0)]
    apart = [(8, size - 1 - at) for at in range(8)] + [(size - 7 + at, 8) for at in range(7)]
    return {
        cell: bool(bits >> at & 1) for cells in (around, apart) for at, cell in enumerate(cells)
    }


def _remainder(bits: int, generator: int) -> int:
    """Of a BCH code (annexes C and D)."""
    while (excess := bits.bit_length() - generator.bit_length()) >= 0:
        bits ^= generator << excess
    return bits
