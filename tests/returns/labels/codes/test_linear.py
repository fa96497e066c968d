"""Code 128: what it says is read back, by two decoders, and it is as short as can be."""

from __future__ import annotations

import heapq
import random

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from oms_portal.returns.labels.codes import code128
from tests.returns.labels import reading


pytestmark = pytest.mark.once

# Mostly digits, some letters, now and then a control: what makes sets change.
TEXT = st.text(
    st.one_of(
        st.sampled_from("0123456789"),
        st.characters(codec="ascii"),
        st.sampled_from("\x00\x01\x1f"),
    ),
    min_size=1,
    max_size=40,
)


def symbols(widths: tuple[int, ...]) -> int:
    """Symbols without start, check and stop."""
    return (sum(widths) - 13) // 11 - 2


def fewest(text: str) -> int:
    """By search among all ways to say a text."""
    waiting = [(0, 0, code_set) for code_set in "ABC"]
    seen: set[tuple[int, str]] = set()
    while True:
        cost, place, code_set = heapq.heappop(waiting)
        if place == len(text):
            return cost
        if (place, code_set) in seen:
            continue
        seen.add((place, code_set))
        for other in set("ABC") - {code_set}:
            heapq.heappush(waiting, (cost + 1, place, other))
        if code_set == "C":
            pair = text[place : place + 2]
            if len(pair) == 2 and pair.isdecimal():
                heapq.heappush(waiting, (cost + 1, place + 2, "C"))
            continue
        shifted = text[place] < " " if code_set == "B" else text[place] >= "`"
        heapq.heappush(waiting, (cost + 1 + shifted, place + 1, code_set))


@given(TEXT)
@settings(max_examples=60)
def test_it_says_what_it_was_told(text: str) -> None:
    assert reading.zxing(reading.bars(code128(text))) == {("Code128", text)}


@given(TEXT)
@settings(max_examples=60)
def test_it_is_as_short_as_can_be(text: str) -> None:
    assert symbols(code128(text)) == fewest(text)


def test_another_decoder_reads_it_too() -> None:
    chance = random.Random(7)
    for _ in range(60):
        text = "".join(chance.choices("0123456789ABCXYZabc-/ ", k=chance.randint(3, 24)))
        assert reading.zbar(reading.bars(code128(text))) == {("Code128", text)}


def test_a_known_symbol() -> None:
    # Start B, "AIM" as 33 41 45, check (104 + 33 + 2 * 41 + 3 * 45) % 103 = 45, stop.
    told = "211214 111323 231311 113123 113123 2331112".replace(" ", "")
    assert "".join(map(str, code128("AIM"))) == told


def test_our_codes_are_narrow_enough_for_a_label() -> None:
    # In modules, without quiet zones; 123 are 61.6 mm at 4 dots of 203 dpi.
    assert sum(code128("R1234567894")) <= 123
    assert sum(code128("R123456789018")) <= 123
    assert sum(code128("00106141412345678908", gs1=True)) == 156


@given(
    st.lists(st.text("0123456789ABCxyz", min_size=1, max_size=12), min_size=1, max_size=4).filter(
        lambda parts: len("x".join(parts)) <= 44
    )
)
@settings(max_examples=60)
def test_elements_of_open_length_keep_all_their_digits(parts: list[str]) -> None:
    """reportlab's Code128 loses one in eleven."""
    told = "\x1d".join(f"10{part}" for part in parts)[:48]
    (found,) = zxingcpp.read_barcodes(reading.bars(code128(told, gs1=True)))
    assert found.bytes.decode() == told
    assert found.symbology_identifier == "]C1"


def test_a_separator_is_a_character_like_others_outside_of_gs1() -> None:
    (found,) = zxingcpp.read_barcodes(reading.bars(code128("12\x1d34")))
    assert (found.bytes, found.symbology_identifier) == (b"12\x1d34", "]C0")


@pytest.mark.parametrize("text", ["", "RÜCK-123", "Ω", "x" * 81])
def test_what_it_cannot_say_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="ASCII"):
        code128(text)


def test_gs1_allows_forty_eight_characters() -> None:
    assert code128("1" * 48, gs1=True)
    with pytest.raises(ValueError, match="48"):
        code128("1" * 49, gs1=True)
