"""QR codes: what they say is read back, by two decoders, in all versions and levels."""

from __future__ import annotations

import random

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from oms_portal.returns.labels.codes import qr
from oms_portal.returns.labels.codes.frame import frame
from oms_portal.returns.labels.codes.penalty import penalty
from oms_portal.returns.labels.codes.versions import LEVELS, Level, capacity, side
from tests.returns.labels import reading


pytestmark = pytest.mark.once


def read(image: Image.Image) -> list[zxingcpp.Barcode]:
    return zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode)


@given(
    st.one_of(
        st.text("0123456789", min_size=1, max_size=80),
        st.text("0123456789ABCXYZ $%*+-./:", min_size=1, max_size=80),
        st.text(
            st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=60
        ),
    ),
    st.sampled_from(LEVELS),
)
@settings(max_examples=60)
def test_it_says_what_it_was_told(text: str, level: Level) -> None:
    (found,) = read(reading.square(qr(text, level)))
    assert (found.bytes.decode(), found.ec_level) == (text, level)


@pytest.mark.parametrize("level", LEVELS)
def test_every_version_is_read_when_full(level: Level) -> None:
    chance = random.Random(11)
    for version in (*range(1, 12), 14, 21, 27, 40):
        text = "".join(chance.choices("abcdefghij/:.?=0123456789", k=capacity(version, level) - 3))
        rows = qr(text, level)
        assert len(rows) == side(version)
        (found,) = read(reading.square(rows, module=2))
        assert found.bytes.decode() == text


def test_another_decoder_reads_it_too() -> None:
    chance = random.Random(13)
    for length in range(4, 120, 4):
        text = "https://portal.example/" + "".join(chance.choices("abcXYZ0189-_", k=length))
        assert reading.zbar(reading.square(qr(text))) == {("QRCode", text)}


def test_the_smallest_version_is_taken() -> None:
    assert len(qr("0" * 34)) == side(1)
    assert len(qr("0" * 35)) == side(2)
    assert len(qr("A" * 20)) == side(1)
    assert len(qr("https://portal.example/r/R1234567894/")) == side(3)


def test_the_best_of_the_masks_is_taken() -> None:
    """Its penalty, recounted module by module, is the least of the eight."""
    for text in ("1", "https://portal.example/r/R1234567894/", "A" * 70):
        rows = qr(text)
        size = len(rows)
        masks = frame((size - 17) // 4, "M").masks
        drawn = int("".join(f"{row:0{size}b}" for row in rows), 2)
        others = [drawn ^ one ^ other for one in masks for other in masks]
        least = min(penalty(other, size) for other in others if _is_formed(other, size))
        assert penalty(drawn, size) == least == _recounted(rows)


def _is_formed(symbol: int, size: int) -> bool:
    """Whether a reader takes it: the data's mask is the one that the format names."""
    row = (1 << size) - 1
    rows = [symbol >> size * up & row for up in reversed(range(size))]
    return bool(read(reading.square(rows)))


def _recounted(rows: tuple[int, ...]) -> int:
    side = len(rows)
    lines = [f"{row:0{side}b}" for row in rows]
    total = 0
    for line in (*lines, *map("".join, zip(*lines, strict=True))):
        total += sum(
            len(run) - 2
            for run in line.replace("01", "0 1").replace("10", "1 0").split()
            if len(run) >= 5
        )
        for finder in ("00001011101", "10111010000"):
            total += 40 * sum(line.startswith(finder, at) for at in range(side))
    for above, below in zip(lines, lines[1:], strict=False):
        pairs = (above[at : at + 2] + below[at : at + 2] for at in range(side - 1))
        total += 3 * sum(pair in ("0000", "1111") for pair in pairs)
    dark = "".join(lines).count("1")
    return total + 10 * (abs(20 * dark - 10 * side * side) // (side * side))


def test_more_than_the_largest_holds_is_refused() -> None:
    assert len(qr("x" * 2331)) == side(40)
    with pytest.raises(ValueError, match="No QR code of level M holds 2332"):
        qr("x" * 2332)


def test_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="says something"):
        qr("")
