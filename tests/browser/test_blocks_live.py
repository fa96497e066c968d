"""A customer at a host's page: with the script under the strictest policy, and without any."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from wagtail.models import Page

from oms_portal.erp.models import Source
from tests import factories, wire
from tests.site.models import BlockPage


pytestmark = pytest.mark.browser

BODY = [
    {"type": "order_list", "value": {"heading": "Your orders", "rows": 5}},
    {"type": "order_tracker", "value": {"heading": "Where is my order?"}},
]


@pytest.fixture
def buyer(transactional_db: None) -> Any:
    """Somebody at C1, which has eight orders, and a page with our blocks at /service/."""
    page = BlockPage(title="Service", slug="service", body=json.dumps(BODY))
    Page.objects.get(pk=factories.site().root_page_id).add_child(instance=page)
    company = factories.customer("C1")
    for number in range(8):
        factories.order(f"SO-{number}", "C1", placed_at=f"2026-11-1{number}T08:00:00Z")
    Source.objects.update(last_heard_at=timezone.now())
    return factories.person(company=company)


def complaints_of(page: Any) -> list[str]:
    """What the browser's console says is wrong, also what the page's policy stopped."""
    heard: list[str] = []
    page.on("console", lambda message: message.type == "error" and heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


def test_an_open_page_follows_its_orders(
    buyer: Any, page: Any, sign_in: Callable[[Any, Any], None]
) -> None:
    from playwright.sync_api import expect

    complaints = complaints_of(page)
    sign_in(page, buyer)
    page.goto("/service/")
    row = page.locator(".oms-table-body .oms-tr", has_text="SO-7")
    expect(row).to_contain_text("Confirmed")
    expect(page.locator("oms-live[data-state=live]").first).to_be_visible()
    expect(page.locator(".oms-fresh").first).to_contain_text("As of ")
    expect(page.locator(".oms-feed")).to_have_count(1)

    shipped = {"ordered": "10", "shipped": "10"}
    factories.order(
        "SO-7", "C1", 2, lines=[wire.line(quantities=shipped)], placed_at="2026-11-17T08:00:00Z"
    )
    expect(row).to_contain_text("On its way")
    expect(page.locator(".oms-status")).to_contain_text("Goods of order SO-7 are on their way.")

    page.get_by_role("link", name="Older orders").click()
    expect(page.locator(".oms-table")).to_contain_text("SO-0")
    expect(page.locator(".oms-table")).not_to_contain_text("SO-7")

    page.get_by_label("Order number").fill("PO-77")
    page.get_by_role("button", name="Show order").click()
    page.wait_for_url("**/service/?order=PO-77")
    expect(page.locator(".oms-tracker .oms-title")).to_contain_text("Order SO-")
    expect(page.locator(".oms-tracker [aria-current=step]")).to_have_count(1)
    assert complaints == []

    for path in ("/portal/orders/", "/portal/orders/SO-0/"):
        page.goto(path)
        expect(page.locator("oms-live[data-state=live]").first).to_be_visible()
        found = Axe().run(page).response["violations"]
        assert not found, (path, [(each["id"], each["nodes"][0]["html"]) for each in found])


def test_a_list_is_sorted_in_place_and_stays_so_when_it_changes(
    buyer: Any, page: Any, sign_in: Callable[[Any, Any], None]
) -> None:
    from playwright.sync_api import expect

    sign_in(page, buyer)
    page.goto("/service/")
    page.get_by_role("link", name="Oldest first").click()
    rows = page.locator(".oms-table-body .oms-tr")
    expect(rows).to_contain_text([f"SO-{number}" for number in range(5)])
    expect(page.locator(".oms-sort[aria-current=true]")).to_have_text("Oldest first")
    page.get_by_role("link", name="More orders").click()
    expect(rows).to_contain_text(["SO-5", "SO-6", "SO-7"])
    expect(page.locator("oms-live[data-state=live]").first).to_be_visible()

    factories.order("SO-6", "C1", 2, on_hold=True, placed_at="2026-11-16T08:00:00Z")
    expect(rows.nth(1)).to_contain_text("On hold")
    expect(rows).to_contain_text(["SO-5", "SO-6", "SO-7"])
    page.get_by_role("link", name="Newest first").click()
    expect(rows).to_contain_text([f"SO-{number}" for number in (7, 6, 5, 4, 3)])
    expect(page).to_have_url(re.compile("/service/$"))


def test_without_a_script_everything_is_a_link_away(
    buyer: Any, new_page: Callable[..., Any], sign_in: Callable[[Any, Any], None]
) -> None:
    from playwright.sync_api import expect

    page = new_page(java_script_enabled=False)
    page.goto("/service/")
    expect(page.locator(".oms-note:visible")).to_have_count(0)
    page.get_by_role("link", name="See your orders").click()
    expect(page).to_have_url(re.compile(r"/accounts/login/\?next=/portal/orders/"))

    sign_in(page, buyer)
    page.goto("/portal/orders/?size=5")
    page.get_by_role("link", name="Older orders").click()
    expect(page.locator(".oms-table-body .oms-tr")).to_have_count(3)
    page.get_by_role("link", name="SO-0", exact=True).click()
    expect(page).to_have_url(re.compile("/portal/orders/SO-0/$"))
    expect(page.locator("main")).to_contain_text("20457 Hamburg")

    page.goto("/service/")
    page.get_by_label("Order number").fill("SO-3")
    page.get_by_role("button", name="Show order").click()
    expect(page).to_have_url(re.compile("/portal/orders/SO-3/$"))


def test_who_is_signed_out_finds_the_way_in_and_back(buyer: Any, page: Any) -> None:
    from playwright.sync_api import expect

    page.goto("/service/")
    way = page.get_by_role("link", name="Sign in").first
    expect(way).to_have_attribute("href", "/accounts/login/?next=%2Fservice%2F")
    expect(page.locator("body")).not_to_contain_text("SO-7")
