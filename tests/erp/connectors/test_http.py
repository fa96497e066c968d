"""A command over real sockets, to an ERP that behaves in every way it should not."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from oms_portal.erp import signatures
from oms_portal.erp.connectors import http, registry
from oms_portal.erp.connectors.contract import Outcome, Result, Wish
from oms_portal.erp.connectors.http import HttpConnector
from tests.erp.flaky import SECRET, FlakyErp, flaky
from tests.papers import server


KEY = "6f1c1f0e-2f0f-4b4e-9a53-0d6f2b8f1a11"
WISH = Wish(
    key=KEY,
    kind="change",
    order="SO-1001",
    payload={"address": {"city": "Køge"}},
    requested_by="buyer@c1.example",
    on_behalf_of="",
)


@pytest.fixture
def erp() -> Iterator[FlakyErp]:
    with flaky() as running:
        yield running


def push(erp: FlakyErp, mode: str = "accept") -> Result:
    erp.mode = mode
    return HttpConnector(erp.url, SECRET).push(WISH, KEY)


def test_it_posts_the_wish_signed_and_under_its_key(erp):
    assert push(erp) == Result(Outcome.ACCEPTED, status=202)

    [heard] = erp.heard
    headers = {name.lower(): value for name, value in heard.headers.items()}
    signed = signatures.read(headers, heard.body)
    assert heard.path == "/commands"
    assert heard.wish == {
        "id": KEY,
        "kind": "change",
        "order": "SO-1001",
        "payload": {"address": {"city": "Køge"}},
        "requested_by": "buyer@c1.example",
        "on_behalf_of": "",
    }
    assert headers["idempotency-key"] == f'"{KEY}"'
    assert headers["webhook-id"] == KEY
    assert headers["content-type"] == "application/json"
    assert signed is not None
    assert signatures.matches(signatures.decode(SECRET), signed)
    assert abs(signed.timestamp - time.time()) < 5


@pytest.mark.parametrize(
    ("mode", "outcome", "status", "unknown"),
    [
        ("apply", Outcome.APPLIED, 200, False),
        ("counter", Outcome.NEEDS_CONFIRMATION, 200, False),
        ("reject", Outcome.REJECTED, 422, False),
        ("500", Outcome.RETRY, 500, True),
        ("503", Outcome.RETRY, 503, False),
        ("401", Outcome.RETRY, 401, False),
        ("html", Outcome.RETRY, 200, True),
        ("huge", Outcome.RETRY, 200, True),
        ("redirect", Outcome.RETRY, 307, False),
        ("drop", Outcome.RETRY, None, True),
    ],
)
def test_what_it_makes_of_an_answer(erp, mode, outcome, status, unknown):
    result = push(erp, mode)

    assert (result.outcome, result.status, result.unknown) == (outcome, status, unknown)
    assert "hunter2" not in result.detail
    assert len(erp.heard) == 1


@pytest.mark.parametrize("mode", ["hang", "drip"])
def test_it_hangs_up_when_the_time_is_over(erp, mode, monkeypatch):
    monkeypatch.setattr(http, "TOTAL", 0.4)
    started = time.monotonic()

    result = push(erp, mode)

    assert (result.outcome, result.unknown) == (Outcome.RETRY, True)
    assert "TimeoutError" in result.detail
    # The ERP would take twenty.
    assert time.monotonic() - started < 10


def test_a_body_that_ends_because_the_line_was_cut_is_no_answer(monkeypatch):
    monkeypatch.setattr(http, "TOTAL", 0.4)
    head = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
    with server(head, *[b" "] * 100, pause=0.05) as (origin, _):
        result = HttpConnector(origin, SECRET).push(WISH, KEY)

    assert (result.outcome, result.unknown) == (Outcome.RETRY, True)


def test_half_a_body_is_no_answer():
    half = b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"outcome": "applied"}'
    with server(half) as (origin, _):
        result = HttpConnector(origin, SECRET).push(WISH, KEY)

    assert (result.outcome, result.unknown) == (Outcome.RETRY, True)


@pytest.mark.parametrize("junk", [b"", b"\x16\x03\x01\x00", b"HTTP/1.1 nonsense\r\n\r\n", b"\r\n"])
def test_what_is_no_http_is_an_unknown_outcome(junk):
    with server(junk) as (origin, _):
        result = HttpConnector(origin, SECRET).push(WISH, KEY)

    assert (result.outcome, result.unknown, result.status) == (Outcome.RETRY, True, None)


def test_an_erp_that_is_not_there_has_certainly_not_got_it(erp):
    erp.stop()

    result = push(erp)

    assert (result.outcome, result.unknown, result.status) == (Outcome.RETRY, False, None)
    assert result.detail == "Not reached (ConnectionRefusedError)."


def test_a_name_that_nobody_knows_is_an_erp_that_is_not_there(monkeypatch):
    def unknown(*args: Any, **kwargs: Any) -> Any:
        raise OSError("Name or service not known")

    monkeypatch.setattr(http.socket, "getaddrinfo", unknown)
    result = HttpConnector("https://erp.example/x", SECRET).push(WISH, KEY)

    assert (result.outcome, result.unknown) == (Outcome.RETRY, False)


def test_one_that_speaks_no_tls_has_certainly_not_got_it(erp, monkeypatch):
    connector = HttpConnector(erp.url.replace("http:", "https:"), SECRET)

    result = connector.push(WISH, KEY)

    assert (result.outcome, result.unknown) == (Outcome.RETRY, False)
    assert not erp.heard


def test_no_proxy_of_the_environment_gets_to_see_it(erp, monkeypatch):
    with server(b"") as (proxy, heard):
        monkeypatch.setenv("http_proxy", proxy)
        monkeypatch.setenv("HTTP_PROXY", proxy)
        assert push(erp).outcome == Outcome.ACCEPTED
    assert not heard


@pytest.mark.parametrize(
    "url",
    ["", "ftp://erp.example/", "http://erp.example/", "https:///x", "https://u:p@erp.example/"],
)
def test_it_takes_no_url_that_others_could_read_along(url):
    with pytest.raises(ValueError):
        HttpConnector(url, SECRET)


def test_the_site_may_say_that_the_network_is_its_own():
    assert HttpConnector("http://erp.internal:8080/x", SECRET, allow_http=True).port == 8080


def test_connectors_are_made_from_the_settings(erp, settings):
    assert registry.connector_of("main") is None
    assert registry.capabilities_of("main") == frozenset()

    settings.OMS_PORTAL = {"CONNECTORS": {"main": erp.setting | {"capabilities": ["push.date"]}}}

    connector = registry.connector_of("main")
    assert connector is registry.connector_of("main")
    assert connector.push(WISH, KEY).outcome == Outcome.ACCEPTED
    assert registry.capabilities_of("main") == {"push.date"}
    assert registry.slugs() == ("main",)
    assert SECRET not in repr(connector)


def test_one_that_can_not_be_made_takes_nothing(settings, caplog):
    settings.OMS_PORTAL = {"CONNECTORS": {"main": {"connector": "x.y", "secret": SECRET}}}

    assert registry.connector_of("main") is None
    assert registry.slugs() == ()
    assert SECRET not in caplog.text
