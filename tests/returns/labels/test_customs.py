"""CN 22 and CN 23: with all that customs asks for, or refused with what is missing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from oms_portal.returns.labels.templates import Unprintable, fits_cn22, lay_out

from .paper import DRESS, ITEMS, RECEIVER, SENDERS, label, says


pytestmark = pytest.mark.once


def with_item(**told: str) -> tuple[object, ...]:
    return (replace(ITEMS[0], **told), ITEMS[1])


@pytest.mark.parametrize("form", ["cn22", "cn23"])
@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"items": with_item(hs_code="")}, "BRG-6204: its HS code"),
        ({"items": with_item(hs_code="8482")}, "its HS code, of 6 digits"),
        ({"items": with_item(origin="")}, "its country of origin"),
        ({"items": with_item(weight="heavy")}, "its weight in kg"),
        ({"items": with_item(weight="0")}, "its weight in kg"),
        ({"items": with_item(value="", description="")}, "a description, its value"),
        ({"items": with_item(value="NaN")}, "its value"),
        ({"items": ()}, "needs the articles"),
        ({"currency": ""}, "needs a currency"),
        ({"sender": {**SENDERS["latin"], "country": ""}}, "needs the country of both"),
        ({"receiver": {**RECEIVER, "country": "PL"}}, "No customs form is needed"),
        ({"receiver": {**RECEIVER, "country": "NL"}}, "No customs form is needed"),
    ],
)
def test_it_is_refused_while_something_is_missing(form, told, words):
    with pytest.raises(Unprintable, match=words):
        lay_out(label(form, **told), "4x6", DRESS)


def test_it_tells_articles_and_totals():
    for form in ("cn22", "cn23"):
        (page,) = lay_out(label(form), "4x6", DRESS)
        told = says(page)
        for words in ("2 × Ball bearing", "848210", "24.50 CHF", "1.55", "234.50 CHF", "IT"):
            assert words in told, form
        assert any("Returned goods" in words for words in told)
    assert "SWITZERLAND" in told


def test_its_words_are_english_and_french_whatever_the_language():
    (page,) = lay_out(label("cn23", language="ar"), "a4", DRESS)
    assert "CUSTOMS DECLARATION" in says(page)
    assert "DÉCLARATION EN DOUANE" in says(page)


def test_the_small_form_is_for_light_parcels():
    with pytest.raises(Unprintable, match="2 kg at most. Use the CN 23"):
        lay_out(label("cn22", items=with_item(weight="2.5")), "4x6", DRESS)


@pytest.mark.parametrize(
    ("currency", "value", "fits"),
    [
        ("EUR", "305.50", True),
        ("EUR", "305.51", False),
        ("XDR", "275.50", True),
        ("CHF", "275.51", False),
        ("JPY", "1", False),
    ],
)
def test_the_small_form_is_for_300_special_drawing_rights_at_most(currency, value, fits):
    """Both items together: the other one is 24.50."""
    other = replace(ITEMS[1], value=value)
    data = label("cn22", items=(ITEMS[0], other), currency=currency)
    assert fits_cn22(data) is fits
    if not fits:
        with pytest.raises(Unprintable, match="low value. Use the CN 23"):
            lay_out(data, "4x6", DRESS)
    assert lay_out(replace(data, template="cn23"), "4x6", DRESS)
