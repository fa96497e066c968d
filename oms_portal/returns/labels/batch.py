"""Many labels in one PDF, written as they come: what is out is forgotten.

A label that can't be printed is left out with its reason; it takes no place on a sheet, and no
other label changes for it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from django.utils.translation import gettext

from .content import drawn, exact
from .data import Dress, LabelData
from .marks import Page
from .pdf import Document
from .sizes import MM_PER_INCH, SHEETS, Sheet
from .templates import lay_out


_DPI = 203
Labels = Iterable[tuple[Hashable, LabelData]]
# Each in what it wears.
Dressed = Iterable[tuple[Hashable, LabelData, Dress]]


@dataclass
class Result:
    """How many labels were printed (copies not counted), and which were not: (id, why)."""

    ok: int = 0
    skipped: list[tuple[Hashable, str]] = field(default_factory=list)


def write(
    labels: Labels,
    size: str,
    dress: Dress,
    out: BinaryIO,
    *,
    sheet: str = "",
    start: int = 1,
    copies: int = 1,
) -> Result:
    """``stream`` into a file, all of them in one dress. Nothing is written if no label can be printed."""
    result = Result()
    dressed = ((name, data, dress) for name, data in labels)
    for piece in stream(dressed, size, sheet=sheet, start=start, copies=copies, result=result):
        out.write(piece)
    return result


def stream(
    labels: Dressed,
    size: str,
    *,
    sheet: str = "",
    start: int = 1,
    copies: int = 1,
    result: Result | None = None,
) -> Iterator[bytes]:
    """The document in pieces; ``result`` is filled on the way.

    ``sheet`` is a code of SHEETS, which then has the labels' size; ``start`` the first spot that is
    still free on its first page. Each label comes ``copies`` times. ValueError for a start that the
    sheet does not have.
    """
    paper = SHEETS[sheet] if sheet else None
    if copies < 1 or not 1 <= start <= (paper.spots if paper else 1):
        raise ValueError("Labels come once at least, and start on a spot of the sheet.")
    result = Result() if result is None else result
    document = Document()
    pages = _Spots(document, paper, start - 1) if paper else _Pages(document)
    language = ""
    for name, data, dress in labels:
        try:
            drawing = [
                (page, drawn(page, document.resources))
                for page in lay_out(data, paper.cell.code if paper else size, dress)
            ]
        except ValueError as error:
            result.skipped.append((name, str(error)))
            continue
        for page, content in drawing * copies:
            yield pages.put(page, content)
        result.ok += 1
        language = language or data.language
    yield pages.rest()
    if result.ok:
        yield document.end(gettext("Labels"), language)


class _Pages:
    """A label is a page."""

    def __init__(self, document: Document) -> None:
        self.document = document

    def put(self, page: Page, content: bytes) -> bytes:
        return self.document.page(page.width, page.height, content)

    def rest(self) -> bytes:
        return b""


class _Spots(_Pages):
    """Several labels a page, row by row; a page goes out when its last spot is taken."""

    def __init__(self, document: Document, sheet: Sheet, spot: int) -> None:
        super().__init__(document)
        self.sheet, self.spot = sheet, spot
        self.waiting: list[bytes] = []

    def put(self, page: Page, content: bytes) -> bytes:
        x, y = map(_on_grid, self.sheet.corner(self.spot))
        turn = b"1 0 0 1"
        if self.sheet.turned:
            turn, x = b"0 1 -1 0", x + _on_grid(page.height)
        self.waiting.append(b"q %s %s %s cm\n%s\nQ" % (turn, exact(x), exact(y), content))
        self.spot += 1
        return self.rest() if self.spot == self.sheet.spots else b""

    def rest(self) -> bytes:
        if not self.waiting:
            return b""
        size = self.sheet.page
        content = b"\n".join(self.waiting)
        self.spot, self.waiting = 0, []
        return self.document.page(size.width, size.height, content)


def _on_grid(mm: float) -> float:
    """In points, on a whole dot of 203 dpi, as what is drawn on it."""
    return round(mm / MM_PER_INCH * _DPI) * 72 / _DPI
