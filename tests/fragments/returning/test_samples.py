"""Invented returns in every state and every way, and the code that a phone shows."""

from __future__ import annotations

import re

import pytest
import zxingcpp
from django.utils import translation
from PIL import Image, ImageDraw

from oms_portal.fragments import samples
from oms_portal.fragments.returning.codes import Code, code_of
from oms_portal.returns.kinds import PRIVATE, Method, ReturnState

from .drawn import text


pytestmark = pytest.mark.once
SHOWN = [state for state in ReturnState if state not in PRIVATE]


def drawn(code: Code, dots: int = 4) -> Image.Image:
    """The path as a browser fills it."""
    image = Image.new("L", (code.size * dots, code.size * dots), 255)
    pen = ImageDraw.Draw(image)
    for run in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", code.path):
        x, y, width = (int(part) * dots for part in run)
        pen.rectangle((x, y, x + width - 1, y + dots - 1), fill=0)
    return image


@pytest.mark.parametrize(
    "words", ["R4823100038015", "https://shop.example/portal/returns/R4823100038/", "ß€漢 " * 9]
)
def test_a_phone_reads_what_the_screen_shows(words: str) -> None:
    (found,) = zxingcpp.read_barcodes(drawn(code_of(words)))
    assert found.text == words


def test_nothing_is_drawn_into_the_quiet_zone() -> None:
    code = code_of("R4823100038015")
    assert drawn(code, 1).point(lambda dot: 255 - dot).getbbox() == (
        4,
        4,
        code.size - 4,
        code.size - 4,
    )


@pytest.mark.parametrize("language", ["en", "de", "ar"])
@pytest.mark.parametrize("state", SHOWN)
def test_every_state_has_words_a_chip_and_steps(state: ReturnState, language: str) -> None:
    with translation.override(language):
        html = samples.returns.one(state)
    assert html.count('class="oms-chip ') >= 2 and 'class="oms-headline"></p>' not in html
    assert "oms-step-" in html and "%(" not in html
    assert f'data-states="{state} ' in html


@pytest.mark.parametrize("method", [way for way in Method if way != Method.NOTHING])
def test_every_way_back_says_what_to_do(method: Method) -> None:
    with translation.override("en"):
        page = text(samples.returns.one(ReturnState.APPROVED, method))
    told = page.split("Your request is approved. ")[1].split(" Requested")[0]
    assert told.endswith(".") and len(told) > 20
    dated = method not in (Method.PICKUP, Method.FREIGHT)
    assert ("Please hand the goods over by Dec 14, 2026." in told) == dated


def test_of_what_stays_where_it_is_nothing_is_sent() -> None:
    with translation.override("en"):
        page = text(samples.returns.one(ReturnState.APPROVED, Method.NOTHING))
    assert "There is nothing to send back." in page
    assert "Sent" not in page and "How it goes back" not in page


def test_codes_of_ours_are_never_said() -> None:
    for state in SHOWN:
        page = text(samples.returns.one(state))
        assert "parcel_shop" not in page and "info_needed" not in page and "RMA" not in page
