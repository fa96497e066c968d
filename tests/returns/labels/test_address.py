"""Addresses as their countries write them."""

from __future__ import annotations

import pytest

from oms_portal.returns.labels.address import lines_of

from .paper import SENDERS


pytestmark = pytest.mark.once


def place(**told: object) -> dict[str, object]:
    return {"name": "Acme", "lines": ["Main 1"], "city": "Town", "postal_code": "1234", **told}


@pytest.mark.parametrize(
    ("country", "region", "rows"),
    [
        ("DE", "", ("Acme", "Main 1", "1234 Town")),
        ("US", "TX", ("Acme", "Main 1", "Town, TX 1234")),
        ("US", "", ("Acme", "Main 1", "Town 1234")),
        ("GB", "", ("Acme", "Main 1", "Town", "1234")),
        ("HU", "", ("Acme", "Town", "Main 1", "1234")),
        ("BR", "SP", ("Acme", "Main 1", "Town-SP", "1234")),
        ("JP", "Tokyo", ("Acme", "Main 1", "Town, Tokyo", "1234")),
        ("AE", "", ("Acme", "Main 1", "Town", "1234")),
        ("XX", "", ("Acme", "Main 1", "1234 Town")),
        ("", "", ("Acme", "Main 1", "1234 Town")),
    ],
)
def test_lines_come_in_the_countrys_order(country, region, rows):
    assert lines_of(place(country=country, region=region), country) == rows


def test_japan_and_china_begin_with_the_large_in_their_own_script():
    assert lines_of(SENDERS["japanese"], "JP") == (
        "〒100-0005",
        "東京都千代田区",
        "丸の内1-2-3 北風ビル5階",
        "北風機械株式会社",
    )
    assert lines_of(SENDERS["chinese"], "CN")[1] == "上海市黄浦区"


def test_the_country_is_told_in_capitals_across_a_border_alone():
    for there, last in [
        ("DE", "1234 Town"),
        ("de", "1234 Town"),
        ("CH", "GERMANY"),
        ("", "GERMANY"),
    ]:
        assert lines_of(place(country="DE"), there)[-1] == last
    assert lines_of(place(country="XX"), "DE")[-1] == "XX"


def test_the_erps_own_lines_are_kept_as_they_are():
    told = place(lines=["ACME Works", "c/o Gate 7", "Main 1"], country="DE", contact="The boss")
    assert lines_of(told, "DE") == (
        "Acme",
        "The boss",
        "ACME Works",
        "c/o Gate 7",
        "Main 1",
        "1234 Town",
    )


def test_city_and_postcode_are_not_said_twice():
    told = place(lines=["Main 1", "1234 Town"], country="DE")
    assert lines_of(told, "DE") == ("Acme", "Main 1", "1234 Town")


def test_what_is_missing_leaves_no_sign_behind():
    assert lines_of({"name": "A", "city": "B", "country": "US"}, "US") == ("A", "B")
    assert lines_of({"name": None, "lines": "One line", "country": "DE"}, "DE") == ("One line",)
    assert lines_of({}, "DE") == ()
