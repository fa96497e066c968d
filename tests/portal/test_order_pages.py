"""The order pages and the fragments behind them, as a browser without any script sees them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from oms_portal.portal.converters import SlugConverter
from tests import factories, wire


pytestmark = pytest.mark.django_db

PAGES = ["/portal/orders/", "/portal/orders/SO-1001/"]
FRAGMENTS = [
    "/portal/fragments/orders/",
    "/portal/fragments/orders/SO-1001/",
    "/portal/fragments/tracker/SO-1001/",
    "/portal/fragments/freshness/",
]


@pytest.fixture
def buyer(client: Client) -> Client:
    """Signed in as a buyer at C1, which has the order SO-1001."""
    company = factories.customer("C1")
    factories.order("SO-1001", "C1")
    client.force_login(factories.person(company=company))
    return client


def body(response: Any) -> str:
    return response.content.decode()


def test_the_mount_is_the_overview(buyer: Client) -> None:
    assert "SO-1001" in body(buyer.get("/portal/"))


def test_the_list_page_shows_the_orders_without_a_script(buyer: Client) -> None:
    page = body(buyer.get("/portal/orders/"))
    assert '<a class="oms-link oms-order-link" href="/portal/orders/SO-1001/">SO-1001</a>' in page
    assert "Confirmed" in page and "PO-77" in page and "€53.55" in page
    assert "Company C1" in page
    assert "data-ticket=" in page and '<oms-live class="oms-portal" src="/portal/fragments/' in page


def test_the_order_page_shows_all_there_is(buyer: Client) -> None:
    page = body(buyer.get("/portal/orders/SO-1001/"))
    for words in (
        "Order SO-1001",
        "B. Buyer",
        "10 pieces ordered",
        "Ball bearing L1",
        "Nov 26, 2026",
        "20457 Hamburg",
        "Germany",
        "B. Buyer placed the order.",
    ):
        assert words in page, words


@pytest.mark.parametrize("path", PAGES + FRAGMENTS)
def test_what_is_private_is_kept_by_nobody(buyer: Client, path: str) -> None:
    answer = buyer.get(path)
    assert answer.status_code == 200
    assert answer["cache-control"] == "private, no-store"
    assert "Cookie" in answer["vary"]


@pytest.mark.parametrize("path", PAGES)
def test_strangers_are_sent_to_sign_in(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer["location"].startswith("/accounts/login/?next=/portal/orders/")
    assert answer["cache-control"] == "private, no-store"


@pytest.mark.parametrize("path", FRAGMENTS)
def test_a_stranger_gets_a_way_in_instead_of_a_fragment(client: Client, path: str) -> None:
    answer = client.get(path, headers={"referer": "http://testserver/shop/?a=1"})
    assert answer.status_code == 401
    assert answer["cache-control"] == "private, no-store"
    assert 'href="/accounts/login/?next=%2Fshop%2F%3Fa%3D1"' in body(answer)


def test_the_way_in_never_leads_away(client: Client) -> None:
    answer = client.get(FRAGMENTS[0], headers={"referer": "http://evil.example/x"})
    assert "evil" not in body(answer)
    assert "next=%2Fportal%2Forders%2F" in body(answer)


@pytest.mark.parametrize(
    "pattern",
    ["/portal/orders/{}/", "/portal/fragments/orders/{}/", "/portal/fragments/tracker/{}/"],
)
def test_a_foreign_order_is_answered_as_a_missing_one(buyer: Client, pattern: str) -> None:
    factories.order("SO-2002", "C2")
    foreign = buyer.get(pattern.format("SO-2002"))
    missing = buyer.get(pattern.format("SO-9999"))
    assert foreign.status_code == missing.status_code == 404
    assert body(foreign).replace("SO-2002", "SO-9999") == body(missing)
    assert foreign.headers == missing.headers
    assert foreign["cache-control"] == "private, no-store"


@pytest.mark.parametrize("slug", ["~00", "~ff", "~2", "..", "~2E~2E~2F", "a" * 4000, "%00", "%ff"])
def test_names_that_are_none_are_not_found(buyer: Client, slug: str) -> None:
    for pattern in ("/portal/orders/{}/", "/portal/fragments/orders/{}/"):
        assert buyer.get(pattern.format(slug)).status_code == 404


def test_a_number_with_a_slash_has_a_page(buyer: Client) -> None:
    factories.order("2026/17", "C1")
    assert 'href="/portal/orders/2026~2F17/"' in body(buyer.get("/portal/orders/"))
    assert "Order 2026/17" in body(buyer.get("/portal/orders/2026~2F17/"))


@pytest.mark.parametrize("number", [" 17", "17 ", "  ", "\u00a0", "\u2028", "~", "..", "//x"])
def test_the_oddest_number_has_a_page_and_its_fragments(buyer: Client, number: str) -> None:
    path = f"{SlugConverter().to_url(factories.order('odd', 'C1', number=number).slug)}/"
    for pattern in ("orders/", "fragments/orders/", "fragments/tracker/"):
        assert buyer.get(f"/portal/{pattern}{path}").status_code == 200
    typed = buyer.get("/portal/orders/", {"order": number})
    assert typed["location"] == f"/portal/orders/{path}"


@pytest.mark.parametrize("typed", ["SO-1001", " SO-1001 ", "PO-77"])
def test_a_number_typed_by_hand_leads_to_its_order(buyer: Client, typed: str) -> None:
    answer = buyer.get("/portal/orders/", {"order": typed})
    assert answer["location"] == "/portal/orders/SO-1001/"


def test_a_number_that_is_not_theirs_is_not_found(buyer: Client) -> None:
    factories.order("SO-2002", "C2")
    for typed in ("SO-2002", "<b>x</b>", "\0"):
        answer = buyer.get("/portal/orders/", {"order": typed})
        assert answer.status_code == 404
        assert "We can’t find an order" in body(answer)
        assert "<b>x" not in body(answer)


def test_the_list_goes_on_by_links(buyer: Client) -> None:
    for number in range(7):
        factories.order(f"SO-20{number}", "C1", placed_at=f"2026-11-1{number}T08:00:00Z")
    first = body(buyer.get("/portal/orders/", {"size": "5"}))
    assert first.count("oms-order-link") == 5 and "Newest orders" not in first
    older = first.split('rel="next" data-oms-page href="')[1].split('"')[0].replace("&amp;", "&")
    second = body(buyer.get(older))
    assert second.count("oms-order-link") == 3 and "Older orders" not in second
    assert 'rel="first" data-oms-page href="/portal/orders/?sort=newest&amp;size=5"' in second
    shown = [f"SO-20{number}" for number in range(7)] + ["SO-1001"]
    assert all((f">{n}</a>" in first) != (f">{n}</a>" in second) for n in shown)


def test_the_list_is_sorted_by_links_and_pages_in_that_sort(buyer: Client) -> None:
    for number in range(6):
        factories.order(f"SO-20{number}", "C1", placed_at=f"2026-11-1{number}T08:00:00Z")
    first = body(buyer.get("/portal/orders/", {"size": "5"}))
    assert '?sort=newest&amp;size=5" aria-current="true">Newest first</a>' in first
    assert first.count('aria-current="true"') == 1
    assert '?sort=oldest&amp;size=5">Oldest first</a>' in first
    page = body(buyer.get("/portal/orders/?sort=oldest&size=5"))
    assert '?sort=oldest&amp;size=5" aria-current="true">Oldest first</a>' in page
    assert "Orders: Oldest first</caption>" in page and '?sort=oldest&amp;size=5">' in page
    assert numbers_of(page) == [f"SO-20{number}" for number in range(5)]
    more = page.split('rel="next" data-oms-page href="')[1].split('"')[0].replace("&amp;", "&")
    page = body(buyer.get(more))
    assert numbers_of(page) == ["SO-205", "SO-1001"]
    assert 'href="/portal/orders/?sort=oldest&amp;size=5">Back to the start</a>' in page
    # A cursor of another sort is none.
    page = body(buyer.get(more.replace("sort=oldest", "sort=number")))
    assert numbers_of(page)[0] == "SO-1001" and "Back to the start" not in page


def numbers_of(page: str) -> list[str]:
    return re.findall(r"oms-order-link\" [^>]*>([^<]+)<", page)


def test_the_due_date_stands_where_it_sorts(buyer: Client) -> None:
    two = [
        wire.line(ref, promises=[{"kind": "confirmed", "from": day}])
        for ref, day in (("L1", "2026-11-24"), ("L2", "2026-12-24"))
    ]
    factories.order("SO-2000", "C1", lines=two)
    page = body(buyer.get("/portal/orders/", {"sort": "due"}))
    assert numbers_of(page) == ["SO-2000", "SO-1001"]
    assert "First due</span>" in page and "Nov 24, 2026" in page and "Dec 24" not in page
    assert "Dec 24, 2026" in body(buyer.get("/portal/orders/"))


@pytest.mark.parametrize("sort", ["x", "", "due\0", "NEWEST", "٣", "9" * 9999])
def test_a_sort_that_is_none_is_the_newest_first(buyer: Client, sort: str) -> None:
    for path in ("/portal/orders/", "/portal/fragments/orders/"):
        page = body(buyer.get(path, {"sort": sort, "before": "due.1.1.2026-13-13"}))
        assert 'aria-current="true">Newest first</a>' in page and "SO-1001" in page


@pytest.mark.parametrize("size", ["0", "-1", "x", "٣", "9" * 30, "1e3", ""])
@pytest.mark.parametrize("before", ["", "x", "9" * 100, "1.1\0", "٣.٣"])
def test_paging_by_hand_breaks_nothing(buyer: Client, size: str, before: str) -> None:
    for path in ("/portal/orders/", "/portal/fragments/orders/"):
        assert buyer.get(path, {"size": size, "before": before}).status_code == 200


def test_a_page_is_never_longer_than_a_hundred(buyer: Client) -> None:
    assert 'src="/portal/fragments/orders/?size=100000"' in body(
        buyer.get("/portal/orders/", {"size": "100000"})
    )
    from oms_portal.customers.access import actor_for
    from oms_portal.fragments.base import fragment

    user = factories.person(company=None)
    kind = fragment("orders")
    assert kind is not None
    spec = kind.spec(actor_for(user), {"size": "100000"}, "en")
    assert spec is not None and spec["size"] == "100"


def test_somebody_without_a_company_is_told_so(client: Client) -> None:
    client.force_login(factories.person("nobody@c1.example"))
    answer = client.get("/portal/orders/")
    assert answer.status_code == 200
    assert "does not belong to a company yet" in body(answer)
    assert client.get("/portal/fragments/orders/").status_code == 404
    assert client.get("/portal/fragments/freshness/").status_code == 404


def test_an_empty_list_says_so(client: Client) -> None:
    client.force_login(factories.person(company=factories.customer("C1")))
    assert "No orders here yet" in body(client.get("/portal/orders/"))


def test_who_has_several_companies_can_switch(buyer: Client) -> None:
    other = factories.customer("C2")
    factories.order("SO-2002", "C2")
    factories.person(company=other)
    page = body(buyer.get("/portal/orders/"))
    assert "SO-1001" in page and "SO-2002" not in page
    assert f'<option value="{other.pk}">Company C2</option>' in page
    answer = buyer.post("/portal/company/", {"company": other.pk, "next": "/portal/orders/"})
    assert answer["location"] == "/portal/orders/"
    page = body(buyer.get("/portal/orders/"))
    assert "SO-2002" in page and "SO-1001" not in page
    # What they may see they may open, whichever company they look at.
    assert buyer.get("/portal/orders/SO-1001/").status_code == 200


def test_one_company_needs_no_switch(buyer: Client) -> None:
    assert '<select class="oms-input" name="company"' not in body(buyer.get("/portal/orders/"))


def test_the_language_of_the_page_around_decides(buyer: Client) -> None:
    german = body(buyer.get("/portal/fragments/orders/SO-1001/?lang=de"))
    assert "26. Nov. 2026" in german and "53,55\xa0€" in german
    assert "Nov 26, 2026" in body(buyer.get("/portal/fragments/orders/SO-1001/?lang=xx"))


LARGEST, MOST = "999999999999.999999", "9999999999999.999999"


@pytest.mark.parametrize("price", [LARGEST, f"-{LARGEST}", "0.000001"])
@pytest.mark.parametrize("sum_", [MOST, f"-{MOST}", "0.000001"])
@pytest.mark.parametrize("moment", ["0001-01-01", "9999-12-31", "9999-12-31T23:59:59Z"])
def test_the_ends_of_every_scale_can_be_shown(
    buyer: Client, price: str, sum_: str, moment: str
) -> None:
    factories.order(
        "END",
        "C1",
        totals={"net": sum_, "tax": sum_, "gross": sum_},
        requested={"from": moment, "to": moment},
        lines=[
            wire.line(
                unit_price=price,
                amount=sum_,
                quantities={"ordered": price, "shipped": price},
                promises=[{"kind": "confirmed", "from": moment, "quantity": price}],
            )
        ],
        shipments=[wire.shipment(planned_on=moment, eta={"from": moment})],
    )
    for path in ("orders/", "orders/END/", "fragments/tracker/END/"):
        assert buyer.get(f"/portal/{path}").status_code == 200


@pytest.mark.parametrize("line", [{"unit_price": MOST}, {"quantities": {"ordered": MOST}}])
def test_what_could_not_be_shown_is_not_let_in(buyer: Client, line: dict[str, Any]) -> None:
    told = wire.order(lines=[wire.line(**line)])
    factories.deliver("order", told, 2, expect="quarantined")
    assert buyer.get("/portal/orders/SO-1001/").status_code == 200


EVIL = '<script>alert(1)</script>{{ 7|add:7 }}{% now "Y" %}=cmd()"\' onload=x'


def test_what_an_erp_sends_stays_text(buyer: Client) -> None:
    place = wire.address(name=EVIL, lines=[EVIL], instructions=EVIL, contact=EVIL)
    factories.order(
        "SO-6666",
        "C1",
        customer_reference=EVIL,
        placed_by=EVIL,
        terms=EVIL,
        incoterm=EVIL,
        cost_centre=EVIL,
        delivery_address=place,
        billing_address=place,
        lines=[wire.line(description=EVIL, sku=EVIL, unit="<b>", lot=EVIL)],
        shipments=[
            wire.shipment(
                number=EVIL,
                service=EVIL,
                status=EVIL,
                from_location={"name": EVIL},
                carrier={"code": "x", "name": EVIL},
                freight={"appointment": EVIL, "site_contact": EVIL, "call_ahead": EVIL},
                pickup={"code": "<script>alert(1)</script>", "hours": EVIL, "ready": True},
                packages=[
                    {
                        "tracking_number": EVIL,
                        "tracking_url": "javascript:alert(1)//",
                        "lines": [{"line_ref": "L1", "quantity": "1", "serials": [EVIL]}],
                    }
                ],
            )
        ],
    )
    for path in (
        "/portal/orders/",
        "/portal/orders/SO-6666/",
        "/portal/fragments/orders/SO-6666/",
        "/portal/fragments/tracker/SO-6666/",
    ):
        page = body(buyer.get(path))
        assert "alert(1)&lt;/script&gt;{{ 7|add:7 }}" in page
        assert "<script>alert" not in page and "javascript:" not in page
        assert "}}14" not in page and "<b>" not in page.replace('<b class="oms-strong">', "")


def test_no_page_needs_more_than_a_strict_policy(buyer: Client) -> None:
    for path in PAGES:
        page = body(buyer.get(path))
        assert " style=" not in page and "<style" not in page
        assert " onclick=" not in page and "<script>" not in page
        assert page.count("<script") == 1 and '<script type="module" src="/static/' in page
