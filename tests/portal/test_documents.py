"""Papers through the access rules: downloaded, fetched, listed, and what is in each parcel."""

from __future__ import annotations

import asyncio
import base64
import csv
import io
import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import AsyncRequestFactory, Client

from oms_portal.erp.connectors import documents as connector
from oms_portal.fragments.download import sent
from oms_portal.orders.models import Document
from tests import factories, wire
from tests.papers import PDF, answer, server


pytestmark = pytest.mark.django_db

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Referrer-Policy": "no-referrer",
}


def paper(ref: str = "P1", **changes: Any) -> dict[str, Any]:
    return {
        "ref": ref,
        "kind": "invoice",
        "number": f"RE-{ref}",
        "issued_on": "2026-11-20",
        "media_type": "application/pdf",
        "content_base64": base64.b64encode(PDF).decode(),
        **changes,
    }


@pytest.fixture(autouse=True)
def nobody_asked_before() -> None:
    cache.clear()


@pytest.fixture
def buyer() -> Client:
    client = Client()
    client.force_login(factories.person(company=factories.customer("C1")))
    return client


def path(order: str = "SO-1001", **found: Any) -> str:
    pk = Document.objects.get(order__slug=order, **found).pk
    return f"/portal/orders/{order}/documents/{pk}/"


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_a_paper_that_came_along_is_downloaded_as_it_is(buyer: Client) -> None:
    factories.order("SO-1001", "C1", documents=[paper(number='RE/17 äö"; x=1')])
    response = buyer.get(path())
    assert response.status_code == 200 and body(response) == PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Length"] == str(len(PDF))
    assert response["Content-Disposition"].startswith("attachment; filename")
    assert "/" not in response["Content-Disposition"].split("filename")[1].replace("''", "")
    assert {name: response[name] for name in HEADERS} == HEADERS
    assert "no-store" in response["Cache-Control"] and "private" in response["Cache-Control"]


@pytest.mark.parametrize(
    ("media", "content"),
    [
        ("text/html", b"<script>alert(1)</script>"),
        ("image/svg+xml", b"<svg onload='alert(1)'/>"),
        ("application/pdf", b"<html>not a pdf</html>"),
        ("application/x-msdownload", b"MZ"),
        ("image/png\r\nX-Evil: 1", b"\x89PNG"),
    ],
)
def test_what_is_no_known_type_is_just_bytes(buyer: Client, media: str, content: bytes) -> None:
    told = paper(media_type=media, content_base64=base64.b64encode(content).decode())
    factories.order("SO-1001", "C1", documents=[told])
    response = buyer.get(path())
    assert response["Content-Type"] == "application/octet-stream" and "X-Evil" not in response
    assert response["Content-Disposition"].startswith("attachment;")
    assert body(response) == content


def test_a_foreign_paper_answers_as_a_missing_one(buyer: Client) -> None:
    factories.customer("C2")
    factories.order("SO-1001", "C1", documents=[paper()])
    factories.order("SO-2001", "C2", documents=[paper()])
    foreign = buyer.get(path("SO-2001"))
    missing = buyer.get("/portal/orders/SO-2001/documents/999999/")
    other_order = buyer.get(path().replace("SO-1001", "SO-2001"))
    assert foreign.status_code == missing.status_code == other_order.status_code == 404
    assert len(foreign.content) == len(missing.content)
    assert buyer.get("/portal/orders/SO-1001/documents/99999999999999999999999/").status_code == 404
    assert Client().get(path()).status_code == 302


def test_who_sees_one_place_gets_no_papers_of_another() -> None:
    company = factories.customer("C1")
    place = factories.address(company, "S2")
    factories.order("SO-1001", "C1", documents=[paper()])
    client = Client()
    client.force_login(factories.person(company=company, ship_tos=[place]))
    assert client.get(path()).status_code == 404
    assert "RE-P1" not in client.get("/portal/documents/").content.decode()


def test_a_paper_keeps_its_address_when_the_order_is_told_again(buyer: Client) -> None:
    factories.order("SO-1001", "C1", documents=[paper()])
    first = path()
    factories.order("SO-1001", "C1", version=2, documents=[paper("P0"), paper()])
    assert path(ref="P1") == first and body(buyer.get(first)) == PDF


def asked_of(
    buyer: Client, settings: Any, sent: bytes, media: str = "application/pdf"
) -> tuple[Any, list[bytes]]:
    with server(sent) as (origin, heard):
        settings.OMS_PORTAL = {"DOCUMENT_HOSTS": {"main": (origin,)}}
        told = paper(content_base64="", url=f"{origin}/secret-token/a.pdf", media_type=media)
        factories.order("SO-1001", "C1", documents=[told])
        page = buyer.get("/portal/orders/SO-1001/").content.decode()
        assert "secret-token" not in page and path() in page
        return buyer.get(path()), heard


def test_a_paper_is_fetched_when_somebody_wants_it(buyer: Client, settings: Any) -> None:
    response, heard = asked_of(buyer, settings, answer(PDF))
    assert response.status_code == 200 and body(response) == PDF and len(heard) == 1
    assert {name: response[name] for name in HEADERS} == HEADERS


def test_on_an_event_loop_a_fetched_paper_goes_out_in_pieces() -> None:
    file, paper_told = io.BytesIO(b"x" * 150_000), Document(number="RE-1", kind="invoice")
    request = AsyncRequestFactory().get("/")
    response: Any = sent(request, paper_told, file, 150_000, "application/pdf")

    async def sizes() -> list[int]:
        return [len(piece) async for piece in response.streaming_content]

    assert asyncio.run(sizes()) == [65_536, 65_536, 18_928] and file.closed
    assert response["Content-Disposition"] == 'attachment; filename="RE-1.pdf"'


@pytest.mark.parametrize(
    "answered",
    [
        answer(b"<h1>ORA-00942 at 10.1.2.3</h1>", status="500 Oops"),
        answer(b"<html>Sign in to the ERP</html>"),
        answer(b"", "Location: http://10.0.0.1/", status="302 Found"),
        b"",
    ],
)
def test_trouble_at_the_erp_is_a_plain_page_that_tells_nothing_of_it(
    buyer: Client, settings: Any, answered: bytes
) -> None:
    response, _ = asked_of(buyer, settings, answered)
    text = response.content.decode()
    assert response.status_code == 502 and "This document can’t be fetched right now" in text
    assert "Try again" in text and 'href="/portal/orders/SO-1001/"' in text
    for secret in ("ORA-", "10.1.2.3", "10.0.0.1", "Sign in to", "127.0.0.1", "secret-token"):
        assert secret not in text


def test_an_erp_that_is_slow_is_told_as_such(
    buyer: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connector, "TOTAL", 0.2)
    with server(b"", b"", b"", pause=0.2) as (origin, _):
        settings.OMS_PORTAL = {"DOCUMENT_HOSTS": {"main": (origin,)}}
        told = paper(content_base64="", url=f"{origin}/a.pdf")
        factories.order("SO-1001", "C1", documents=[told])
        assert buyer.get(path()).status_code == 504


@pytest.mark.parametrize("url", ["https://docs.example.com/a.pdf", ""])
def test_a_paper_that_may_not_be_fetched_is_said_to_be_not_online(buyer: Client, url: str) -> None:
    factories.order("SO-1001", "C1", documents=[paper(content_base64="", url=url)])
    response = buyer.get(path())
    assert response.status_code == 404
    assert "This document is not available online" in response.content.decode()
    assert "docs.example" not in buyer.get("/portal/orders/SO-1001/").content.decode()
    if not url:
        assert "Not available online" in buyer.get("/portal/orders/SO-1001/").content.decode()


def test_nobody_empties_the_erp_by_asking_without_end(
    buyer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("oms_portal.fragments.download.FETCHES_PER_MINUTE", 2)
    factories.order("SO-1001", "C1", documents=[paper()])
    assert [buyer.get(path()).status_code for _ in range(3)] == [200, 200, 429]


def listed(client: Client, query: str = "") -> list[str]:
    """The numbers of the papers on a page, in their order."""
    page = client.get(f"/portal/documents/{query}").content.decode()
    rows = page.split('class="oms-paper"')[1:]
    return [row.split('class="oms-code"')[1].split(">")[1].split("<")[0] for row in rows]


def test_the_papers_of_all_orders_stand_newest_first(buyer: Client) -> None:
    for n, day in ((1, "2026-11-18"), (2, "2026-11-20"), (3, "2026-11-19")):
        factories.order(f"SO-{n}", "C1", documents=[paper(f"P{n}", issued_on=day)])
    factories.order("SO-9", "C2", documents=[paper("P9")])
    assert listed(buyer) == ["RE-P2", "RE-P3", "RE-P1"]
    assert "SO-2</" in re.sub(
        "[\u2068\u2069]", "", buyer.get("/portal/documents/").content.decode()
    )


def test_papers_are_found_by_kind_and_number(buyer: Client) -> None:
    told = [paper("P1", kind="invoice"), paper("P2", kind="credit_note", number="CN-77")]
    factories.order("SO-1001", "C1", documents=told)
    factories.order("SO-1002", "C1", customer_reference="PO-5", documents=[paper("P3")])
    assert listed(buyer, "?kind=credit_note") == ["CN-77"]
    assert listed(buyer, "?find=CN-77") == ["CN-77"]
    assert listed(buyer, "?find=SO-1002") == ["RE-P3"]
    assert listed(buyer, "?find=PO-5") == ["RE-P3"]
    assert sorted(listed(buyer, "?kind=nonsense&before=x~y&size=-4")) == ["CN-77", "RE-P1", "RE-P3"]
    empty = buyer.get("/portal/documents/?find=nothing").content.decode()
    assert "No document is like that" in empty and 'value="nothing"' in empty


def test_pages_go_through_all_papers_once(buyer: Client) -> None:
    days = [f"2026-11-{10 + n // 3}" for n in range(13)]
    told = [paper(f"P{n}", issued_on=day) for n, day in enumerate(days)]
    factories.order("SO-1001", "C1", documents=told)
    seen, query = [], "?size=5"
    while query:
        seen += listed(buyer, query)
        page = buyer.get(f"/portal/documents/{query}").content.decode()
        link = (
            page.split('rel="next"')[1].split('href="')[1].split('"')[0]
            if 'rel="next"' in page
            else ""
        )
        query = link.removeprefix("/portal/documents/").replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == 13


def test_a_page_of_papers_is_few_queries_however_many_there_are(
    buyer: Client, django_assert_max_num_queries: Any
) -> None:
    for n in range(30):
        factories.order(f"SO-{n}", "C1", documents=[paper(f"P{n}")])
    buyer.get("/portal/fragments/documents/")
    with django_assert_max_num_queries(8):
        buyer.get("/portal/fragments/documents/")


def packed(buyer: Client, query: str = "") -> Any:
    held = [
        {"line_ref": "L1", "quantity": "2", "serials": ["SN-1", "SN-2"]},
        {"line_ref": "L2", "quantity": "5", "lot": "LOT-9;=1"},
    ]
    package = {"sscc": "340123450000000018", "tracking_number": "T1", "lines": held}
    lines = [wire.line("L1"), wire.line("L2", description='=HYPERLINK("http://evil")')]
    shipment = wire.shipment("D/1", packages=[package])
    factories.order("SO-1001", "C1", lines=lines, shipments=[shipment])
    return buyer.get(f"/portal/orders/SO-1001/deliveries/D~2F1/packing-list/{query}")


def test_a_packing_list_goes_from_parcel_to_serial_number(buyer: Client) -> None:
    page = packed(buyer).content.decode()
    for words in ("SSCC 340123450000000018", "Tracking number T1", "SN-1, SN-2", "LOT-9"):
        assert words in page, words
    assert "5 pieces" in page and "Packing list" in page
    order = buyer.get("/portal/orders/SO-1001/").content.decode()
    assert "/portal/orders/SO-1001/deliveries/D~2F1/packing-list/" in order


def test_a_packing_list_as_a_file_starts_no_formula(buyer: Client) -> None:
    response = packed(buyer, "?format=csv")
    assert {name: response[name] for name in HEADERS} == HEADERS
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [row["Serial number"] for row in rows] == ["SN-1", "SN-2", ""]
    assert [row["Quantity"] for row in rows] == ["1", "1", "5"]
    assert rows[2]["Lot"] == "LOT-9;'=1" and rows[2]["Description"].startswith("'=")


def test_a_packing_list_of_nobodys_delivery_is_missing(buyer: Client) -> None:
    factories.order("SO-2001", "C2", shipments=[wire.shipment()])
    factories.order("SO-1001", "C1")
    foreign = buyer.get("/portal/orders/SO-2001/deliveries/D1/packing-list/")
    missing = buyer.get("/portal/orders/SO-1001/deliveries/D1/packing-list/")
    assert foreign.status_code == missing.status_code == 404
