"""A server may stop while a request is at work: nothing waits for an event loop that is gone."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import path

from oms_portal.asgi import Handler
from tests.services import wait_until


entered, released = threading.Event(), threading.Event()
at_work: list[threading.Thread] = []


def slow(request: HttpRequest) -> HttpResponse:
    at_work.append(threading.current_thread())
    entered.set()
    released.wait(20)
    return HttpResponse("done")


def quick(request: HttpRequest) -> HttpResponse:
    return HttpResponse("done")


urlpatterns = [path("slow/", slow), path("quick/", quick)]


def synchronous(get_response: Any) -> Any:
    """Middleware that knows nothing of async, as a site's own may."""
    return lambda request: get_response(request)


@pytest.fixture(autouse=True)
def site(settings: Any) -> None:
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = [f"{__name__}.synchronous"]


async def ask(address: str) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []
    questions = iter([{"type": "http.request", "body": b""}])

    async def receive() -> dict[str, Any]:
        for question in questions:
            return question
        return await asyncio.get_running_loop().create_future()

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": address, "query_string": b"", "headers": []}
    await Handler()(
        {**scope, "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 2)}, receive, send
    )
    return sent


async def test_a_page_is_answered() -> None:
    start, body = await asyncio.wait_for(ask("/quick/"), 20)
    assert (start["status"], body["body"]) == (200, b"done")


def test_a_request_at_work_ends_after_its_event_loop_did() -> None:
    loop = asyncio.new_event_loop()
    request = loop.create_task(ask("/slow/"))
    assert loop.run_until_complete(asyncio.to_thread(entered.wait, 20))
    request.cancel()
    loop.run_until_complete(asyncio.wait({request}, timeout=1))
    loop.close()
    released.set()
    wait_until(lambda: not at_work[0].is_alive(), "the request's thread ended")
