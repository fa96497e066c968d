"""A page while it is laid out: boxes that are divided into zones, and marks put into them.

Boxes are in points, counted from the lower left corner. Codes and pictures snap to whole dots of
the printer, with their quiet zones inside the box they are put into; what does not fit its box is
refused. On a page of a language that runs to the left, "start" is the right side.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from django.utils.translation import gettext

from .codes import code128, qr
from .faults import Unprintable
from .fitting import LARGEST, SMALLEST, Block, Words, fit, quoted
from .marks import Bars, Mark, Matrix, Page, Picture, Rule
from .sizes import Size
from .text import LEADING, runs


POINTS_PER_INCH = 72
POINTS_PER_MM = POINTS_PER_INCH / 25.4
# Modules in millimetres, as whole dots of 203 dpi: bar codes 4, never below 3, QR codes 5.
_BAR, _FINEST_BAR, _DOT = 0.5, 0.375, 0.625
# In modules: ISO/IEC 15417 and ISO/IEC 18004.
BAR_QUIET, QR_QUIET = 10, 4
# Of a line's height so much is above its baseline, in em.
_BASELINE = 0.93
_matrix = lru_cache(maxsize=256)(qr)
Align = Literal["start", "end", "middle", "own"]


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    height: float

    @property
    def top(self) -> float:
        return self.y + self.height

    def inset(self, x: float, y: float | None = None) -> Box:
        y = x if y is None else y
        return Box(self.x + x, self.y + y, self.width - 2 * x, self.height - 2 * y)

    def cut_top(self, height: float) -> tuple[Box, Box]:
        """The upper part, ``height`` points high, and the rest."""
        height = max(0.0, min(height, self.height))
        rest = Box(self.x, self.y, self.width, self.height - height)
        return Box(self.x, rest.top, self.width, height), rest

    def cut_bottom(self, height: float) -> tuple[Box, Box]:
        height = max(0.0, min(height, self.height))
        rest = Box(self.x, self.y + height, self.width, self.height - height)
        return Box(self.x, self.y, self.width, height), rest

    def cut_left(self, width: float) -> tuple[Box, Box]:
        width = max(0.0, min(width, self.width))
        rest = Box(self.x + width, self.y, self.width - width, self.height)
        return Box(self.x, self.y, width, self.height), rest

    def cut_right(self, width: float) -> tuple[Box, Box]:
        rest, right = self.cut_left(self.width - width)
        return right, rest


class Paper:
    """One page. ``size`` in millimetres; ``margin`` too, on each side."""

    def __init__(self, size: Size, dpi: int, margin: float, rtl: bool) -> None:
        self.size, self.dpi, self.rtl = size, dpi, rtl
        self.marks: list[Mark] = []
        self.dot = POINTS_PER_INCH / dpi
        whole = Box(0, 0, size.width * POINTS_PER_MM, size.height * POINTS_PER_MM)
        self.box = whole.inset(margin * POINTS_PER_MM)

    def page(self, title: str, language: str) -> Page:
        size = self.size
        return Page(size.width, size.height, tuple(self.marks), title, language, self.dpi)

    def start(self, box: Box, width: float) -> tuple[Box, Box]:
        """The part of a box at which reading starts, and the rest."""
        return box.cut_right(width) if self.rtl else box.cut_left(width)

    def end(self, box: Box, width: float) -> tuple[Box, Box]:
        return box.cut_left(width) if self.rtl else box.cut_right(width)

    def fill(self, box: Box, ink: str = "black") -> None:
        self.marks.append(Rule(box.x, box.y, box.width, box.height, ink))

    def frame(self, box: Box, thickness: float = 0.75, ink: str = "black") -> None:
        for side in (
            box.cut_top(thickness)[0],
            box.cut_bottom(thickness)[0],
            box.cut_left(thickness)[0],
            box.cut_right(thickness)[0],
        ):
            self.fill(side, ink)

    def write(
        self,
        box: Box,
        *lines: Words | str,
        largest: float = LARGEST,
        smallest: float = SMALLEST,
        align: Align = "start",
        ink: str = "black",
    ) -> Box:
        """Lines from the top of the box; what is left of it below. Unprintable if they do not fit."""
        words = tuple(Words(line) if isinstance(line, str) else line for line in lines)
        block = fit(words, box.width, box.height, largest, smallest)
        self.put(box, block, align, ink)
        return box.cut_top(block.height)[1]

    def put(self, box: Box, block: Block, align: Align = "start", ink: str = "black") -> None:
        """A fitted block at the top of the box. "own": as most of its lines run."""
        to_right = self.rtl if align == "start" else not self.rtl
        if align == "own":
            to_right = 2 * sum(line.rtl for line in block.lines) > len(block.lines)
        top = box.top
        for line in block.lines:
            idle = box.width - line.width * block.size
            x = box.x + (idle / 2 if align == "middle" else idle if to_right else 0)
            slack = (line.leading - LEADING) * block.size / 2
            y = top - _BASELINE * block.size - slack
            self.marks.extend(runs(line, block.size, x, y, ink))
            top -= line.leading * block.size

    def bars(self, box: Box, text: str, *, gs1: bool = False, finest: float = _FINEST_BAR) -> Box:
        """A Code 128 over the whole height, in the middle; the box of its bars.

        Module: 0.5 mm where it fits, never below 0.375 mm. Unprintable.
        """
        widths = said_by_bars(text, gs1)
        across, low = self._down(box.width), self._up(box.y)
        total = sum(widths) + 2 * BAR_QUIET
        module = self._module(_BAR)
        if total * module > across:
            module = self._module(finest)
        if total * module > across:
            raise Unprintable(
                gettext("This is too long for a bar code on this label: %(text)s")
                % {"text": quoted(text)}
            )
        left = self._up(box.x) + (across - total * module) // 2 + BAR_QUIET * module
        height = self._down(box.top) - low
        self.marks.append(Bars(widths, left, low, module, height, text))
        width = (total - 2 * BAR_QUIET) * module
        return Box(left * self.dot, low * self.dot, width * self.dot, height * self.dot)

    def matrix(self, box: Box, text: str, size: float = _DOT) -> Box:
        """A QR code, level M, at the top of the box and at its start; the box it takes with its
        quiet zone. ``size`` is the module in mm. Unprintable."""
        rows = _matrix(text)
        module = self._module(size)
        across = (len(rows) + 2 * QR_QUIET) * module
        taken = across * self.dot
        if taken > box.width + self.dot or taken > box.height + self.dot:
            raise Unprintable(
                gettext("This is too long for a QR code on this label: %(text)s")
                % {"text": quoted(text)}
            )
        x = self._down(box.x + box.width) - across if self.rtl else self._up(box.x)
        y = self._down(box.top) - across
        quiet = QR_QUIET * module
        self.marks.append(Matrix(rows, x + quiet, y + quiet, module, text))
        return Box(x * self.dot, y * self.dot, taken, taken)

    def picture(self, box: Box, bits: bytes, width: int, height: int) -> None:
        """A picture of one bit a dot in the middle of the box's height, at its start."""
        x = self._down(box.x + box.width) - width if self.rtl else self._up(box.x)
        y = self._up(box.y + (box.height - height * self.dot) / 2)
        self.marks.append(Picture(bits, width, height, x, y))

    def _up(self, points: float) -> int:
        return math.ceil(points / self.dot - 1e-6)

    def _down(self, points: float) -> int:
        return math.floor(points / self.dot + 1e-6)

    def _module(self, mm: float) -> int:
        """Whole dots that are no smaller than this."""
        return math.ceil(mm * self.dpi / 25.4 - 0.05)


def said_by_bars(text: str, gs1: bool = False) -> tuple[int, ...]:
    """The widths of a Code 128. Unprintable for what it can't say."""
    try:
        return code128(text, gs1)
    except ValueError as error:
        words = gettext("A bar code can’t say this: %(text)s") % {"text": quoted(text)}
        raise Unprintable(words) from error
