"""What a laid-out label consists of. Layout makes marks, writers (pdf, zpl, png) draw them.

The origin is the lower left corner. Text and rules are in points (1/72 in); codes and pictures lie
on the printer's dot grid, in whole dots of ``Page.dpi``, so that a module never straddles dots.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Glyph(NamedTuple):
    """``advance``, ``dx`` and ``dy`` in points."""

    gid: int
    advance: float
    dx: float = 0.0
    dy: float = 0.0


class Run(NamedTuple):
    """Shaped text in one face (``fonts.face(name)``), in visual order from ``x`` on the baseline
    ``y``; ``text`` is what it says, in logical order. ``ink`` is "black", "white" or "#rrggbb"."""

    face: str
    size: float
    x: float
    y: float
    glyphs: tuple[Glyph, ...]
    text: str
    ink: str = "black"


class Rule(NamedTuple):
    """A filled rectangle, in points."""

    x: float
    y: float
    width: float
    height: float
    ink: str = "black"


@dataclass(frozen=True, slots=True)
class Bars:
    """A bar code: ``widths`` in modules, bar and space in turn, beginning with a bar. ``x`` is the
    left edge of the first bar (quiet zones are the layout's), all in dots."""

    widths: tuple[int, ...]
    x: int
    y: int
    module: int
    height: int
    text: str
    symbology: str = "Code128"


@dataclass(frozen=True, slots=True)
class Matrix:
    """A QR code: rows from the top, each a bit field with the leftmost module in the highest bit
    of ``len(rows)`` bits. ``x``, ``y`` its lower left corner in dots."""

    rows: tuple[int, ...]
    x: int
    y: int
    module: int
    text: str
    symbology: str = "QRCode"


@dataclass(frozen=True, slots=True)
class Picture:
    """One bit a dot, rows from the top, padded to bytes, 1 is ink; ``width``, ``height`` in dots."""

    bits: bytes
    width: int
    height: int
    x: int
    y: int


Mark = Run | Rule | Bars | Matrix | Picture


@dataclass(frozen=True, slots=True)
class Page:
    """``width`` and ``height`` in millimetres. ``title`` and ``language`` are the document's."""

    width: float
    height: float
    marks: tuple[Mark, ...]
    title: str = ""
    language: str = "en"
    dpi: int = 203

    @property
    def codes(self) -> tuple[tuple[str, str], ...]:
        """(symbology, text) of each code, as a reader must say them."""
        return tuple(
            (mark.symbology, mark.text) for mark in self.marks if isinstance(mark, Bars | Matrix)
        )
