"""Papers are fetched from listed places alone, whole or not at all, and in time."""

from __future__ import annotations

import socket
import time
from typing import Any

import pytest

from oms_portal.erp.connectors import documents
from oms_portal.erp.connectors.documents import NotListed, TooSlow, Unavailable, fetch
from tests.papers import PDF, answer, server


MAGIC = b"%PDF-"


@pytest.fixture
def listed(settings: Any) -> Any:
    def allow(*hosts: str) -> None:
        settings.OMS_PORTAL = {"DOCUMENT_HOSTS": {"main": hosts}}

    return allow


def read(url: str, magic: bytes = MAGIC) -> bytes:
    found = fetch(url, "main", magic)
    with found.file as file:
        content = file.read()
    assert len(content) == found.length
    return content


def test_a_paper_comes_whole_from_a_listed_place(listed: Any) -> None:
    with server(answer(PDF)) as (origin, heard):
        listed(origin)
        assert read(f"{origin}/a/paper.pdf?v=1") == PDF
    assert heard[0].startswith(b"GET /a/paper.pdf?v=1 HTTP/1.1\r\n")
    assert b"cookie" not in heard[0].lower() and b"authorization" not in heard[0].lower()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://evil.example/a.pdf",
        "http://docs.example.com/a.pdf",
        "https://docs.example.com:8443/a.pdf",
        "https://docs.example.com@evil.example/a.pdf",
        "https://evil.example\\@docs.example.com/a.pdf",
        "https://docs.example.com.evil.example/a.pdf",
        "https://sub.docs.example.com/a.pdf",
        "https://docs.example.com/a.pdf\r\nHost: evil",
        "https://docs.example.com/a b",
        "https://docs.exämple.com/a.pdf",
        "https://docs.example.com:99999/a.pdf",
        "https://[docs.example.com/a.pdf",
        "file:///etc/passwd",
        "gopher://docs.example.com/",
        "//docs.example.com/a.pdf",
        "javascript:alert(1)",
    ],
)
def test_a_place_that_is_not_listed_is_never_asked(
    listed: Any, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    listed("docs.example.com")
    monkeypatch.setattr(socket, "getaddrinfo", None)
    with pytest.raises(NotListed):
        fetch(url, "main")


def test_a_list_counts_for_its_own_source_alone(listed: Any) -> None:
    with server(answer(PDF)) as (origin, heard):
        listed(origin)
        with pytest.raises(NotListed):
            fetch(f"{origin}/a.pdf", "other")
    assert not heard


def addresses(monkeypatch: pytest.MonkeyPatch, *found: str) -> None:
    told = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 443)) for each in found]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: told)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.5",
        "172.16.3.4",
        "192.168.1.1",
        "169.254.169.254",
        "0.0.0.0",
        "100.64.0.1",
        "224.0.0.1",
        "::1",
        "fe80::1",
        "fd00::1",
        "::ffff:10.0.0.5",
        "2002:0a00:0005::1",
        "64:ff9b::a00:5",
    ],
)
def test_a_listed_name_that_leads_into_a_private_network_is_not_followed(
    listed: Any, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    listed("docs.example.com")
    monkeypatch.setattr(socket, "create_connection", None)
    addresses(monkeypatch, address)
    with pytest.raises(NotListed):
        fetch("https://docs.example.com/a.pdf", "main")
    addresses(monkeypatch, "93.184.216.34", address)
    with pytest.raises(NotListed):
        fetch("https://docs.example.com/a.pdf", "main")


def test_a_private_network_may_be_listed_and_the_address_is_looked_up_once(
    listed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    def connect(where: Any, timeout: float) -> Any:
        asked.append(where)
        raise ConnectionRefusedError

    listed("docs.example.com", "10.1.0.0/16")
    monkeypatch.setattr(socket, "create_connection", connect)
    addresses(monkeypatch, "10.1.2.3")
    with pytest.raises(Unavailable):
        fetch("https://docs.example.com/a.pdf", "main")
    assert asked == [("10.1.2.3", 443)]
    addresses(monkeypatch, "10.2.2.3")
    with pytest.raises(NotListed):
        fetch("https://docs.example.com/a.pdf", "main")


@pytest.mark.parametrize(
    "sent",
    [
        answer(b"", "Location: http://127.0.0.1:1/", status="302 Found"),
        answer(b"<h1>SAP crashed at 10.0.0.5</h1>", status="500 Oops"),
        answer(b"<html>Please sign in</html>", "Content-Type: application/pdf"),
        answer(b""),
        answer(PDF, length=len(PDF) + 10),
        answer(PDF, length=documents.LARGEST + 1),
        answer(PDF, "Content-Encoding: gzip"),
        answer(b"%PD", length=3),
        b"\x15\x03\x01 nonsense",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n%PDF-\r\nzz\r\n",
    ],
)
def test_what_is_no_whole_paper_is_none(listed: Any, sent: bytes) -> None:
    with server(sent) as (origin, heard):
        listed(origin)
        with pytest.raises(Unavailable):
            fetch(f"{origin}/a.pdf", "main", MAGIC)
        assert len(heard) == 1


def test_a_paper_that_never_ends_is_cut_at_twenty_mebibytes(
    listed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "LARGEST", 200_000)
    endless = [answer(MAGIC, length=-1), *[b"x" * 65_536] * 20]
    with server(*endless) as (origin, _):
        listed(origin)
        with pytest.raises(Unavailable):
            fetch(f"{origin}/a.pdf", "main", MAGIC)


def test_no_one_listens(listed: Any) -> None:
    with server() as (origin, _):
        pass
    listed(origin)
    with pytest.raises(Unavailable):
        fetch(f"{origin}/a.pdf", "main")


@pytest.mark.parametrize(
    "pieces",
    [
        [b""] * 50,
        [bytes([sign]) for sign in answer(PDF)],
        [answer(MAGIC, length=-1), *[b"x"] * 100],
        [answer(MAGIC, length=5000), *[b"x"] * 100],
    ],
)
def test_an_erp_that_drips_is_cut_off_in_time(
    listed: Any, monkeypatch: pytest.MonkeyPatch, pieces: list[bytes]
) -> None:
    monkeypatch.setattr(documents, "TOTAL", 0.4)
    with server(*pieces, pause=0.15) as (origin, _):
        listed(origin)
        began = time.monotonic()
        with pytest.raises(TooSlow):
            fetch(f"{origin}/a.pdf", "main", MAGIC)
        assert time.monotonic() - began < 6


def test_a_name_that_is_found_too_late_gives_an_erp_no_more_time(
    listed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "TOTAL", 0.2)
    look_up = documents._look_up

    def slowly(*args: Any) -> str:
        time.sleep(0.3)
        return look_up(*args)

    monkeypatch.setattr(documents, "_look_up", slowly)
    with server(*[bytes([sign]) for sign in answer(PDF)], pause=0.05) as (origin, _):
        listed(origin)
        began = time.monotonic()
        with pytest.raises(TooSlow):
            fetch(f"{origin}/a.pdf", "main", MAGIC)
        assert time.monotonic() - began < 4
