"""A label that cannot be read is not released."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image

from oms_portal.returns.labels.codes import code128, qr
from oms_portal.returns.labels.marks import Bars, Mark, Matrix, Page, Rule
from oms_portal.returns.labels.pdf import pdf
from oms_portal.returns.labels.png import png
from oms_portal.returns.labels.proof import Unreadable, prove
from oms_portal.returns.labels.templates import lay_out
from oms_portal.returns.labels.zpl import zpl

from .paper import DRESS, label


pytestmark = pytest.mark.once

PDF, PNG, ZPL = "application/pdf", "image/png", "application/zpl"
CODE = "R123456789018"
BARS = Bars(code128(CODE), 120, 300, 4, 200, CODE)


def paper(*marks: Mark) -> Page:
    return Page(101.6, 152.4, marks)


def square(module: int, x: int = 200, y: int = 700) -> Matrix:
    return Matrix(qr(CODE), x, y, module, CODE)


@pytest.mark.parametrize("dpi", [203, 300])
def test_a_label_proves_itself_in_each_format(dpi: int) -> None:
    pages = lay_out(label(), "4x6", DRESS, dpi)
    codes = pages[0].codes
    assert len(codes) == 2
    prove(pdf(pages), PDF, codes)
    prove(png(pages[0], dpi), PNG, codes)
    prove(zpl(pages, dpi), ZPL, codes)


def test_a_code_that_is_not_there_is_missed() -> None:
    page = paper(BARS)
    with pytest.raises(Unreadable, match="can’t be read from the label: R999"):
        prove(pdf([page]), PDF, [*page.codes, ("Code128", "R999")])


def test_a_code_that_says_something_else_is_missed() -> None:
    page = paper(replace(BARS, text="R123456789026"))
    with pytest.raises(Unreadable, match="R123456789026"):
        prove(pdf([page]), PDF, page.codes)


def test_the_same_words_in_another_symbology_are_not_the_same() -> None:
    with pytest.raises(Unreadable, match="can’t be read"):
        prove(pdf([paper(BARS)]), PDF, [("QRCode", CODE)])


def test_a_code_too_many_is_told() -> None:
    with pytest.raises(Unreadable, match=f"none of its codes: {CODE}"):
        prove(pdf([paper(BARS)]), PDF, [])


def test_each_of_two_pages_counts() -> None:
    page = paper(BARS)
    prove(pdf([page, page]), PDF, page.codes * 2)
    with pytest.raises(Unreadable):
        prove(pdf([page, page]), PDF, page.codes)
    with pytest.raises(Unreadable):
        prove(pdf([page]), PDF, page.codes * 2)


def test_a_code_that_something_lies_upon_is_missed() -> None:
    page = paper(BARS, Rule(20, 90, 250, 120))
    with pytest.raises(Unreadable, match="can’t be read"):
        prove(pdf([page]), PDF, page.codes)


@pytest.mark.parametrize(("module", "fine"), [(2, False), (3, True), (4, True)])
def test_bars_have_three_dots_at_least(module: int, fine: bool) -> None:
    page = paper(replace(BARS, module=module))
    if fine:
        return prove(pdf([page]), PDF, page.codes)
    with pytest.raises(Unreadable, match="too small"):
        prove(pdf([page]), PDF, page.codes)


@pytest.mark.parametrize(("module", "fine"), [(3, False), (4, True), (5, True)])
def test_qr_codes_have_four_dots_at_least(module: int, fine: bool) -> None:
    page = paper(square(module))
    if fine:
        return prove(pdf([page]), PDF, page.codes)
    with pytest.raises(Unreadable, match="too small"):
        prove(pdf([page]), PDF, page.codes)


def test_bars_keep_ten_modules_white_on_each_side() -> None:
    dot = 72 / 203
    end = BARS.x + sum(BARS.widths) * BARS.module
    for left, fine in (
        (BARS.x - 42, True),
        (BARS.x - 34, False),
        (end + 40, True),
        (end + 32, False),
    ):
        page = paper(BARS, Rule(left * dot, 100, 2 * dot, 90))
        if fine:
            prove(pdf([page]), PDF, page.codes)
        else:
            with pytest.raises(Unreadable, match="white space"):
                prove(pdf([page]), PDF, page.codes)


def test_the_papers_edge_is_no_white_space() -> None:
    page = paper(replace(BARS, x=20))
    with pytest.raises(Unreadable, match="white space"):
        prove(pdf([page]), PDF, page.codes)


def test_qr_codes_keep_four_modules_white_all_around() -> None:
    dot = 72 / 203
    code = square(5)
    for gap, fine in ((20, True), (13, False)):
        page = paper(code, Rule(code.x * dot, (code.y - gap - 2) * dot, 60 * dot, 2 * dot))
        if fine:
            prove(pdf([page]), PDF, page.codes)
        else:
            with pytest.raises(Unreadable, match="white space"):
                prove(pdf([page]), PDF, page.codes)


@pytest.mark.parametrize("media_type", [PDF, PNG, ZPL])
@pytest.mark.parametrize("content", [b"", b"hello", b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"^XA^XZ"])
def test_what_is_no_label_is_refused(content: bytes, media_type: str) -> None:
    with pytest.raises(Unreadable, match="no label that can be read"):
        prove(content, media_type, [])


def test_a_picture_that_does_not_tell_its_size_is_refused() -> None:
    file = BytesIO()
    Image.new("L", (100, 100), 255).save(file, "PNG")
    with pytest.raises(Unreadable, match="no label"):
        prove(file.getvalue(), PNG, [])
