"""What a browser keeps of its station, whatever is done to its cookie."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest
from django.http import HttpRequest, HttpResponse

from oms_portal.desk.station.settings import COOKIE, Station, keep, station_of


pytestmark = pytest.mark.once


def bearing(cookie: str) -> HttpRequest:
    request = HttpRequest()
    request.COOKIES[COOKIE] = cookie
    return request


def kept(**told: Any) -> Station:
    return station_of(bearing(quote(json.dumps(told))))


def test_what_was_kept_comes_back():
    station = Station("Gate 3", "a6", "zpl", 300, "Zebra, left", sound=False)
    answer = HttpResponse()

    keep(answer, station)

    assert station_of(bearing(answer.cookies[COOKIE].value)) == station


def test_it_is_of_the_admin_alone():
    answer = HttpResponse()

    keep(answer, Station("Gate 3"))

    cookie = answer.cookies[COOKIE]
    assert (cookie["path"], cookie["samesite"]) == ("/admin/", "Lax")


@pytest.mark.parametrize("cookie", ["", "x", "%FF", "[1]", '"a"', "{", quote('{"size": 1}')])
def test_a_broken_cookie_is_no_cookie(cookie):
    assert station_of(bearing(cookie)) == Station()


@pytest.mark.parametrize(
    "told",
    [
        {"size": "a0"},
        {"size": ["a4"]},
        {"format": "exe"},
        {"dpi": 72},
        {"dpi": "203"},
        {"name": {"a": 1}},
        {"sound": "no"},
    ],
)
def test_what_does_not_exist_is_as_usual(told):
    assert kept(**told) == Station()


def test_a_sheet_is_printed_as_pdf_whatever_the_cookie_says():
    assert kept(size="a4-4", format="zpl").format == "pdf"


def test_names_are_short_and_hide_nothing():
    station = kept(name="Gate\u202e3" + "x" * 500, printer="\x00")

    assert len(station.name) == 60
    assert station.name.startswith("Gate3x")
    assert station.printer == ""
