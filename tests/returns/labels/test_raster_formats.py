"""PNG and ZPL: what a printer and a phone get is read back."""

from __future__ import annotations

import re
import zlib
from base64 import b64decode
from binascii import crc_hqx
from io import BytesIO

import pytest
from PIL import Image

from oms_portal.returns.labels.png import png
from oms_portal.returns.labels.sizes import SIZES
from oms_portal.returns.labels.templates import lay_out
from oms_portal.returns.labels.zpl import images, zpl
from tests.returns.labels import reading

from .paper import DRESS, label


pytestmark = pytest.mark.once


def test_a_picture_has_a_pixel_for_each_dot() -> None:
    for dpi, size in ((203, (812, 1218)), (300, (1200, 1800))):
        pages = lay_out(label(), "4x6", DRESS, dpi)
        image = Image.open(BytesIO(png(pages[0], dpi)))
        assert (image.size, image.mode) == (size, "L")
        assert image.info["dpi"] == pytest.approx((dpi, dpi), abs=0.1)
        assert reading.zxing(image) == set(pages[0].codes)


def test_a_brands_colour_shows_on_office_paper() -> None:
    (page,) = lay_out(label(), "a4", DRESS)
    assert Image.open(BytesIO(png(page))).mode == "RGB"


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("size", SIZES)
def test_what_a_label_printer_prints_is_read(size: str, dpi: int) -> None:
    pages = lay_out(label(), size, DRESS, dpi)
    (found,) = images(zpl(pages, dpi))
    assert found[1] == dpi
    assert reading.zxing(found[0]) == set(pages[0].codes)
    assert reading.zbar(found[0]) == set(pages[0].codes)


def test_zpl_is_what_the_guide_says() -> None:
    content = zpl(lay_out(label(), "4x6", DRESS))
    told = re.fullmatch(
        rb"\^XA\^FX 203 dpi\^FS\^PW812\^LL1218\^LH0,0\^FO0,0\^GFA,(\d+),(\d+),102,:Z64:(.*):(....)\^FS\^XZ\n",
        content,
    )
    assert told
    total, size, data, crc = told.groups()
    assert int(total) == int(size) == 102 * 1218
    assert len(zlib.decompress(b64decode(data))) == 102 * 1218
    assert crc_hqx(data, 0) == int(crc, 16)


def test_the_crc_is_that_of_labels_that_printers_take() -> None:
    assert crc_hqx(b"eJxjYKAnOADEDxgYGD8AMZBmBvKZgULsQMxEV4fAAQBLYQRC", 0) == 0x3CC2


def test_commands_in_somebodys_words_do_not_reach_the_printer() -> None:
    content = zpl(lay_out(label(order="^XA^JUN^XZ~JR"), "4x6", DRESS))
    assert content.count(b"^XA") == content.count(b"^XZ") == 1
    assert b"^JUN" not in content and b"~JR" not in content


def test_each_page_is_a_label() -> None:
    pages = lay_out(label(), "4x6", DRESS) * 3
    assert zpl(pages).count(b"^XA") == 3


def test_another_grid_is_refused() -> None:
    with pytest.raises(ValueError, match="laid out for 300 dpi"):
        zpl(lay_out(label(), "4x6", DRESS), 300)


def test_the_same_label_has_the_same_bytes() -> None:
    pages = lay_out(label(), "4x6", DRESS)
    assert zpl(pages) == zpl(pages)
    assert png(pages[0]) == png(pages[0])


def test_a_damaged_label_is_not_taken_for_one() -> None:
    content = zpl(lay_out(label(), "4x6", DRESS))
    with pytest.raises(ValueError, match="came to harm"):
        list(images(content.replace(b":Z64:eN", b":Z64:eM")))
    with pytest.raises(ValueError, match="no label"):
        list(images(b"^XA^FDhello^FS^XZ"))
