"""How hard a QR code is to read by the rules of ISO/IEC 18004, 7.8.3.1. Lower is better.

The symbol is one integer; its neighbours stand one bit apart along rows and ``side`` bits along
columns, so each rule is a few shifts of the whole.
"""

from __future__ import annotations

from functools import cache


@cache
def _from_column(side: int, first: int, last: int) -> int:
    """All modules of the columns ``first`` to ``last``."""
    row = (1 << side - first) - (1 << side - 1 - last)
    return sum(row << side * at for at in range(side))


def penalty(symbol: int, side: int, most: int | None = None) -> int:
    """ISO/IEC 18004's four features; finder-like patterns count inside the symbol alone. Where it
    is ``most`` already by the first two, the others are not counted."""
    whole = (1 << side * side) - 1
    along = ~(symbol ^ symbol >> 1) & _from_column(side, 1, side - 1)
    down = ~(symbol ^ symbol >> side) & (whole >> side)
    blocks = along & along >> side & down
    total = _runs(along, 1) + _runs(down, side) + 3 * blocks.bit_count()
    if most is not None and total >= most:
        return total
    light = symbol ^ whole
    total += 40 * _finders(symbol, light, side, whole, whole)
    total += 40 * _finders(
        symbol, light, 1, _from_column(side, 10, side - 1), _from_column(side, 6, side - 5)
    )
    unbalance = abs(20 * symbol.bit_count() - 10 * side * side)
    return total + 10 * (unbalance // (side * side))


def _runs(same: int, step: int) -> int:
    """Five and more alike in a row: 3, and 1 for each more than five."""
    pairs = same & same >> step
    fives = pairs & pairs >> 2 * step
    return fives.bit_count() + 2 * (fives & ~(fives >> step)).bit_count()


def _finders(symbol: int, light: int, step: int, before: int, behind: int) -> int:
    """1:1:3:1:1 with four light modules before or behind; the last two are where that may end."""
    ends = symbol & symbol >> 6 * step
    core = ends & light >> step & light >> 5 * step
    core &= symbol >> 2 * step & symbol >> 3 * step & symbol >> 4 * step
    pairs = light & light >> step
    fours = pairs & pairs >> 2 * step
    return (core & fours >> 7 * step & before).bit_count() + (
        core & fours << 4 * step & behind
    ).bit_count()
