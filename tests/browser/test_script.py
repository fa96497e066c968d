"""The script by itself: its size, and times that stay true on an open page."""

from __future__ import annotations

import gzip
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

import oms_portal
from oms_portal.fragments.formats import relative


pytestmark = [pytest.mark.browser, pytest.mark.once]
SCRIPT = (Path(oms_portal.__file__).parent / "static/oms_portal/oms_portal.js").read_text()
POLICY = "default-src 'none'; script-src 'self'; require-trusted-types-for 'script'; trusted-types oms-portal"
NOW = datetime(2026, 11, 20, 22, 40, 10, tzinfo=UTC)
BERLIN, AUCKLAND = ZoneInfo("Europe/Berlin"), ZoneInfo("Pacific/Auckland")
MOMENTS = [
    *(
        NOW + timedelta(minutes=minutes, seconds=7)
        for minutes in (-700, -90, -61, -20, -1, 0, 1, 45, 59)
    ),
    *(
        NOW + timedelta(minutes=minutes, seconds=7)
        for minutes in (61, 100, 200, 600, 719, 1000, 2000)
    ),
    *(date(2026, 11, 20) + timedelta(days=days) for days in (-8, -7, -2, -1, 0, 1, 2, 3, 7, 8)),
]


def test_it_is_small_and_readable() -> None:
    assert len(gzip.compress(SCRIPT.encode())) <= 6 * 1024
    assert max(len(line) for line in SCRIPT.splitlines()) <= 120


def told(now: datetime, language: str) -> list[str]:
    with translation.override(language):
        return [str(relative(each, zone, now)) for zone in (BERLIN, AUCKLAND) for each in MOMENTS]


@pytest.mark.parametrize("language", ["en", "de", "nl", "ar"])
def test_an_open_page_says_what_a_fresh_one_would(browser: Any, language: str) -> None:
    page = browser.new_page()
    body = "".join(f"<li>{each}</li>" for each in told(NOW, language))
    html = f"<!DOCTYPE html><html lang={language}><script type=module src=/s.js></script>{body}"
    policy = {"Content-Security-Policy": POLICY}
    page.route(
        "**/*", lambda route: route.fulfill(body=html, content_type="text/html", headers=policy)
    )
    page.route("**/s.js", lambda route: route.fulfill(body=SCRIPT, content_type="text/javascript"))
    page.clock.install(time=NOW)
    page.goto("http://portal.test/")
    page.wait_for_selector("[role=status]", state="attached")
    for hours in (0, 7, 24):
        later = NOW + timedelta(hours=hours)
        page.clock.set_system_time(later)
        page.clock.run_for(30_000)
        words = page.eval_on_selector_all(".oms-rel", "all => all.map((each) => each.textContent)")
        fresh = [
            each
            for was, each in zip(
                told(NOW, language), told(later + timedelta(seconds=30), language), strict=True
            )
            if was
        ]
        expected = [each.split(">")[1].split("<")[0] if each else "" for each in fresh]
        assert [_spelled(each) for each in words] == [_spelled(each) for each in expected]
    page.close()


def _spelled(words: str) -> str:
    """Arabic writes the sign of an adverb before its alef, or after it."""
    return words.replace("\u0627\u064b", "\u064b\u0627")
