"""A page while it is laid out: boxes that are divided into zones, and marks put into them.

Boxes are in points, counted from the lower left corner. Codes and pictures snap to whole dots of
the printer, with their quiet zones inside the box they are put into; what does not fit its box is
refused. On a page of a language that runs to the left, "start" is the right side.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Literal, NamedTuple, TypeVarTuple

from django.utils.translation import gettext

from .codes import code128, qr
from .faults import Unprintable, quoted
from .fitting import LARGEST, SMALLEST, Block, Words, fit
from .marks import Bars, Mark, Matrix, Page, Picture, Rule, Run
from .text import LEADING, runs


POINTS_PER_INCH = 72
POINTS_PER_MM = POINTS_PER_INCH / 25.4
# Modules in millimetres, as whole dots of 203 dpi: bar codes 4, never below 3, QR codes 5.
_BAR, _FINEST_BAR, QR_MODULE = 0.5, 0.375, 0.625
# In modules: ISO/IEC 15417 and ISO/IEC 18004.
BAR_QUIET, QR_QUIET = 10, 4
# Of a line's height so much is above its baseline, in em.
_BASELINE = 0.93
_Told = TypeVarTuple("_Told")
Align = Literal["start", "end", "middle", "own"]


class Box(NamedTuple):
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
        x, y, width, whole = self
        height = max(0.0, min(height, whole))
        rest = whole - height
        return Box(x, y + rest, width, height), Box(x, y, width, rest)

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


def _across(widths: tuple[int, ...]) -> int:
    return sum(widths) + 2 * BAR_QUIET


@lru_cache(maxsize=2048)
def _placed(block: Block, box: Box, align: Align, rtl: bool, ink: str) -> tuple[Run, ...]:
    """Much of a label is on the next one too: the same runs are drawn once."""
    to_right = rtl if align == "start" else not rtl
    if align == "own":
        width = max((line.width for line in block.lines), default=0) * block.size
        box = (box.cut_right(width) if rtl else box.cut_left(width))[0]
        to_right = 2 * sum(line.rtl for line in block.lines) > len(block.lines)
    placed: list[Run] = []
    top = box.top
    for line in block.lines:
        idle = box.width - line.width * block.size
        x = box.x + (idle / 2 if align == "middle" else idle if to_right else 0)
        slack = (line.leading - LEADING) * block.size / 2
        placed.extend(runs(line, block.size, x, top - _BASELINE * block.size - slack, ink))
        top -= line.leading * block.size
    return tuple(placed)


class Made(NamedTuple):
    """``width``, ``height`` and the ``margin`` on each side in millimetres; ``rtl``: the language
    runs to the left."""

    width: float
    height: float
    margin: float
    dpi: int
    language: str
    rtl: bool


class Paper:
    """One page while marks are put on it."""

    def __init__(self, made_of: Made) -> None:
        self.made_of = made_of
        self.width, self.height, margin, self.dpi, self.language, self.rtl = made_of
        self.marks: list[Mark] = []
        self.dot: float = POINTS_PER_INCH / self.dpi
        whole = Box(0, 0, self.width * POINTS_PER_MM, self.height * POINTS_PER_MM)
        self.box = whole.inset(margin * POINTS_PER_MM)

    def page(self, title: str) -> Page:
        marks = tuple(self.marks)
        return Page(self.width, self.height, marks, title, self.language, self.dpi)

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
        """A fitted block at the top of the box. "own": at the start, its lines flush on the side
        where most of them begin."""
        self.marks.extend(_placed(block, box, align, self.rtl, ink))

    def bars(self, box: Box, text: str, *, gs1: bool = False) -> None:
        """A Code 128 over the whole height, in the middle of the box.

        Module: 0.5 mm where it fits, never below 0.375 mm (of GS1 0.5 mm alone). Unprintable.
        """
        widths = said_by_bars(text, gs1)
        module = self._bar_module(box, widths, _BAR if gs1 else _FINEST_BAR)
        if not module:
            words = gettext("This is too long for a bar code on this label: %(text)s")
            raise Unprintable(words % {"text": quoted(text)})
        low, idle = self._up(box.y), self._down(box.width) - _across(widths) * module
        left = self._up(box.x) + idle // 2 + BAR_QUIET * module
        height = self._down(box.top) - low
        self.marks.append(Bars(widths, left, low, module, height, text))

    def has_room(self, box: Box, text: str) -> bool:
        """Whether a bar code can say it, and in this width."""
        try:
            return self._bar_module(box, said_by_bars(text), _FINEST_BAR) > 0
        except Unprintable:
            return False

    def _bar_module(self, box: Box, widths: tuple[int, ...], finest: float) -> int:
        """In dots; 0 where the box is too narrow."""
        modules = (self._module(_BAR), self._module(finest))
        return next((m for m in modules if _across(widths) * m <= self._down(box.width)), 0)

    def matrix(self, box: Box, text: str, size: float = QR_MODULE) -> Box:
        """A QR code, level M, at the top of the box and at its start; the square that it takes with
        its quiet zone. ``size`` is the module in mm. Unprintable."""
        rows, module = said_by_matrix(text), self._module(size)
        across = (len(rows) + 2 * QR_QUIET) * module
        x = self._down(box.x + box.width) - across if self.rtl else self._up(box.x)
        y = self._down(box.top) - across
        taken = Box(x * self.dot, y * self.dot, across * self.dot, across * self.dot)
        if taken.width > box.width + self.dot or taken.height > box.height + self.dot:
            words = gettext("This is too long for a QR code on this label: %(text)s")
            raise Unprintable(words % {"text": quoted(text)})
        quiet = QR_QUIET * module
        self.marks.append(Matrix(rows, x + quiet, y + quiet, module, text))
        return taken

    def side(self, text: str, size: float = QR_MODULE) -> float:
        """How wide and high ``matrix`` draws it."""
        modules = len(said_by_matrix(text)) + 2 * QR_QUIET
        return modules * self._module(size) * self.dot

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


def kept(zone: Callable[[Paper, Box, *_Told], Box]) -> Callable[[Paper, Box, *_Told], Box]:
    """A zone that many labels have alike: what it draws is kept by all it is told."""

    @lru_cache(maxsize=256)
    def drawn(made_of: Made, box: Box, *told: *_Told) -> tuple[tuple[Mark, ...], Box]:
        blank = Paper(made_of)
        rest = zone(blank, box, *told)
        return tuple(blank.marks), rest

    @wraps(zone)
    def draw(paper: Paper, box: Box, *told: *_Told) -> Box:
        marks, rest = drawn(paper.made_of, box, *told)
        paper.marks.extend(marks)
        return rest

    return draw


@lru_cache(maxsize=256)
def said_by_matrix(text: str) -> tuple[int, ...]:
    """The rows of a QR code, level M. Unprintable for what it can't say."""
    try:
        return qr(text)
    except ValueError as error:
        words = gettext("A QR code can’t say this: %(text)s") % {"text": quoted(text)}
        raise Unprintable(words) from error
