"""A scan makes an open overview tell what comes and what moved, in one sentence read out once."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests import factories, wire


pytestmark = pytest.mark.browser


def test_a_scan_moves_the_arrivals_and_the_feed_of_an_open_page(
    transactional_db: None, page: Any, sign_in: Callable[[Any, Any], None]
) -> None:
    from playwright.sync_api import expect

    buyer = factories.person(company=factories.customer("C1"))
    factories.order("SO-1", "C1", lines=wire.on_time(), shipments=[wire.shipment()])
    sign_in(page, buyer)
    page.goto("/portal/")
    expect(page.locator("oms-live[data-state=live]")).to_have_count(4)
    expect(page.locator(".oms-arriving")).to_contain_text("Nothing is due to arrive today.")
    expect(page.locator(".oms-updates .oms-new")).to_have_count(0)

    scanned = (timezone.now() - timedelta(seconds=5)).isoformat()
    scan = wire.scan("s9", "out_for_delivery", occurred_at=scanned)
    factories.deliver("tracking", wire.tracking(scan))

    sentence = "1 parcel of order SO-1 is out for delivery."
    expect(page.locator(".oms-arriving .oms-arrival")).to_contain_text("Out for delivery")
    expect(page.locator(".oms-updates .oms-update").first).to_contain_text(sentence)
    expect(page.locator(".oms-updates .oms-update").first).to_contain_text("New")
    expect(page.locator(".oms-figure", has_text="Arriving today")).to_contain_text("1")
    expect(page.locator(".oms-status")).to_have_text(sentence)

    page.get_by_role("button", name="Mark all as read").click()
    expect(page.locator(".oms-updates .oms-new")).to_have_count(0)
    expect(page).to_have_url(re.compile("/portal/$"))
