"""A carrier's own label, handed on byte for byte: never scaled, never rewritten, only looked at.

``look`` says whether it can be handed on, which page bears the label and what its codes say. PDF
is read by name, so that nothing in it runs when a clerk opens it: no scripts, no launching, no
embedded files (ISO 32000-1, 12.6.4 and 7.11.4).
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

import pypdfium2
import zxingcpp
from PIL import Image, UnidentifiedImageError

from .contract import File


MAX_BYTES = 5 * 1024 * 1024
MAX_PAGES = 10
MIN_DPI = 200
# The longest side of a page that can be a label or the sheet it lies on: A3, in points.
_MAX_SIDE = 1200.0
_MAX_PIXELS = 40_000_000
_DPI = 203
_MAX_INFLATED = 20 * 1024 * 1024
# Thermal labels are 4 inches wide; a picture that doesn't say its resolution is taken as one.
_LABEL_INCHES = 4
# Names that compressed bytes spell by chance (/JS) are left out: no script runs without the others.
_FORBIDDEN = re.compile(
    rb"/(JavaScript|Launch|EmbeddedFiles?|RichMedia|SubmitForm|ImportData|GoToR|GoToE|Encrypt)"
    rb"(?![A-Za-z0-9])|/(XFA)(?=[\s\[])"
)
_HEXED = re.compile(rb"#([0-9A-Fa-f]{2})")
# A letter of a name may be written in hex.
_OBJSTM = b"".join(b"(?:%c|#%02x)" % (letter, letter) for letter in b"ObjStm")
_STREAM = re.compile(
    rb"/" + _OBJSTM + rb"(?![A-Za-z0-9]).*?stream\r?\n(.*?)endstream", re.DOTALL | re.IGNORECASE
)


class Unfit(ValueError):
    """It can't be handed on; the words are for staff."""


@dataclass(frozen=True)
class Seen:
    """``page`` (from 1) bears the label; ``codes`` are its codes as (symbology, text), () for ZPL,
    which nobody here can read."""

    page: int = 1
    codes: tuple[tuple[str, str], ...] = ()


def look(file: File, tracking_number: str = "") -> Seen:
    """Raises Unfit."""
    if not file.content:
        raise Unfit("The carrier sent an empty file.")
    if len(file.content) > MAX_BYTES:
        raise Unfit("The carrier’s file is larger than 5 MB.")
    seen = _LOOKS[file.media_type](file, tracking_number)
    if file.media_type != "application/zpl" and not seen.codes:
        raise Unfit("No code on the carrier’s label can be read.")
    return seen


def _look_at_pdf(file: File, tracking_number: str) -> Seen:
    if not file.content.startswith(b"%PDF-"):
        raise Unfit("The carrier’s file is no PDF.")
    if word := forbidden(file.content):
        raise Unfit(f"The carrier’s PDF has something in it that a label has not: {word}.")
    try:
        with pypdfium2.PdfDocument(file.content) as document:
            return _label_page(document, file.page, tracking_number)
    except pypdfium2.PdfiumError as error:
        raise Unfit("The carrier’s PDF can’t be read.") from error


def forbidden(content: bytes) -> str:
    """The first name in a PDF that would make it do something; "" where there is none."""
    for part in (content, *_object_streams(content)):
        plain = _HEXED.sub(lambda found: bytes([int(found[1], 16)]), part)
        if found := _FORBIDDEN.search(plain):
            return (found[1] or found[2]).decode()
    return ""


def _object_streams(content: bytes) -> Iterator[bytes]:
    """What lies in compressed object streams, where names hide from a plain search."""
    left = _MAX_INFLATED
    for found in _STREAM.finditer(content):
        try:
            part = zlib.decompressobj().decompress(found[1], left)
        except zlib.error as error:
            raise Unfit(
                "The carrier’s PDF is packed in a way that can’t be looked into."
            ) from error
        left -= len(part)
        if left <= 0:
            raise Unfit("The carrier’s PDF is larger inside than a label can be.")
        yield part


def _label_page(document: pypdfium2.PdfDocument, told: int | None, number: str) -> Seen:
    """The page with the tracking number, else the first with any code (a return label may well be
    page 2 of the papers)."""
    count = len(document)
    if not 1 <= count <= MAX_PAGES:
        raise Unfit(f"The carrier’s PDF has {count} pages.")
    if told is not None and not 1 <= told <= count:
        raise Unfit(f"The carrier’s PDF has no page {told}.")
    first: Seen | None = None
    for page in [told] if told is not None else range(1, count + 1):
        codes = _codes_on(document[page - 1])
        if any(number and number in text for _, text in codes):
            return Seen(page, codes)
        if codes and first is None:
            first = Seen(page, codes)
    return first or Seen(told or 1)


def _codes_on(page: pypdfium2.PdfPage) -> tuple[tuple[str, str], ...]:
    width, height = page.get_size()
    if max(width, height) > _MAX_SIDE:
        raise Unfit("A page of the carrier’s PDF is larger than A3.")
    return _codes(page.render(scale=_DPI / 72, grayscale=True).to_pil())


def _look_at_png(file: File, tracking_number: str) -> Seen:
    try:
        with Image.open(BytesIO(file.content), formats=["PNG"]) as picture:
            width, height = picture.size
            if width * height > _MAX_PIXELS:
                raise Unfit("The carrier’s picture is too large.")
            told = picture.info.get("dpi", (0, 0))[0] or min(width, height) / _LABEL_INCHES
            # Resolutions are kept in whole dots a metre: 203 dpi come back as 202.9968.
            if round(told) < MIN_DPI:
                raise Unfit(
                    f"The carrier’s picture has {round(told)} dots an inch; 200 are needed."
                )
            return Seen(1, _codes(picture.convert("L")))
    except (OSError, SyntaxError, ValueError, UnidentifiedImageError) as error:
        if isinstance(error, Unfit):
            raise
        raise Unfit("The carrier’s file is no PNG.") from error


def _look_at_zpl(file: File, tracking_number: str) -> Seen:
    """Begins and ends as a label format does (ZPL II Programming Guide, ^XA and ^XZ), and touches
    neither the printer's files nor its settings."""
    text = file.content.strip()
    if not (text.startswith((b"^XA", b"~DG", b"~DY")) and text.endswith(b"^XZ")):
        raise Unfit("The carrier’s file is no ZPL.")
    if found := re.search(rb"\^(JU|NC|ND|NS|KP|SX)|~(JR|JC|JP|WR)", text, re.IGNORECASE):
        command = found[0].decode()
        raise Unfit(f"The carrier’s ZPL would change the printer’s settings ({command}).")
    return Seen()


def _codes(picture: Image.Image) -> tuple[tuple[str, str], ...]:
    found = zxingcpp.read_barcodes(picture)
    return tuple((code.format.name, code.text) for code in found if code.text)


_LOOKS = {
    "application/pdf": _look_at_pdf,
    "image/png": _look_at_png,
    "application/zpl": _look_at_zpl,
}
