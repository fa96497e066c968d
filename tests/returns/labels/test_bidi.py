"""Which way text runs: against another implementation, and house numbers that must not turn."""

from __future__ import annotations

import pytest
from bidi import get_display
from hypothesis import given, settings
from hypothesis import strategies as st

from oms_portal.returns.labels import bidi


pytestmark = pytest.mark.once

LETTERS = st.text(st.sampled_from("abcאבגابت ٤٥.,-/+%()[]$:"), min_size=1, max_size=16)


def shown(text: str, rtl: bool | None = None) -> str:
    levels = bidi.levels(text, bidi.is_rtl(text) if rtl is None else rtl)
    return "".join(text[place] for place in bidi.visual(levels))


@settings(max_examples=500, deadline=None, derandomize=True)
@given(LETTERS, st.booleans())
def test_it_agrees_with_the_algorithm_of_unicode(text, rtl):
    text = text.strip()
    assert shown(text, rtl) == get_display(text, base_dir="R" if rtl else "L")


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.text(st.sampled_from("aבب1٤ -()"), max_size=12), st.booleans())
def test_each_character_is_shown_once(text, rtl):
    assert sorted(shown(text, rtl)) == sorted(text)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("شارع النخيل 12", "12"),
        ("12 شارع النخيل", "12"),
        ("مبنى 45-B، الطابق 3", "45-B"),
        ("رقم 10/12", "10/12"),
        ("حتى 2026-12-05", "2026-12-05"),
        ("هاتف: +20 2 2345 678", "+20 2 2345 678"),
        ("רחוב הזית 45-B", "45-B"),
        ("שקל (SO-1001)", "SO-1001"),
        ("Str. שלום 45-B", "45-B"),
    ],
)
def test_numbers_stay_as_they_are_written(written, number):
    assert number in shown(written)


def test_a_bracket_stays_with_what_it_encloses():
    assert shown("شركة ABC (UK)").startswith("ABC (UK)")


def test_text_from_left_to_right_costs_nothing():
    assert bidi.levels("Überseering 12", False) == [0] * 14
