"""Labels for Zebra's printers, and all that understand ZPL II: pages as pictures of one bit a dot.

A printer's own fonts have few scripts and its own bar codes a look of their own; so what is sent
is the very label that PDF and PNG show. ``^`` and ``~`` of somebody's text can't reach the printer.
"""

from __future__ import annotations

import re
import zlib
from base64 import b64decode, b64encode
from binascii import crc_hqx
from collections.abc import Iterator, Sequence

from PIL import Image

from .marks import Page
from .pdf import pdf
from .raster import rasters


# Lighter than half: thin strokes of small letters are seldom a whole dot wide.
_INK = [255] * 170 + [0] * 86
_FORMAT = b"^XA^FX %d dpi^FS^PW%d^LL%d^LH0,0^FO0,0^GFA,%d,%d,%d,:Z64:%s:%04X^FS^XZ\n"
_READ = re.compile(
    rb"\^FX (\d+) dpi\^FS\^PW(\d+)\^LL(\d+)[^:]*:Z64:([\w+/=]*):([0-9A-F]{4})\^FS\^XZ"
)


def zpl(pages: Sequence[Page], dpi: int = 203) -> bytes:
    """One format (^XA to ^XZ) a page. ValueError for pages laid out on another dot grid."""
    if any(page.dpi != dpi for page in pages):
        raise ValueError(f"Pages for a printer of {dpi} dpi are laid out for {dpi} dpi.")
    return b"".join(_format(image, dpi) for image in rasters(pdf(pages), dpi))


def _format(image: Image.Image, dpi: int) -> bytes:
    """Z64 is deflated, in base 64, with the CRC of that (ZPL II Programming Guide, B64 and Z64)."""
    bits = image.point(_INK, "1").tobytes()
    data = b64encode(zlib.compress(bits, 9))
    size, row = len(bits), (image.width + 7) // 8
    return _FORMAT % (dpi, *image.size, size, size, row, data, crc_hqx(data, 0))


def images(content: bytes) -> Iterator[tuple[Image.Image, int]]:
    """What a printer prints for ``zpl``'s formats, and its dpi. ValueError, zlib.error."""
    formats = _READ.findall(content)
    if not formats:
        raise ValueError("This holds no label.")
    for dpi, width, height, data, crc in formats:
        if crc_hqx(data, 0) != int(crc, 16):
            raise ValueError("A picture came to harm.")
        bits = zlib.decompress(b64decode(data))
        ink = Image.frombytes("1", (int(width), int(height)), bits)
        yield ink.point([255, *[0] * 255], "L"), int(dpi)
