"""The PDF as others see it: PDFium, and whoever searches or prints it."""

from __future__ import annotations

import re
import sys
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pypdfium2 as pdfium
import pytest

from oms_portal.returns.labels.marks import Glyph, Page, Picture, Rule, Run
from oms_portal.returns.labels.pdf import pdf
from oms_portal.returns.labels.raster import rasters
from oms_portal.returns.labels.sizes import SIZES
from oms_portal.returns.labels.templates import lay_out
from tests.returns.labels import reading

from .paper import DRESS, LOGO, SENDERS, label


pytestmark = pytest.mark.once


def drawn(size: str = "4x6", **told: object) -> bytes:
    return pdf(lay_out(label(**told), size, DRESS))


def text_of(content: bytes) -> str:
    with pdfium.PdfDocument(content) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


@pytest.mark.parametrize("size", SIZES)
def test_a_page_has_the_size_of_its_paper(size: str) -> None:
    with pdfium.PdfDocument(drawn(size)) as document:
        box = document[0].get_mediabox()
    points = (SIZES[size].width / 25.4 * 72, SIZES[size].height / 25.4 * 72)
    assert box == pytest.approx((0, 0, *points), abs=1e-4)


def test_viewers_are_told_not_to_scale_and_what_it_is() -> None:
    content = drawn()
    assert re.search(rb"/PrintScaling\s*/None", content)
    assert re.search(rb"/Lang \(en\)", content)
    with pdfium.PdfDocument(content) as document:
        assert document.get_metadata_value("Title") == "Return label R1234567894"


def test_all_fonts_are_embedded_by_glyph() -> None:
    content = drawn(sender=SENDERS["arabic"])
    fonts = set(re.findall(rb"/BaseFont /([A-Z]{6}\+[\w-]+)", content))
    assert {font.split(b"+")[1] for font in fonts} == {
        b"NotoSans-Regular",
        b"NotoSans-Bold",
        b"NotoSansArabic-Regular",
        b"NotoSansArabic-Bold",
    }
    assert content.count(b"/FontFile2") == len(fonts)
    assert content.count(b"/Identity-H") == len(fonts)


def test_its_text_can_be_searched() -> None:
    told = text_of(drawn())
    for words in ("Łódzkie Maszyny Sp. z o.o.", "ul. Długa 45-B", "SO-10023", "R1234567894"):
        assert words in told


def test_what_runs_to_the_left_is_told_in_the_order_of_reading() -> None:
    """Where glyphs alone would not tell it (ISO 32000-2, 14.9.4)."""
    for script, words in (("arabic", "شارع النخيل"), ("hebrew", "רחוב הזית")):
        told = actual_texts(drawn(sender=SENDERS[script]))
        assert any(words in text for text in told)
    assert actual_texts(drawn()) == []


def actual_texts(content: bytes) -> list[str]:
    (stream,) = re.findall(rb"/Length \d+>>stream\n(.*?)\nendstream", content, re.DOTALL)
    told = re.findall(rb"/ActualText<feff([0-9a-f]*)>", zlib.decompress(stream))
    return [bytes.fromhex(text.decode()).decode("utf-16-be") for text in told]


@pytest.mark.parametrize("script", SENDERS)
def test_the_same_label_has_the_same_bytes(script: str) -> None:
    assert drawn(sender=SENDERS[script]) == drawn(sender=SENDERS[script])


def test_another_label_has_others() -> None:
    assert drawn(order="SO-1") != drawn(order="SO-2")


def test_a_label_is_small() -> None:
    for script in ("latin", "greek", "cyrillic"):
        assert len(drawn(sender=SENDERS[script])) <= 20_000


def test_six_threads_draw_what_one_does() -> None:
    jobs = [(script, number) for number in range(20) for script in SENDERS]

    def work(job: tuple[str, int]) -> bytes:
        script, number = job
        return drawn(sender=SENDERS[script], order=f"SO-{number}")

    alone = [work(job) for job in jobs]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(6) as threads:
            together = list(threads.map(work, jobs))
    finally:
        sys.setswitchinterval(interval)
    assert together == alone


def test_codes_are_all_read_from_a_drawing_of_a_scanners_and_of_a_printers_resolution() -> None:
    (page,) = lay_out(label(), "4x6", DRESS)
    for dpi in (203, 300, 600):
        (image,) = rasters(pdf([page]), dpi)
        assert reading.zxing(image) == set(page.codes)
        assert reading.zbar(image) == set(page.codes)


def test_bars_fill_whole_dots() -> None:
    """On the printer's own grid nothing is grey."""
    (page,) = lay_out(label(), "100x150", DRESS)
    codes = replace(page, marks=tuple(mark for mark in page.marks if not isinstance(mark, Run)))
    bare = replace(codes, marks=tuple(m for m in codes.marks if not isinstance(m, Rule)))
    (image,) = rasters(pdf([bare]), page.dpi)
    assert not any(image.histogram()[2:254])


def test_a_picture_is_drawn_dot_by_dot() -> None:
    bits = bytes([0b10000001, 0b01000000])
    page = Page(25.4, 25.4, (Picture(bits, 8, 2, 10, 20),))
    (image,) = rasters(pdf([page]), 203)
    dark = {
        (x, image.height - 1 - y)
        for x in range(image.width)
        for y in range(image.height)
        if image.getpixel((x, y)) == 0
    }
    assert dark == {(10, 21), (17, 21), (11, 20)}


def test_hostile_words_stay_words() -> None:
    told = r"a)b\(c) Tj ET /F0 endstream endobj %PDF"
    content = drawn(order=told)
    assert "".join(told.split()) in "".join(text_of(content).split())
    with pdfium.PdfDocument(content) as document:
        assert len(document) == 1


def test_colours_and_moved_glyphs_are_drawn_where_they_belong() -> None:
    glyphs = (Glyph(36, 20.0, 0.0, 6.0), Glyph(36, 20.0, -2.0, 0.0))
    page = Page(50, 50, (Run("NotoSans-Bold", 20, 20, 20, glyphs, "AA", "#ff0000"),))
    (image,) = rasters(pdf([page]), 72, colour=True)
    reds = [
        (x, image.height - 1 - y)
        for x in range(image.width)
        for y in range(image.height)
        if image.getpixel((x, y)) == (255, 0, 0)
    ]
    first = [y for x, y in reds if x < 37]
    second = [y for x, y in reds if x >= 37]
    assert (min(first), min(second)) == (26, 20)


def test_a_document_has_a_page() -> None:
    with pytest.raises(ValueError, match="has a page"):
        pdf([])


def test_logos_are_kept_once() -> None:
    pages = lay_out(label(), "4x6", replace(DRESS, logo=LOGO)) * 2
    assert pdf(pages).count(b"/ImageMask true") == 1
