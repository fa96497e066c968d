"""Many labels in one file: in order, on their spots, and none for one that can't be printed."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import pypdfium2 as pdfium
import pytest
import zxingcpp

from oms_portal.returns.labels.batch import Result, stream, write
from oms_portal.returns.labels.data import Dress, LabelData
from oms_portal.returns.labels.digits import parcel_code
from oms_portal.returns.labels.raster import rasters
from oms_portal.returns.labels.sizes import SHEETS, SIZES

from .paper import DRESS, label


pytestmark = pytest.mark.once


def parcel(number: int, **told: object) -> LabelData:
    return label(parcel=parcel_code(f"{number:09d}", 1), **told)


def spots(content: bytes, dpi: int = 203) -> list[dict[str, tuple[float, float]]]:
    """For each page: where the middle of each parcel's bar code is, from the lower left, in mm."""
    found = []
    for image in rasters(content, dpi):
        codes = zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.Code128)
        place = {}
        for code in codes:
            at = code.position
            x = (at.top_left.x + at.bottom_right.x) / 2
            y = image.height - (at.top_left.y + at.bottom_right.y) / 2
            place[code.text] = (x / dpi * 25.4, y / dpi * 25.4)
        found.append(place)
    return found


def printed(*labels: tuple[object, LabelData], **how: object) -> tuple[bytes, Result]:
    out = BytesIO()
    result = write(labels, "4x6", DRESS, out, **how)
    return out.getvalue(), result


def test_each_label_is_a_page_in_its_order() -> None:
    content, result = printed(*((number, parcel(number)) for number in range(5)))
    assert (result.ok, result.skipped) == (5, [])
    assert [list(page) for page in spots(content)] == [
        [parcel_code(f"{number:09d}", 1)] for number in range(5)
    ]


def test_a_bad_label_is_left_out_with_its_reason_and_shifts_nothing() -> None:
    bad = parcel(2, receiver={})
    content, result = printed((1, parcel(1)), (2, bad), (3, parcel(3)), sheet="a4-4")
    assert result.ok == 2
    ((number, why),) = result.skipped
    assert number == 2
    assert "address to send it to is missing" in why
    assert content == printed((1, parcel(1)), (3, parcel(3)), sheet="a4-4")[0]


def test_where_no_label_can_be_printed_there_is_no_file() -> None:
    content, result = printed((1, parcel(1, receiver={})))
    assert (content, result.ok, len(result.skipped)) == (b"", 0, 1)


@pytest.mark.parametrize("sheet", SHEETS)
def test_each_spot_of_a_sheet_is_used_in_turn(sheet: str) -> None:
    paper = SHEETS[sheet]
    numbers = range(paper.spots + 1)
    content, _ = printed(*((number, parcel(number)) for number in numbers), sheet=sheet)
    first, second = spots(content)
    assert list(second) == [parcel_code(f"{paper.spots:09d}", 1)]
    for spot in range(paper.spots):
        x, y = first[parcel_code(f"{spot:09d}", 1)]
        left, low = paper.corner(spot)
        width, height = paper.cell.width, paper.cell.height
        if paper.turned:
            width, height = height, width
        assert left < x < left + width
        assert low < y < low + height


@pytest.mark.parametrize("sheet", SHEETS)
@pytest.mark.parametrize("start", [2, 4])
def test_a_used_sheet_is_used_on(sheet: str, start: int) -> None:
    if start > SHEETS[sheet].spots:
        with pytest.raises(ValueError, match="spot of the sheet"):
            printed((1, parcel(1)), sheet=sheet, start=start)
        return
    whole, _ = printed(*((number, parcel(number)) for number in range(4)), sheet=sheet)
    used, _ = printed((9, parcel(start - 1)), sheet=sheet, start=start)
    code = parcel_code(f"{start - 1:09d}", 1)
    assert spots(used)[0] == {code: pytest.approx(spots(whole)[0][code])}


@pytest.mark.parametrize("sheet", SHEETS)
def test_labels_of_a_sheet_lie_on_it_and_not_on_each_other(sheet: str) -> None:
    paper = SHEETS[sheet]
    width, height = paper.cell.width, paper.cell.height
    if paper.turned:
        width, height = height, width
    corners = [paper.corner(spot) for spot in range(paper.spots)]
    for x, y in corners:
        assert 0 <= x <= paper.page.width - width + 0.01
        assert 0 <= y <= paper.page.height - height + 0.01
    for one, other in zip(corners, corners[1:], strict=False):
        assert abs(one[0] - other[0]) >= width - 0.01 or abs(one[1] - other[1]) >= height - 0.01
    assert paper.cell is SIZES[paper.cell.code]


def test_copies_follow_each_other() -> None:
    content, result = printed((1, parcel(1)), (2, parcel(2)), copies=2)
    assert [list(page) for page in spots(content)] == [
        [parcel_code(f"{number:09d}", 1)] for number in (1, 1, 2, 2)
    ]
    assert result.ok == 2


@pytest.mark.parametrize("how", [{"start": 0}, {"start": 2}, {"copies": 0}])
def test_what_makes_no_sense_is_refused(how: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="once at least"):
        printed((1, parcel(1)), **how)


def test_labels_go_out_before_the_next_is_asked_for() -> None:
    asked: list[int] = []

    def endless() -> Iterator[tuple[int, LabelData, Dress]]:
        number = 0
        while True:
            asked.append(number)
            yield number, parcel(number), DRESS
            number += 1

    pieces = stream(endless(), "4x6")
    assert next(pieces).startswith(b"%PDF-")
    assert asked == [0]
    assert next(pieces)
    assert asked == [0, 1]


def test_the_same_labels_have_the_same_bytes() -> None:
    labels = [(number, parcel(number)) for number in range(3)]
    assert printed(*labels, sheet="a4-2") == printed(*labels, sheet="a4-2")


def test_a_batch_opens_and_names_itself() -> None:
    content, _ = printed(*((number, parcel(number)) for number in range(30)))
    with pdfium.PdfDocument(content) as document:
        assert len(document) == 30
        assert document.get_metadata_value("Title") == "Labels"
    assert len(content) <= 30 * 1536 + 20_000
