"""A page's marks as the operators of a PDF's content stream (ISO 32000-2, 8 and 9)."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from .marks import Bars, Glyph, Matrix, Page, Picture, Rule, Run
from .resources import Embedded, Resources


_POINTS = 72.0


def drawn(page: Page, resources: Resources) -> bytes:
    """All marks in their order; the faces and pictures they need are noted in ``resources``."""
    dot = _POINTS / page.dpi
    pieces: list[bytes] = []
    pen: _Pen | None = None
    for mark in page.marks:
        if isinstance(mark, Run):
            pen = pen or _Pen(pieces)
            pen.write(mark, resources.face(mark.face))
            continue
        if pen:
            pieces.append(b"ET")
            pen = None
        pieces.append(_shape(mark, dot, resources))
    if pen:
        pieces.append(b"ET")
    return b"\n".join(pieces)


class _Pen:
    """A text object, and what it is set to."""

    __slots__ = ("face", "ink", "pieces", "size")

    def __init__(self, pieces: list[bytes]) -> None:
        pieces.append(b"BT")
        self.pieces = pieces
        self.face: Embedded | None = None
        self.size, self.ink = 0.0, ""

    def write(self, run: Run, face: Embedded) -> None:
        add = self.pieces.append
        if run.ink != self.ink:
            self.ink = run.ink
            add(_colour(run.ink))
        if face is not self.face or run.size != self.size:
            self.face, self.size = face, run.size
            add(b"/%s %s Tf" % (face.name, _number(run.size)))
        add(face.kept(run) or face.keep(run, _said(run, face)))


def _said(run: Run, face: Embedded) -> bytes:
    """Shown, and told in words where glyph by glyph it would not read right (ISO 32000-2, 14.9.4)."""
    widths = [face[glyph.gid] for glyph in run.glyphs]
    shown = b"1 0 0 1 %.2f %.2f Tm\n%s" % (run.x, run.y, _shown(run.glyphs, run.size, widths))
    if "".join([face.texts[glyph.gid] for glyph in run.glyphs]) == run.text:
        return shown
    actual = run.text.encode("utf-16-be", "replace").hex().encode()
    return b"/Span<</ActualText<feff%s>>>BDC\n%s\nEMC" % (actual, shown)


def _shown(glyphs: Sequence[Glyph], size: float, widths: Sequence[int]) -> bytes:
    """One string while the pen goes as the face has it; otherwise moved between glyphs, in
    thousandths of the size, so that what is rounded never adds up."""
    scale = 1000 / size
    pieces: list[bytes] = []
    waiting: list[int] = []
    wanted, pen, rise = 0.0, 0, 0.0
    for (gid, advance, dx, dy), width in zip(glyphs, widths, strict=True):
        gap = round(pen - (wanted + dx) * scale)
        if gap or dy != rise:
            pieces.append(_string(waiting))
            waiting = []
            if dy != rise:
                rise = dy
                pieces.append(b"]TJ %s Ts[" % _number(rise))
            if gap:
                pieces.append(b"%d" % gap)
        waiting.append(gid)
        pen += width - gap
        wanted += advance
    if not pieces:
        return _string(waiting) + b"Tj"
    return b"[%s%s]TJ%s" % (b"".join(pieces), _string(waiting), b" 0 Ts" if rise else b"")


def _string(gids: Sequence[int]) -> bytes:
    packed = struct.pack(f">{len(gids)}H", *gids)
    for special in (b"\\", b"(", b")"):
        packed = packed.replace(special, b"\\" + special)
    return b"(%s)" % packed.replace(b"\r", b"\\r")


def _shape(mark: Rule | Bars | Matrix | Picture, dot: float, resources: Resources) -> bytes:
    if isinstance(mark, Rule):
        box = b" ".join(map(_number, (mark.x, mark.y, mark.width, mark.height)))
        return b"%s %s re f" % (_colour(mark.ink), box)
    if isinstance(mark, Bars):
        return _placed(mark, mark.module * dot, mark.height * dot, dot, _bars(mark.widths) + b"f")
    if isinstance(mark, Matrix):
        side = len(mark.rows) * mark.module * dot
        return _placed(mark, side, side, dot, _modules(mark.rows))
    name = resources.picture(mark)
    return _placed(mark, mark.width * dot, mark.height * dot, dot, b"/%s Do" % name)


def _placed(
    mark: Bars | Matrix | Picture, width: float, height: float, dot: float, drawing: bytes
) -> bytes:
    """A unit of the drawing becomes ``width`` x ``height`` points, on the dot grid, in black."""
    matrix = (exact(width), exact(height), exact(mark.x * dot), exact(mark.y * dot))
    return b"q 0 g %s 0 0 %s %s %s cm\n%s Q" % (*matrix, drawing)


def _bars(widths: Sequence[int]) -> bytes:
    left = 0
    path = []
    for place, width in enumerate(widths):
        if place % 2 == 0:
            path.append(b"%d 0 %d 1 re\n" % (left, width))
        left += width
    return b"".join(path)


def _modules(rows: Sequence[int]) -> bytes:
    """A stencil, a sample a module: a fifth of the bytes of a path and as sharp, for samples fall
    on whole dots. In hexadecimal, so that no data reads as the end of it."""
    side = len(rows)
    width = (side + 7) // 8
    spare = 8 * width - side
    samples = b"".join([(row << spare).to_bytes(width, "big") for row in rows])
    return b"BI/W %d/H %d/IM true/D[1 0]/F/AHx ID %s>EI" % (side, side, samples.hex().encode())


def _colour(ink: str) -> bytes:
    if ink in ("black", "white"):
        return b"0 g" if ink == "black" else b"1 g"
    parts = (_number(int(ink[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return b"%s %s %s rg" % tuple(parts)


def _number(value: float) -> bytes:
    """To a hundredth of a point, a seventh of the finest printer's dot."""
    return b"%g" % round(value, 2)


def exact(value: float) -> bytes:
    """For what lies on the dot grid and for the grid itself: to a millionth of a point."""
    return (b"%.6f" % value).rstrip(b"0").rstrip(b".")
