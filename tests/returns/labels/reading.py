"""Two decoders that know nothing of each other, and codes drawn for them as plain dots."""

from __future__ import annotations

from collections.abc import Sequence

import zxingcpp
from PIL import Image
from pyzbar import pyzbar


def zxing(image: Image.Image) -> set[tuple[str, str]]:
    """(symbology, text) of all codes in an image."""
    found = zxingcpp.read_barcodes(image)
    return {(code.format.name, code.bytes.decode()) for code in found}


def zbar(image: Image.Image) -> set[tuple[str, str]]:
    names = {"CODE128": "Code128", "QRCODE": "QRCode"}
    kinds = [pyzbar.ZBarSymbol.CODE128, pyzbar.ZBarSymbol.QRCODE]
    return {(names[code.type], code.data.decode()) for code in pyzbar.decode(image, kinds)}


def bars(widths: Sequence[int], module: int = 3, quiet: int = 10) -> Image.Image:
    """A bar code as a picture, 60 dots high."""
    line = bytearray(b"\xff" * quiet)
    for place, width in enumerate(widths):
        line += (b"\xff" if place % 2 else b"\x00") * width
    line += b"\xff" * quiet
    image = Image.frombytes("L", (len(line), 1), bytes(line))
    return image.resize((len(line) * module, 60), Image.Resampling.NEAREST)


def square(rows: Sequence[int], module: int = 4, quiet: int = 4) -> Image.Image:
    """A QR code as a picture."""
    side = len(rows)
    image = Image.new("L", (side + 2 * quiet, side + 2 * quiet), 255)
    for row, bits in enumerate(rows):
        for column in range(side):
            if bits >> (side - 1 - column) & 1:
                image.putpixel((quiet + column, quiet + row), 0)
    return image.resize((image.width * module,) * 2, Image.Resampling.NEAREST)
