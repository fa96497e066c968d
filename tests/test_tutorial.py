"""Somebody new follows the tutorial to the letter, from ``wagtail start`` to a live order."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import PIPE
from typing import Any, NamedTuple

import pytest

from .services import end_with_parent, free_port, listens, wait_until


pytestmark = pytest.mark.once
ROOT = Path(__file__).resolve().parent.parent
TUTORIAL = ROOT / "docs/tutorial/first-live-order.md"
# A marker, and the block of code below it where it has one.
STEP = re.compile(r"^<!-- (\w+)(?:: (.*?))? -->\n(?:```\w+\n(.*?)```)?", re.MULTILINE | re.DOTALL)
# What the machine of these tests has already.
INSTALLED = re.compile(r"^(python3 -m venv|\. venv/|pip install) ?.*\n", re.MULTILINE)
DONE = "step-done"


class Step(NamedTuple):
    verb: str
    what: str
    code: str


def steps() -> list[Step]:
    return [Step(*found) for found in STEP.findall(TUTORIAL.read_text())]


class Reader:
    """Does what the page says: types into a shell, edits files, starts the server, looks."""

    def __init__(self, folder: Path, browser: Any) -> None:
        self.folder, self.browser = folder, browser
        self.site, self.log = folder / "mysite", folder / "server.log"
        self.port, self.said = free_port(), ""
        self.server: Any = None
        self.buyer: Any = None
        clean = {key: os.environ[key] for key in ("HOME", "LANG", "TMPDIR") if key in os.environ}
        self.env = clean | {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        self.shell: Any = self._start(["bash"], folder, stdin=PIPE, stdout=PIPE, text=True)
        self._type("set -e\n")

    def run(self, what: str, code: str) -> None:
        """Into one shell, so that what a step sets holds in those after it."""
        self._type(INSTALLED.sub("", code))

    def answer(self, what: str, code: str) -> None:
        assert self.said.endswith(code.strip()), self.said

    def file(self, path: str, code: str) -> None:
        (self.site / path).write_text(code)

    def edit(self, what: str, code: str) -> None:
        path, _, place = what.partition(", ")
        text = (self.site / path).read_text()
        if place == "at the end":
            return self.file(path, text + code)
        line = place.removeprefix("below: ")
        assert line in text
        return self.file(path, text.replace(f"{line}\n", f"{line}\n{code}", 1))

    def serve(self, what: str, code: str) -> None:
        with open(self.log, "wb") as out:
            self.server = self._start(["bash", "-c", self._ours(code)], self.site, stdout=out)
        wait_until(lambda: listens(self.port), "the site runs", 60, self.server, self.log)

    def look(self, what: str, code: str) -> None:
        LOOKS[what](self)

    def open(self, path: str, **options: Any) -> Any:
        page = self.browser.new_page(base_url=f"http://localhost:{self.port}", **options)
        page.set_default_timeout(20_000)
        page.goto(path)
        return page

    def stop(self) -> None:
        for process in filter(None, (self.shell, self.server)):
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(60)

    def _start(self, command: list[str], where: Path, **options: Any) -> Any:
        return subprocess.Popen(
            command,
            cwd=where,
            env=self.env,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=end_with_parent,
            **options,
        )

    def _type(self, code: str) -> None:
        self.shell.stdin.write(f"{self._ours(code)}\necho; echo {DONE}\n")
        self.shell.stdin.flush()
        said = []
        while (line := self.shell.stdout.readline()) != f"{DONE}\n":
            said.append(line)
            assert line, f"{code} ended with: {''.join(said)}"
        self.said = "".join(said).strip()

    def _ours(self, code: str) -> str:
        """Port 8000 may be somebody's on this machine."""
        return code.replace("8000", str(self.port))


def place_a_block(reader: Reader) -> None:
    page = reader.open("/admin/")
    page.get_by_label("Username").fill("editor")
    page.get_by_label("Password").fill("a-long-one-of-yours")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/login/" not in url)
    page.goto("/admin/pages/3/edit/")
    page.get_by_role("button", name="Insert a block").click()
    page.get_by_role("option", name="Order list").click()
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Publish").click()
    page.get_by_text("published").first.wait_for()
    page.close()


def accept_the_invitation(reader: Reader) -> None:
    from playwright.sync_api import expect

    page = reader.open(reader.said.splitlines()[-1])
    for field in page.locator("input[type=password]").all():
        field.fill("ball-bearings-for-breakfast")
    with page.expect_navigation(url=lambda url: "/invitation/" not in url):
        page.get_by_role("button", name="Create my access").click()
    page.goto("/")
    expect(page.locator("oms-live[data-state=live]").first).to_be_visible(timeout=20_000)
    expect(page.locator("main, body").first).not_to_contain_text("SO-1001")
    reader.buyer = page


def the_order_appears(reader: Reader) -> None:
    order(reader, "Received")


def the_order_is_on_its_way(reader: Reader) -> None:
    order(reader, "On its way")


def order(reader: Reader, status: str) -> None:
    from playwright.sync_api import expect

    row = reader.buyer.locator(".oms-tr", has_text="SO-1001")
    expect(row).to_contain_text(status, timeout=30_000)


LOOKS: dict[str, Callable[[Reader], None]] = {
    "place a block": place_a_block,
    "accept the invitation": accept_the_invitation,
    "the order appears": the_order_appears,
    "the order is on its way": the_order_is_on_its_way,
}


@pytest.fixture
def reader(tmp_path: Path, browser: Any) -> Iterator[Reader]:
    someone = Reader(tmp_path, browser)
    yield someone
    someone.stop()


@pytest.mark.browser
def test_the_tutorial_leads_to_a_live_order(reader: Reader) -> None:
    for step in steps():
        getattr(reader, step.verb)(step.what, step.code)
    assert reader.server.poll() is None
    stranger = reader.open("/")
    stranger.get_by_role("link", name="Sign in").first.wait_for()
    assert "SO-1001" not in stranger.content()


def test_every_block_of_code_in_the_tutorial_is_a_step() -> None:
    blocks = TUTORIAL.read_text().count("\n```") // 2
    assert len([step for step in steps() if step.code]) == blocks
    assert {step.what for step in steps() if step.verb == "look"} == set(LOOKS)
