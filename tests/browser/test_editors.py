"""An editor's window: previews with nobody's own orders, and a word on blocks under no heading."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from wagtail.models import Page

from tests import factories
from tests.site.models import BlockPage


pytestmark = [pytest.mark.browser, pytest.mark.once]

BODY = [
    {"type": "order_list", "value": {"heading": ""}},
    {"type": "dashboard", "value": {"heading": ""}},
    {"type": "delivery_updates", "value": {"heading": "What moved"}},
]


@pytest.fixture
def editor(transactional_db: None) -> Any:
    """Somebody who edits /service/ and buys at C1."""
    page = BlockPage(title="Service", slug="service", body=json.dumps(BODY))
    Page.objects.get(pk=factories.site().root_page_id).add_child(instance=page)
    page.save_revision()
    company = factories.customer("C1", name="Real customer")
    factories.order("SO-1001", "C1")
    return factories.person("ed@x.example", company, staff=["Editors"], is_superuser=True)


def shows_samples_only(body: Any) -> None:
    from playwright.sync_api import expect

    expect(body).to_contain_text("invented customer")
    expect(body).not_to_contain_text("SO-1001")
    expect(body).not_to_contain_text("Real customer")


def test_an_editor_is_shown_samples_and_told_of_a_block_under_no_heading(
    editor: Any, new_page: Callable[..., Any], sign_in: Callable[[Any, Any], None]
) -> None:
    from playwright.sync_api import expect

    # Wagtail's own user bar does not live under a policy as strict as this host's.
    page = new_page(bypass_csp=True)
    sign_in(page, editor)
    pk = BlockPage.objects.get().pk
    page.goto(f"/admin/pages/{pk}/view_draft/")
    expect(page.locator(".oms-fragment.oms-orders")).to_contain_text("SO-48231", timeout=30_000)
    expect(page.locator("oms-live[data-state=live]").first).to_be_visible(timeout=30_000)
    shows_samples_only(page.locator("body"))

    page.goto("/service/")
    expect(page.locator(".oms-fragment.oms-orders")).to_contain_text("SO-1001", timeout=30_000)
    # The list stands under the page's title; the dashboard after it under nothing of its own.
    count = page.locator("wagtail-userbar [data-content-checker-count]").first
    expect(count).to_have_text("1", timeout=30_000)
    expect(page.locator("wagtail-inline-userbar")).to_have_count(1)
    # Once in the checker's settings, once in its list of what it found.
    page.wait_for_function(
        "(words) => document.querySelector('wagtail-userbar').shadowRoot.textContent"
        ".split(words).length - 1 === 2",
        arg="Give the block a heading, or put one above it",
    )


def test_the_preview_beside_the_editor_shows_invented_orders_only(
    editor: Any, new_page: Callable[..., Any], sign_in: Callable[[Any, Any], None]
) -> None:
    from playwright.sync_api import expect

    page = new_page(bypass_csp=True, viewport={"width": 1600, "height": 900})
    complaints: list[str] = []

    def hear(said: Any) -> None:
        # Wagtail asks the net for a picture of the editor, and for its own metrics.
        if said.type == "error" and "oms" in f"{said.location['url']} {said.text}":
            complaints.append(said.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    asked: list[str] = []
    page.on("response", lambda answer: "/fragments/" in answer.url and asked.append(answer.url))
    sign_in(page, editor)
    page.goto(f"/admin/pages/{BlockPage.objects.get().pk}/edit/")
    page.get_by_role("button", name="Toggle preview").click()
    shown = page.frame_locator("iframe[data-w-preview-target=iframe]").last
    expect(shown.locator(".oms-fragment.oms-orders")).to_contain_text("SO-48231", timeout=30_000)
    expect(shown.locator(".oms-fragment.oms-dashboard")).to_be_attached(timeout=30_000)
    expect(shown.locator(".oms-fragment.oms-updates")).to_be_attached(timeout=30_000)
    shows_samples_only(shown.locator("body"))
    assert asked and complaints == []
