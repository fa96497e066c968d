"""A QR code for the screen of a phone, drawn as one path."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from oms_portal.returns.labels.codes import qr

from .shown import Code


# ISO/IEC 18004, 6.3.8: four modules of nothing on every side.
QUIET = 4


@lru_cache(maxsize=500)
def code_of(text: str) -> Code:
    """ValueError for what no QR code can say."""
    rows = qr(text)
    return Code(text, len(rows) + 2 * QUIET, "".join(_runs(rows)))


def _runs(rows: Sequence[int]) -> Iterator[str]:
    """Each run of dark modules as a rectangle; the leftmost module is the highest bit of a row."""
    width = len(rows)
    for y, row in enumerate(rows, QUIET):
        bits = f"{row:0{width}b}"
        x = 0
        while (start := bits.find("1", x)) >= 0:
            x = (bits + "0").index("0", start)
            yield f"M{start + QUIET} {y}h{x - start}v1h-{x - start}z"
