"""Proof that a label can be read: its codes are decoded from dots, by another's decoder, and
compared. Paper that nobody can scan must not leave the portal."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from io import BytesIO

import zxingcpp
from django.utils.translation import gettext
from PIL import Image

from . import zpl
from .codes import code128, qr
from .raster import rasters


DPI = 203
# In millimetres, a tenth of a dot less than 3 dots of 203 dpi for bars and 4 for QR codes.
_FINEST = {"Code128": 0.363, "QRCode": 0.488}
_IS_DARK = [255] * 128 + [0] * 128
# What scanners are set to; of other kinds a decoder finds some in any text.
_KINDS = zxingcpp.BarcodeFormat
_READ = zxingcpp.BarcodeFormats(
    [_KINDS.Code128, _KINDS.Code39, _KINDS.EAN13, _KINDS.QRCode, _KINDS.DataMatrix]
)
_BAR_QUIET, _QR_QUIET = 10, 4


class Unreadable(ValueError):
    """What is wrong with the label, in words for staff."""


def prove(content: bytes, media_type: str, codes: Iterable[tuple[str, str]]) -> None:
    """Read all codes of all pages; they must be ``codes``, (symbology, text) each, and no others,
    no finer than a printer of 203 dpi prints them well, with their quiet zones. Unreadable.

    Of PDFs each page is drawn at 203 dpi; PNG and ZPL (``application/zpl``) are taken as they are.
    """
    found: Counter[tuple[str, str]] = Counter()
    for image, dpi in _images(content, media_type):
        for code in zxingcpp.read_barcodes(image, formats=_READ):
            says = code.format.name, code.bytes.decode("utf-8", "replace")
            found[says] += 1
            _check(image, dpi, code, says)
    expected = Counter(codes)
    for missing in expected - found:
        raise Unreadable(
            gettext("This can’t be read from the label: %(text)s") % {"text": missing[1]}
        )
    for more in found - expected:
        words = gettext("This can be read from the label but is none of its codes: %(text)s")
        raise Unreadable(words % {"text": more[1]})


def _images(content: bytes, media_type: str) -> Iterator[tuple[Image.Image, float]]:
    try:
        if media_type == "application/pdf":
            yield from ((image, DPI) for image in rasters(content, DPI))
        elif media_type == "image/png":
            picture = Image.open(BytesIO(content), formats=["PNG"])
            yield picture.convert("L"), picture.info["dpi"][0]
        else:
            yield from zpl.images(content)
    except (ValueError, OSError, KeyError, zlib.error) as error:
        raise Unreadable(gettext("This is no label that can be read.")) from error


def _check(image: Image.Image, dpi: float, code: zxingcpp.Barcode, says: tuple[str, str]) -> None:
    """Size and quiet zone, by the dots themselves."""
    symbology, text = says
    if symbology not in _FINEST:
        return
    measure = _bars if symbology == "Code128" else _square
    module, is_quiet = measure(image, code, text)
    if module * 25.4 / dpi < _FINEST[symbology]:
        raise Unreadable(gettext("The code %(text)s is too small.") % {"text": text})
    if not is_quiet:
        words = gettext("There is too little white space around the code %(text)s.")
        raise Unreadable(words % {"text": text})


def _bars(image: Image.Image, code: zxingcpp.Barcode, text: str) -> tuple[float, bool]:
    """The module in dots, and whether both quiet zones are white, where a ray would go through."""
    left, top, right, bottom = _box(code)
    if code.orientation % 180:
        line = image.crop(((left + right) // 2, 0, (left + right) // 2 + 1, image.height))
        start, end = top, bottom
    else:
        line = image.crop((0, (top + bottom) // 2, image.width, (top + bottom) // 2 + 1))
        start, end = left, right
    module = (end - start) / sum(code128(text, code.symbology_identifier == "]C1"))
    dots = line.point(_IS_DARK).tobytes()
    quiet = round(_BAR_QUIET * module) - 1
    beside = dots[max(start - quiet, 0) : start] + dots[end : end + quiet]
    return module, len(beside) == 2 * quiet and not any(beside)


def _square(image: Image.Image, code: zxingcpp.Barcode, text: str) -> tuple[float, bool]:
    """The same for a QR code of ours, around which it is white."""
    left, top, right, bottom = _box(code)
    module = (right - left) / len(qr(text))
    quiet = round(_QR_QUIET * module) - 1
    around = (left - quiet, top - quiet, right + quiet, bottom + quiet)
    seen = image.crop(around)
    seen.paste(255, (quiet, quiet, seen.width - quiet, seen.height - quiet))
    is_on_paper = min(around) >= 0 and around[2] <= image.width and around[3] <= image.height
    return module, is_on_paper and not seen.point(_IS_DARK).getbbox()


def _box(code: zxingcpp.Barcode) -> tuple[int, int, int, int]:
    """Left, top, and right and bottom behind the last dots."""
    at = code.position
    corners = (at.top_left, at.top_right, at.bottom_right, at.bottom_left)
    across, down = [corner.x for corner in corners], [corner.y for corner in corners]
    return min(across), min(down), max(across) + 1, max(down) + 1
