"""The page of the feeds in a browser: it moves by itself, can be held, and keeps what is open."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone
from playwright.sync_api import expect

from oms_portal.changes.models import ChangeRequest
from oms_portal.erp.models import InboundEvent, Source
from tests import factories


pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def quarantined(source: Source) -> None:
    now = timezone.now()
    InboundEvent.objects.create(
        source=source,
        event_id=f"e{InboundEvent.objects.count()}",
        type="order.updated.v1",
        occurred_at=now,
        received_at=now,
        body_digest="",
        state=InboundEvent.State.QUARANTINED,
    )


def test_the_figures_move_until_they_are_held(page, sign_in):
    factories.site()
    source = factories.source(last_heard_at=timezone.now())
    user = factories.person("keeper@shop.example", staff=["Keepers"])
    user.groups.get().permissions.set(
        Permission.objects.filter(codename__in=("access_admin", "view_source"))
    )
    sign_in(page, user)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.clock.install()
    page.goto("/admin/oms/health/")
    figure = page.locator(".omsdesk-figure", has_text="In quarantine").first.locator("dd")
    expect(figure).to_have_text("0")
    page.locator(".omsdesk-chart summary").first.click()
    page.get_by_role("button", name="Pause").focus()

    # What was read is kept for a moment on the server; the page asks on until it is new.
    quarantined(source)
    page.clock.run_for(5_100)
    expect(figure).to_have_text("1")
    expect(page.locator(".omsdesk-chart details").first).to_have_attribute("open", "")

    page.get_by_role("button", name="Pause").click()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    quarantined(source)
    page.clock.run_for(12_000)
    assert not any("figures" in url for url in asked)
    page.get_by_role("button", name="Pause").click()
    expect(figure).to_have_text("2")
    assert any("figures" in url for url in asked)
    assert faults == []


def test_a_request_comes_into_the_queue_while_somebody_looks(page, sign_in):
    factories.site()
    order = factories.order()
    user = factories.person("agent@shop.example", staff=["Agents"])
    user.groups.get().permissions.set(
        Permission.objects.filter(codename__in=("access_admin", "view_changerequest"))
    )
    sign_in(page, user)
    page.clock.install()
    page.goto("/admin/oms/changes/?state=in_review")
    expect(page.get_by_text("No request is like that.")).to_be_visible()

    for state in ("in_review", "sent"):
        ChangeRequest.objects.create(
            order=order, state=state, requested={"phone": "1"}, form_key=state
        )
    page.clock.run_for(5_100)

    expect(page.get_by_role("link", name=order.number)).to_have_count(1)
