"""Colours that can be read, and the nearest one where one cannot."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oms_portal.brand.colours import (
    BLACK,
    DARK,
    READABLE,
    WHITE,
    Colour,
    contrast,
    nearest,
    parse,
    text_on,
)


PART = st.integers(0, 255)
COLOURS = st.builds(Colour, PART, PART, PART)


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21.0), ("#767676", "#ffffff", 4.54), ("#ff0000", "#ffffff", 4.0)],
)
def test_contrast_is_measured_as_wcag_does(one: str, other: str, ratio: float) -> None:
    first, second = parse(one), parse(other)
    assert first and second
    assert contrast(first, second) == pytest.approx(ratio, abs=0.005)
    assert contrast(second, first) == contrast(first, second)


@pytest.mark.parametrize(
    "text", ["", "#fff", "red", "#12345g", "#1234567", " #123456", "#123456\n"]
)
def test_only_rrggbb_is_a_colour(text: str) -> None:
    assert parse(text) is None


@given(COLOURS)
def test_a_colour_is_written_as_it_is_read(colour: Colour) -> None:
    assert parse(str(colour)) == colour


@pytest.mark.parametrize("surface", [WHITE, DARK])
@given(colour=COLOURS)
def test_there_is_always_one_near_that_can_be_read(surface: Colour, colour: Colour) -> None:
    found = nearest(colour, surface)
    assert contrast(found, surface) >= READABLE
    assert (found == colour) == (contrast(colour, surface) >= READABLE)


def test_the_nearest_colour_keeps_its_hue() -> None:
    found = nearest(Colour(255, 204, 0), WHITE)
    assert found.red > found.green > found.blue == 0
    brighter = Colour(*(part + 3 if part else 0 for part in found))
    assert contrast(brighter, WHITE) < READABLE


@given(COLOURS)
def test_words_on_any_colour_can_be_read(colour: Colour) -> None:
    assert text_on(colour) in (BLACK, WHITE)
    assert contrast(text_on(colour), colour) >= READABLE
