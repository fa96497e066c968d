"""Phone numbers as people type them, and as the ERP gets them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oms_portal.changes.addresses import check_phone


@pytest.mark.parametrize(
    ("typed", "country", "kept"),
    [
        ("040 12345-12", "DE", "+49 40 1234512"),
        ("+49 (0)40 1234512", "GB", "+49 40 1234512"),
        ("0049 40 1234512", "DE", "+49 40 1234512"),
        ("020 7946 0018", "GB", "+44 20 7946 0018"),
        ("(212) 555-2368 ext. 7", "US", "+1 212-555-2368 ext. 7"),
        ("040 1234512 x 77", "DE", "+49 40 1234512 ext. 77"),
        ("０３-３２１０-１１１１", "JP", "+81 3-3210-1111"),
        ("٠٤ ٣٣٣ ١٢٣٤", "AE", "+971 4 333 1234"),
        ("\u202a+49 40 1234512\u202c", "DE", "+49 40 1234512"),
        ("  ", "DE", ""),
        (None, "DE", ""),
    ],
)
def test_a_number_is_kept_in_international_notation_with_its_extension(typed, country, kept):
    assert check_phone(typed, country) == (kept, "")


@pytest.mark.parametrize(
    "typed", ["12", "call me", "+999 12345678", "040\n1234512", "0\x00401234512", "9" * 5000, 7]
)
def test_what_is_no_number_is_told_with_an_example_of_the_country(typed):
    assert check_phone(typed, "DE") == (
        "",
        "This is not a phone number. One looks like +49 30 123456.",
    )


def test_without_a_country_the_code_is_asked_for():
    assert "country code" in check_phone("040 1234512", "")[1]
    assert check_phone("+49 40 1234512", "") == ("+49 40 1234512", "")


@given(
    st.text(st.characters(codec=None), max_size=60), st.sampled_from(["DE", "US", "XX", "AQ", ""])
)
def test_no_text_raises_and_only_printable_ascii_comes_out(text, country):
    number, error = check_phone(text, country)

    assert not number or (number.isascii() and number.isprintable() and not error)
