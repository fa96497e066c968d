"""The returns desk in a browser as a scanner and a keyboard drive it: there is no mouse."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pypdfium2
import zxingcpp

from tests.demo import Site
from tests.services import wait_until


PATIENCE = 90
DPI = 203
_POINTED = "addEventListener('pointerdown', () => localStorage.setItem('mouse', 'used'), true)"
_COUNTED = re.compile(r'omsdesk-counted">([^<]+)<')


class Desk:
    """Somebody at a station: all that is done goes through ``keys``."""

    def __init__(self, site: Site, browser: Any, email: str) -> None:
        size = {"width": 1280, "height": 900}
        self.context = browser.new_context(base_url=site.url(), viewport=size)
        self.context.set_default_timeout(PATIENCE * 1000)
        self.context.add_init_script(_POINTED)
        self.page = self.context.new_page()
        self.keys = self.page.keyboard
        self.page.goto("/admin/login/")
        self.is_in("username")
        self.type(email, "Tab")
        self.is_in("password")
        self.type(site.password_of(email), "Enter")
        self.page.wait_for_url("**/admin/")

    def is_in(self, name: str) -> None:
        """The field of this name has the focus."""
        self.page.wait_for_function(f"document.activeElement.name === '{name}'")

    def open(self, path: str) -> None:
        """By the address bar."""
        self.page.goto(path)
        self.page.wait_for_function("document.activeElement.id === 'omsdesk-scan'")

    def type(self, text: str, *pressed: str) -> None:
        self.keys.type(text)
        self.press(*pressed)

    def press(self, *pressed: str) -> None:
        for key in pressed:
            self.keys.press(key)

    def scan(self, *codes: str) -> None:
        """As fast as a scanner types them, each with its Enter."""
        for code in codes:
            self.type(code, "Enter")

    def says(self, words: str) -> None:
        """What came of the last scan."""
        self.page.locator(".omsdesk-outcome", has_text=words).wait_for()

    def all_sent(self) -> None:
        """Nothing waits in the browser any more."""
        self.page.wait_for_function(
            "!Object.keys(localStorage).some((key) => key.startsWith('oms-scan:'))"
        )

    @property
    def waiting(self) -> int:
        """So many scans are kept, as the person reads it."""
        shown = self.page.locator(".omsdesk-waiting")
        return int(shown.locator("strong").first.inner_text()) if shown.is_visible() else 0

    @contextmanager
    def offline(self) -> Iterator[None]:
        self.context.set_offline(True)
        try:
            yield
        finally:
            self.context.set_offline(False)

    def receive(self, number: str) -> str:
        """Scan the number of a return, and go on to its bench; where that is."""
        self.scan(number)
        self.says(number)
        self.press("Enter")
        self.page.wait_for_url("**/receive/*/")
        self.page.locator(f"[data-oms-number={number}]").wait_for()
        self.page.wait_for_function("document.activeElement.id === 'omsdesk-scan'")
        return str(self.page.url)

    def counts(self) -> list[str]:
        """Of each line of the bench on the screen."""
        return [text.strip() for text in self.page.locator(".omsdesk-counted").all_inner_texts()]

    def comes_to_count(self, *expected: str) -> None:
        self.all_sent()
        wait_until(lambda: self.counts() == list(expected), f"{expected} are counted", PATIENCE)

    def done_counting(self) -> None:
        """F4; then there is something to inspect."""
        self.all_sent()
        self.press("F4")
        self.page.wait_for_url("**/judge/*/")

    def judged(self) -> None:
        self.page.get_by_text("All is judged").wait_for()

    def print_put_away(self) -> list[str]:
        """F9, and yes, it came out of the printer; what is on each label, decoded."""
        with self.page.expect_download() as waited:
            self.press("F9")
        with open(waited.value.path(), "rb") as file:
            labels = decoded(file.read())
        ask = self.page.get_by_text("Did it come out of the printer?")
        ask.wait_for()
        self.press("F2")
        self.scan("y")
        ask.wait_for(state="hidden")
        return labels

    @property
    def used_mouse(self) -> bool:
        return bool(self.page.evaluate("localStorage.getItem('mouse')"))

    def counted_of(self, path: str) -> list[str]:
        """What the bench of a return says now."""
        return [text.strip() for text in _COUNTED.findall(self.page.request.get(path).text())]


def decoded(pdf: bytes) -> list[str]:
    """The texts of the codes on each label, as a reader says them, sorted."""
    found = []
    for sheet in pypdfium2.PdfDocument(pdf):
        image = sheet.render(scale=DPI / 72, grayscale=True).to_pil()
        codes = zxingcpp.read_barcodes(image)
        found.append(" ".join(sorted({code.text for code in codes})))
    return found


def practice(site: Site) -> list[dict[str, Any]]:
    """The returns that are on their way to the desk, as the demo's credentials tell of them."""
    return list(json.loads(site.manage("demo_credentials"))["desk"])
