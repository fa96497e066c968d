"""Whatever is asked of a page, it answers; and what it showed may be followed on a socket."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from oms_portal.customers.access import actor_for
from oms_portal.fragments.base import fragment
from tests import factories, wire


pytestmark = pytest.mark.django_db

PAGES = (
    "/portal/", "/portal/orders/", "/portal/updates/", "/portal/documents/",
    "/portal/orders/SO-1001/", "/portal/orders/export.csv", "/portal/orders/export.xlsx",
    "/portal/orders/SO-1001/deliveries/D1/packing-list/", "/portal/brand.css",
    "/portal/fragments/orders/", "/portal/fragments/dashboard/", "/portal/fragments/arriving/",
    "/portal/fragments/updates/", "/portal/fragments/documents/", "/portal/fragments/freshness/",
    "/portal/fragments/orders/SO-1001/", "/portal/fragments/tracker/SO-1001/",
)  # fmt: skip
KEYS = (
    "q", "scope", "status", "from", "to", "ship_to", "customer", "by", "sort", "size", "columns",
    "hide", "before", "kinds", "number", "since", "tools", "days", "arrived", "sections", "rows",
    "kind", "find", "only", "group", "lines", "deliveries", "show", "parcels", "format", "lang",
    "order", "company", "site", "rights", "look",
)  # fmt: skip
VALUES = (
    "\0", "a\0b", "-1", "1.5", "1e9", "9" * 19, "9" * 400, "x" * 5000, "٣", "²", "１２３", "[]",
    "{}", "%(x)s", "%", "<b>", "' OR 1=1--", "\u202eabc", "\ud7ff\uffff", "😀" * 300, ",,,,",
    "0", "None", "null", "NaN", "0001-01-01", "9999-12-31", "2026-W01-1", "٢٠٢٦-٠١-٠١",
    "newest.1.1.", "newest.999999999999999999.999999999999999999.", "due.1.1.9999-12-31",
    "due.1.1.0001-01-01", "due.1.1.0001-01-01T00:00:00+23:59", "due.1.1.x", "number.1.1.%",
    "oldest.1.-999999999999999999.", "newest.1.-62135596800000000.", "due.1.-62135596800000000.",
    "1.1", "0.0", "253402300799999999.1", "999999999999999999.999999999999999999",
    "2026-11-20~1", "0001-01-01T00:00:00+14:00~1", "9999-12-31T23:59:59-14:00~1", "~", "x~1",
    "2026-W47-5~1", "20261120T1~1", "de", "../../etc/passwd", "ar,", "\r\nSet-Cookie: a=b",
)  # fmt: skip


@pytest.fixture
def buyer() -> Client:
    client = Client()
    company = factories.customer("C1", addresses=[wire.address(), wire.address("S2")])
    factories.order("SO-1001", "C1", shipments=[wire.shipment()], on_hold=True)
    client.force_login(factories.person(company=company))
    return client


@pytest.mark.parametrize("path", PAGES)
def test_no_query_breaks_a_page(buyer: Client, path: str) -> None:
    for start in range(0, len(VALUES), 2):
        asked = {key: VALUES[(start + n * 7) % len(VALUES)] for n, key in enumerate(KEYS)}
        answer: Any = buyer.get(path, asked)
        assert answer.status_code in (200, 302, 404), f"{path} {asked}"


ODD = (*VALUES, "a" * 249 + " b", "a" * 99 + " b", "x " * 300, " a ", "order,status", "007", "5",
       "2026-11-20", "open", "late,open", "1,2", "shipped,received", "trouble", "invoice", "\x1fa",
       "\u0130" * 120, "\ufb03" * 90)  # fmt: skip


@pytest.mark.parametrize("name", [
    "orders", "order", "tracker", "dashboard", "updates", "arriving", "documents", "freshness",
])  # fmt: skip
def test_what_was_asked_stays_what_it_is_when_a_socket_asks_again(name: str) -> None:
    """Else a fragment that was just drawn would be taken away from who may see it."""
    company = factories.customer("C1", addresses=[wire.address(), wire.address("S2")])
    factories.order("SO-1001", "C1")
    actor, kind = actor_for(factories.person(company=company)), fragment(name)
    assert kind is not None
    for start in range(len(ODD)):
        asked = {key: ODD[(start + n * 7) % len(ODD)] for n, key in enumerate(KEYS)}
        own = {"company": str(company.pk), "order": "SO-1001", "site": ""}
        spec = kind.spec(actor, {**asked, **own}, "en")
        assert spec is not None and kind.allowed(actor, spec), asked
