"""Zones that several templates share. Each draws into a box and returns what is left of it."""

from __future__ import annotations

import math

from django.utils.translation import ngettext

from ..data import Dress, Item
from ..fitting import Block, Words, fit
from ..layout import POINTS_PER_MM, Box, Paper, kept
from ..text import LEADING, TALL


CAPTION, SMALL, PLAIN = 7.0, 8.0, 9.0
GAP = 5.0
_HRI = 11.0
_LOWEST_BRAND = 28.0
# The label on an office page, to be cut out: it suits both A4 and Letter.
CUT_WIDTH, CUT_HEIGHT = 105 * POINTS_PER_MM, 145 * POINTS_PER_MM
# Codes of UN/ECE Rec 20 and common ones for pieces, which nobody wants to read.
_PIECES = frozenset(("", "C62", "EA", "H87", "PCE"))


@kept
def brand(paper: Paper, box: Box, dress: Dress, title: str, second: str, office: bool) -> Box:
    """Logo or name at the start, what this is at the end, a rule below. ``office``: in colour."""
    ink = dress.accent if office else "black"
    height = max(_LOWEST_BRAND, dress.logo[2] * paper.dot if dress.logo else 0.0)
    row, rest = box.cut_top(height)
    at_end, at_start = paper.end(row, row.width * 0.48)
    told = (Words(title, bold=True), Words(second))
    block = fit(told, at_end.width, at_end.height, 15.0 if office else 12.0)
    paper.put(in_middle(at_end, block), block, "end")
    if dress.logo:
        paper.picture(at_start, *dress.logo)
    elif dress.name:
        name = fit((Words(dress.name, bold=True),), at_start.width - GAP, row.height, 17.0)
        paper.put(in_middle(at_start, name), name, ink=ink)
    return divide(paper, rest.cut_top(GAP)[1], 2.0 if office else 1.5, ink)


@kept
def footer(paper: Paper, box: Box, dress: Dress) -> Box:
    """The brand's own line at the bottom."""
    if not dress.footer:
        return box
    block = fit((Words(dress.footer),), box.width, box.height / 6, SMALL, 6.0)
    row, rest = box.cut_bottom(block.height)
    paper.put(row, block, "middle")
    return rest.cut_bottom(GAP)[1]


@kept
def caption(paper: Paper, box: Box, text: str) -> Box:
    return paper.write(box, Words(text), largest=CAPTION, smallest=6.0)


@kept
def address(paper: Paper, box: Box, title: str, lines: tuple[Words, ...], largest: float) -> Box:
    return paper.write(caption(paper, box, title), *lines, largest=largest, align="own")


def two_addresses(
    paper: Paper,
    box: Box,
    addresses: tuple[tuple[Words, ...], tuple[Words, ...]],
    titles: tuple[str, str],
) -> Box:
    """Sender and receiver beside each other, as high as they need."""
    halves = paper.start(box, box.width / 2)
    rests = [
        address(paper, paper.start(half, half.width - GAP)[0], title, lines, 10.0)
        for half, title, lines in zip(halves, titles, addresses, strict=True)
    ]
    return box.cut_bottom(min(rest.height for rest in rests))[0].cut_top(GAP)[1]


@kept
def facts(paper: Paper, box: Box, told: tuple[tuple[str, str], ...]) -> Box:
    """Captions with what they tell below, one under the other."""
    for label, value in told:
        if value:
            box = caption(paper, box, label)
            box = paper.write(box, Words(value, bold=True), largest=10.0, smallest=7.5)
            box = box.cut_top(1.5)[1]
    return box


@kept
def contents(paper: Paper, box: Box, title: str, items: tuple[Item, ...]) -> Box:
    """What is in the parcel: as many articles as there is room for, and how many more."""
    if not items:
        return box
    box = caption(paper, box, title)
    for place, item in enumerate(items):
        named = " ".join(filter(None, (item.sku, item.description)))
        told = Words(f"{amount(item)} × {named}")
        block = fit((told,), box.width, math.inf, SMALL, SMALL)
        more = len(items) - place
        if block.height + (SMALL * TALL if more > 1 else 0) > box.height:
            words = ngettext("and %(number)s more", "and %(number)s more", more)
            return paper.write(box, words % {"number": more}, largest=SMALL)
        paper.put(box, block)
        box = box.cut_top(block.height)[1]
    return box


@kept
def notes(paper: Paper, box: Box, told: tuple[str, ...]) -> Box:
    for note in told:
        box = paper.write(box, note, largest=PLAIN).cut_top(GAP / 2)[1]
    return box


def scanned(paper: Paper, box: Box, text: str, says: str = "", gs1: bool = False) -> None:
    """A bar code over the whole height, with what it ``says`` below it."""
    row, above = box.cut_bottom(_HRI * LEADING)
    paper.bars(above.cut_bottom(2.0)[1], text, gs1=gs1)
    paper.write(row, Words(says or text, bold=True), largest=_HRI, align="middle")


def divide(paper: Paper, box: Box, thickness: float = 0.75, ink: str = "black") -> Box:
    """A rule across the top, with some air below it."""
    line, rest = box.cut_top(thickness)
    paper.fill(line, ink)
    return rest.cut_top(GAP * 0.6)[1]


def cut_out(paper: Paper, box: Box) -> Box:
    """A label's place on an office page, framed to be cut out; the space inside the frame."""
    paper.frame(box, 0.5)
    return box.inset(3 * POINTS_PER_MM)


def in_middle(box: Box, block: Block) -> Box:
    """The box that a block takes in the middle of a height."""
    return box.cut_bottom((box.height + block.height) / 2)[0].cut_top(block.height)[0]


def amount(item: Item) -> str:
    """ "2" pieces, "2.5 KGM" of else."""
    return item.quantity if item.unit in _PIECES else f"{item.quantity} {item.unit}"
