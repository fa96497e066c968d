"""Text for labels: cleaned, split by direction and face, shaped, and fitted into a space.

Measures are in em until a size is chosen, so one shaping serves every size.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from operator import add, itemgetter
from typing import NamedTuple
from unicodedata import bidirectional, category, normalize

import uharfbuzz as hb
from django.utils.translation import gettext

from . import bidi
from .faults import MissingGlyph, Unprintable, quoted
from .fonts import UNSEEN, covering, face
from .marks import Glyph, Run


# Not the controls that Python counts as space too: those are refused.
_SPACE = re.compile(r"[\t\n\r\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000 ]+")
# From line to line, in em; scripts with marks above and below need more.
LEADING, TALL = 1.22, 1.34
# So far above or below its place a mark is drawn, in em: more would lie on other lines.
_FARTHEST = 0.8
# Of Latin, Greek and Cyrillic each glyph says one letter: no ligatures, so that a PDF can be searched.
_PLAIN = {"liga": False, "clig": False}
_FIRST = "NotoSans-"
_MOST_PAIRS = 20_000
# Glyph, advance, dx and dy.
_Shaped = tuple[int, float, float, float]
_advance = itemgetter(1)


class Piece(NamedTuple):
    """Shaped text in one face, from left to right."""

    face: str
    text: str
    glyphs: tuple[_Shaped, ...]
    width: float


class Line(NamedTuple):
    """Pieces from left to right. ``leading`` is what it takes from one line to the next."""

    pieces: tuple[Piece, ...]
    width: float
    leading: float
    rtl: bool


@lru_cache(maxsize=4096)
def clean(text: str) -> str:
    """In NFC, on one line, without characters that show nothing; controls are left to be refused."""
    if _plain_letters().issuperset(text) and "  " not in text:
        return text.strip()
    kept = (c for c in text if category(c) != "Cf" or c in UNSEEN)
    return normalize("NFC", _SPACE.sub(" ", "".join(kept))).strip()


@lru_cache(maxsize=1)
def _plain_letters() -> frozenset[str]:
    """Of the first face all that runs to the right, letter by letter."""
    return frozenset(
        character
        for character in face(_REGULAR.name).covered
        if category(character)[0] in "LNPS" or character == " "
        if bidirectional(character) not in ("R", "AL", "AN", "BN", "NSM")
        if normalize("NFC", character) == character
    )


@lru_cache(maxsize=4096)
def shaped(text: str, bold: bool = False, rtl: bool | None = None) -> Line:
    """``rtl`` says how the line runs, None: as its first strong character. MissingGlyph."""
    if not rtl and _plain_letters().issuperset(text):
        piece = _plain(_BOLD if bold else _REGULAR, text)
        return Line((piece,), piece.width, LEADING, False)
    runs_left = bidi.is_rtl(text) if rtl is None else rtl
    levels = bidi.levels(text, runs_left)
    items = list(_items(text, levels, bold))
    pieces = tuple(
        _shape(items[i][0], items[i][1], items[i][2] % 2 == 1)
        for i in bidi.visual([level for _, _, level in items])
    )
    tall = any(not piece.face.startswith((_FIRST, "Droid")) for piece in pieces)
    width = sum(piece.width for piece in pieces)
    return Line(pieces, width, TALL if tall else LEADING, runs_left)


def _items(text: str, levels: Sequence[int], bold: bool) -> Iterator[tuple[str, str, int]]:
    """(face, text, level) of what can be shaped at once."""
    names: list[str] = []
    for character in text:
        before = names[-1] if names else ""
        stays = character in UNSEEN or not character.isalnum()
        if before and stays and character in face(before).covered:
            names.append(before)
        else:
            names.append(covering(character, bold))
    for (name, level), group in groupby(
        zip(names, levels, text, strict=True), key=lambda item: item[:2]
    ):
        yield name, "".join(character for _, _, character in group), level


def _shape(name: str, text: str, rtl: bool) -> Piece:
    drawn = face(name)
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if rtl else "ltr"
    hb.shape(drawn.font, buffer, _PLAIN if name.startswith(_FIRST) else {})
    em = 1 / drawn.units
    glyphs = []
    for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        if not info.codepoint:
            raise MissingGlyph(text[info.cluster])
        if abs(position.y_offset) * em > _FARTHEST:
            raise Unprintable(
                gettext("Too many marks stand on one letter: %(text)s") % {"text": quoted(text)}
            )
        advance, dx, dy = position.x_advance, position.x_offset, position.y_offset
        glyphs.append((info.codepoint, advance * em, dx * em, dy * em))
    return Piece(name, text, tuple(glyphs), sum(map(_advance, glyphs)))


class _Kerned(dict[str, _Shaped]):
    """The glyph of the first of two plain letters, with the space that the second one wants: what
    is most of most labels is put together from these."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __missing__(self, pair: str) -> _Shaped:
        if len(self) >= _MOST_PAIRS:
            self.clear()
        self[pair] = found = _shape(self.name, pair, False).glyphs[0]
        return found


_REGULAR, _BOLD = _Kerned(f"{_FIRST}Regular"), _Kerned(f"{_FIRST}Bold")


def _plain(kerned: _Kerned, text: str) -> Piece:
    glyphs = tuple(map(kerned.__getitem__, (*map(add, text, text[1:]), *text[-1:])))
    return Piece(kerned.name, text, glyphs, sum(map(_advance, glyphs)))


class _Scaled(dict[_Shaped, Glyph]):
    """Glyphs in points, for one size."""

    def __init__(self, size: float) -> None:
        self._size = size

    def __missing__(self, glyph: _Shaped) -> Glyph:
        gid, advance, dx, dy = glyph
        size = self._size
        self[glyph] = found = Glyph(gid, advance * size, dx * size, dy * size)
        return found


_scaled = lru_cache(maxsize=128)(_Scaled)


def runs(line: Line, size: float, x: float, y: float, ink: str = "black") -> Iterator[Run]:
    """The line from ``x`` on the baseline ``y``, ``size`` points high."""
    scaled = _scaled(size).__getitem__
    for piece in line.pieces:
        yield Run(piece.face, size, x, y, tuple(map(scaled, piece.glyphs)), piece.text, ink)
        x += piece.width * size
