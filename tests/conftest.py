"""Fixtures that need more than this process: servers, services and a browser."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from . import services
from .server import Server


CHROMIUM = "/usr/bin/chromium"
CHROMIUM_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# Files that start a whole site each. They begin, lest one worker waits for the other's last one.
LONGEST = (
    "test_tutorial.py",
    "example_site/test_demo.py",
    "example_site/test_live_page.py",
    "flows/",
)

StartServer = Callable[..., Server]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first, which ``--no-loadscope-reorder`` keeps."""
    here = Path(__file__).parent
    items.sort(key=lambda item: not item.path.relative_to(here).as_posix().startswith(LONGEST))


def _provide(service: Callable[[], AbstractContextManager[str]]) -> Iterator[str]:
    try:
        running = service()
        url = running.__enter__()
    except services.Missing as reason:
        _missing(str(reason))
    yield url
    running.__exit__(None, None, None)


def _missing(reason: str) -> None:
    """Skip with the reason; where a machine is meant to have everything (CI), fail."""
    (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    yield from _provide(services.postgres)


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    yield from _provide(services.redis)


@pytest.fixture
def start_server(transactional_db: None, tmp_path: Path) -> Iterator[StartServer]:
    """Start the test site as a process on a free port, as often as wanted.

    Keywords: ``program`` ("daphne", "uvicorn"), ``port``, and environment variables (REDIS_URL=…).
    """
    started: list[Server] = []

    def start(**options: Any) -> Server:
        server = Server(tmp_path / f"server-{len(started)}.log", **options)
        started.append(server)
        server.start()
        return server

    yield start
    for server in started:
        server.stop()


@pytest.fixture
def server(start_server: StartServer) -> Server:
    """The test site in a process of its own: ``.url .ws_url .kill() .start() .log``."""
    return start_server()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Debian's Chromium. Playwright runs an event loop in this thread while a module uses it:
    keep async tests in other modules."""
    if not os.path.exists(CHROMIUM):
        _missing("Chromium is not installed (Debian: apt-get install chromium)")
    from playwright.sync_api import expect, sync_playwright

    # On a machine with more to do, a page takes its time.
    expect.set_options(timeout=20_000)
    unsafe = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")
    if unsafe is not None:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = unsafe


@pytest.fixture
def new_page(browser: Any, server: Server) -> Iterator[Callable[..., Any]]:
    """Open a page as somebody new: every call is a browser of its own, with its own cookies.

    Paths are relative to the server; keywords go to Playwright's ``new_context``.
    """
    contexts: list[Any] = []

    def open_page(**options: Any) -> Any:
        context = browser.new_context(**{"base_url": server.url, **options})
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page: Callable[..., Any]) -> Any:
    """A page of a browser at the ``server``: ``page.goto("/portal/")``."""
    return new_page()


@pytest.fixture
def sign_in() -> Callable[[Any, Any], None]:
    """``sign_in(page, user)``: the page's browser holds a session of this user from now on."""
    from django.conf import settings
    from django.test import Client

    def enter(page: Any, user: Any) -> None:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        jar = {"name": settings.SESSION_COOKIE_NAME, "value": cookie}
        page.context.add_cookies([{**jar, "domain": "127.0.0.1", "path": "/"}])

    return enter


@pytest.fixture(autouse=True)
def no_words() -> None:
    """Each test starts with the words of an empty database, without asking it, and no brand."""
    from math import inf

    from oms_portal import live
    from oms_portal.brand import keeping
    from oms_portal.words import book, unknown

    book.keep(book.Book(live.FIRST_VERSION, {}), inf)
    keeping.drop()
    unknown._times.clear()
    unknown._resting.clear()
