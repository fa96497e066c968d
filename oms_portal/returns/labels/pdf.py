"""PDFs of labels, written page by page: nothing of a page is kept once it is out.

reportlab's objects make the document's frame; its canvas would hold all pages until the last, and
embeds fonts eight bits at a time. Same pages, same bytes: no clock, no random ids.
"""

from __future__ import annotations

import hashlib
import zlib
from array import array
from collections.abc import Iterator, Sequence

from reportlab.pdfbase.pdfdoc import (
    PDFArrayCompact,
    PDFString,
    ViewerPreferencesPDFDictionary,
)

from .content import drawn, exact
from .marks import Page
from .objects import dictionary, reference
from .resources import Resources
from .sizes import MM_PER_INCH


_HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
_CATALOG, _PAGES, _INFO = range(1, 4)
_PRODUCER = "wagtail-oms-portal"


class Document:
    """What ``page`` and ``end`` return, put together, is the file."""

    def __init__(self) -> None:
        self.resources = Resources()
        self._offsets = array("Q", bytes(8 * (_INFO + 1)))
        self._pages = array("L")
        self._length = 0
        self._digest = hashlib.sha256()

    def page(self, width: float, height: float, content: bytes) -> bytes:
        """Add a page of ``width`` x ``height`` mm with its operators (``content.drawn``)."""
        out = [] if self._length else [self._sent(_HEADER)]
        packed = zlib.compress(content)
        told = b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed)
        shows = self._put(out, told)
        box = exact(width / MM_PER_INCH * 72), exact(height / MM_PER_INCH * 72)
        entries = b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 %s %s]/Contents %d 0 R>>"
        self._pages.append(self._put(out, entries % (_PAGES, *box, shows)))
        return b"".join(out)

    def end(self, title: str, language: str) -> bytes:
        """Fonts, the list of pages and all that belongs to the whole."""
        out: list[bytes] = []
        resources = self.resources.objects(lambda body: self._put(out, body))
        pages = dictionary(
            Type="/Pages",
            Resources=resources,
            Kids=f"[{' '.join(map(reference, self._pages))}]",
            Count=len(self._pages),
        )
        self._put(out, pages, _PAGES)
        info = dictionary(Title=PDFString(title), Producer=PDFString(_PRODUCER))
        self._put(out, info, _INFO)
        self._put(out, _catalog(language), _CATALOG)
        out += self._index()
        return b"".join(out)

    def _index(self) -> Iterator[bytes]:
        start = self._length
        yield b"xref\n0 %d\n0000000000 65535 f \n" % len(self._offsets)
        yield from (b"%010d 00000 n \n" % offset for offset in self._offsets[1:])
        digest = b"<%s>" % self._digest.hexdigest()[:32].encode()
        trailer = dictionary(
            Size=len(self._offsets),
            Root=reference(_CATALOG),
            Info=reference(_INFO),
            ID=PDFArrayCompact([digest, digest]),
        )
        yield b"trailer\n%s\nstartxref\n%d\n%%%%EOF\n" % (trailer, start)

    def _put(self, out: list[bytes], body: bytes, at: int = 0) -> int:
        """Write an object, under the next number if it has none."""
        if not at:
            at = len(self._offsets)
            self._offsets.append(0)
        self._offsets[at] = self._length
        out.append(self._sent(b"%d 0 obj\n%s\nendobj\n" % (at, body)))
        return at

    def _sent(self, data: bytes) -> bytes:
        self._length += len(data)
        self._digest.update(data)
        return data


def _catalog(language: str) -> bytes:
    """A label is printed at its own size: viewers are told not to fit it to the paper."""
    preferences = ViewerPreferencesPDFDictionary()
    preferences["PrintScaling"] = "None"
    preferences["DisplayDocTitle"] = "true"
    return dictionary(
        Type="/Catalog",
        Pages=reference(_PAGES),
        Lang=PDFString(language),
        ViewerPreferences=preferences,
    )


def pdf(pages: Sequence[Page]) -> bytes:
    """A document of these pages, one at least; its title and language are the first one's."""
    document = Document()
    written = [
        document.page(page.width, page.height, drawn(page, document.resources)) for page in pages
    ]
    if not pages:
        raise ValueError("A document has a page.")
    return b"".join((*written, document.end(pages[0].title, pages[0].language)))
