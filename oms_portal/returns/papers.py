"""The papers of a parcel: which there are, in which size and format, and their bytes. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from typing import TYPE_CHECKING

from .labels import batch, pdf, png, zpl
from .labels.data import Dress, LabelData
from .labels.sizes import SHEETS, SIZES
from .labels.templates import TEMPLATES, lay_out


if TYPE_CHECKING:
    from .labels.marks import Page


PDF, PNG, ZPL = "pdf", "png", "zpl"
MEDIA: Mapping[str, str] = {PDF: "application/pdf", PNG: "image/png", ZPL: "application/zpl"}
FORMATS: Mapping[str, str] = {media: ending for ending, media in MEDIA.items()}
DPIS = (203, 300)
# Papers of several pages are no pictures, and nothing for a label printer.
_PAGES = frozenset({"slip", "cn22", "cn23"})
# Of use to whoever receives the goods alone.
STAFF = frozenset({"putaway", "sscc"})
CUSTOMS = frozenset({"cn22", "cn23"})
# With these a parcel travels: staff too get them of a label that is alive alone.
ENTITLING = frozenset({"return", "qr", "sscc"})
# Where office printers take Letter (CLDR, paperSize).
_PAPER = "BZ CA CL CO CR GT MX NI PA PH PR SV US VE"
_LETTER = frozenset(_PAPER.split())


@dataclass(frozen=True)
class Paper:
    """``template`` in ``size``, or on a ``sheet`` from its spot ``start`` (from 1) on; ``dpi`` is
    that of a picture or a label printer."""

    template: str
    format: str = PDF
    size: str = "a4"
    dpi: int = 203
    sheet: str = ""
    start: int = 1

    @property
    def name(self) -> str:
        """What tells two dresses of one label apart: "a4", "4x6-300", "a4-4.3"."""
        if self.sheet:
            return f"{self.sheet}.{self.start}"
        return self.size if self.format == PDF else f"{self.size}-{self.dpi}"

    @property
    def media_type(self) -> str:
        return MEDIA[self.format]


def read(template: str, format: str, asked: Mapping[str, str], country: str) -> Paper | None:
    """What somebody asked for; None of what there is not. ``country``: where it is printed."""
    paper = Paper(
        template=template,
        format=format,
        size=asked.get("size") or usual_size(template, country),
        dpi=_number(asked.get("dpi", ""), DPIS[0]),
        sheet=asked.get("sheet", ""),
        start=_number(asked.get("start", ""), 1),
    )
    return paper if _exists(paper) else None


def usual_size(template: str, country: str) -> str:
    """What the printer in an office there takes, and a label printer for what labels are made of."""
    if template in STAFF:
        return "4x6"
    return "letter" if country in _LETTER else "a4"


def draw(paper: Paper, data: LabelData, dress: Dress) -> tuple[bytes, tuple[tuple[str, str], ...]]:
    """The bytes, and what the codes on them must say. Raises ``templates.Unprintable``."""
    told = replace(data, template=paper.template)
    pages = lay_out(told, _cell(paper), dress, paper.dpi)
    codes = tuple(code for page in pages for code in page.codes)
    if paper.sheet:
        return _on_sheet(paper, told, dress), codes
    return _WRITERS[paper.format](pages, paper.dpi), codes


def _on_sheet(paper: Paper, data: LabelData, dress: Dress) -> bytes:
    out = BytesIO()
    label = (data.parcel, data)
    batch.write([label], _cell(paper), dress, out, sheet=paper.sheet, start=paper.start)
    return out.getvalue()


def _cell(paper: Paper) -> str:
    return SHEETS[paper.sheet].cell.code if paper.sheet else paper.size


def _exists(paper: Paper) -> bool:
    if paper.template not in TEMPLATES or paper.format not in MEDIA or paper.size not in SIZES:
        return False
    if paper.dpi not in DPIS or (paper.format != PDF and paper.template in _PAGES):
        return False
    if not paper.sheet:
        return paper.start == 1
    spots = SHEETS[paper.sheet].spots if paper.sheet in SHEETS else 0
    whole = paper.template in _PAGES or paper.format != PDF
    return not whole and 1 <= paper.start <= spots


def _number(text: str, usual: int) -> int:
    """-1, which fits nothing, for what is no number."""
    if not text:
        return usual
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else -1


def _pdf(pages: tuple[Page, ...], dpi: int) -> bytes:
    return pdf.pdf(pages)


def _png(pages: tuple[Page, ...], dpi: int) -> bytes:
    return png.png(pages[0], dpi)


def _zpl(pages: tuple[Page, ...], dpi: int) -> bytes:
    return zpl.zpl(pages, dpi)


_WRITERS = {PDF: _pdf, PNG: _png, ZPL: _zpl}
