"""Orders in the words that staff gave to codes, and in the time of the place they go to."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from wagtail.models import Site

from oms_portal import live
from oms_portal.customers.access import actor_for
from oms_portal.fragments.base import Spec, fragment
from oms_portal.words.models import StatusWord
from tests import factories, wire
from tests.fragments.test_order import read, render, text


pytestmark = pytest.mark.django_db


def give(kind: str, code: str, word: str, **where: Any) -> None:
    StatusWord.objects.create(kind=kind, code=code, word=word, **where)


def test_every_code_on_the_page_is_told_in_its_word() -> None:
    give("order", "ZF2", "Checked by our people", text="We call you today.")
    give("shipment", "WSTA-7", "In the cold store")
    give("tracking", "XX-99", "At the border")
    give("reason", "Z04", "The supplier is late")
    promises = [[("2026-11-26", "")], [("2026-11-28", "Z04")]]
    lines = [
        [wire.line(promises=[{"kind": "confirmed", "from": day, "reason": reason}])]
        for ((day, reason),) in promises
    ]
    factories.customer("C1")
    order: dict[str, Any] = {"raw_status": "ZF2", "shipments": [wire.shipment(status="WSTA-7")]}
    factories.order("SO-1001", "C1", lines=lines[0], **order)
    factories.order("SO-1001", "C1", 2, lines=lines[1], **order)
    factories.deliver("tracking", wire.tracking(wire.scan(code="XX-99")))
    page = text(render().html)
    for words in (
        "Checked by our people",
        "We call you today.",
        "In the cold store",
        "At the border",
        "The supplier is late",
    ):
        assert words in page
    for code in ("ZF2", "WSTA-7", "XX-99", "Z04"):
        assert code not in page


def test_a_code_without_a_word_is_never_shown() -> None:
    promises = [{"kind": "confirmed", "from": "2026-11-28", "reason": "Z04"}]
    page = read(
        raw_status="ZF2",
        shipments=[wire.shipment(status="WSTA-7")],
        lines=[wire.line(promises=promises)],
    )
    assert "In progress" in page
    for code in ("ZF2", "WSTA-7", "Z04"):
        assert code not in page


def test_a_word_is_plain_text() -> None:
    give("order", "ZF2", "<b>&amp;", text="<script>")
    read(raw_status="ZF2")
    html = render().html
    assert "&lt;b&gt;&amp;amp;" in html and "<script>" not in html and "&lt;script&gt;" in html


def test_two_brands_tell_the_same_order_in_their_own_words(client: Client, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver", "b.example"]
    first = factories.site()
    second = Site.objects.create(hostname="b.example", root_page=first.root_page)
    company = factories.customer("C1")
    factories.order("SO-1001", "C1", raw_status="ZF2")
    client.force_login(factories.person(company=company))
    url = "/portal/fragments/orders/"

    def seen(host: str, url: str = url) -> tuple[str, str]:
        html = client.get(url, headers={"host": host}).content.decode()
        return text(html), html.split('data-topic="')[1][:32]

    assert seen("testserver")[1] == seen("b.example")[1]
    give("order", "ZF2", "Being checked")
    give("order", "ZF2", "On the bench", site=second)
    (here, topic), (there, other) = seen("testserver"), seen("b.example")
    assert "Being checked" in here and "On the bench" in there
    assert topic != other
    assert seen("testserver", f"{url}?site={second.pk}") == (here, topic)
    one = "/portal/fragments/orders/SO-1001/"
    assert "On the bench" in seen("b.example", one)[0]
    assert "Being checked" in seen("testserver", one)[0]


def test_a_spec_of_a_brand_stays_its_own_when_pushed() -> None:
    actor = actor_for(factories.person(company=factories.customer("C1")))
    factories.order("SO-1001", "C1")
    for name in ("orders", "order", "tracker"):
        kind = fragment(name)
        assert kind is not None
        spec = kind.spec(actor, {"order": "SO-1001", "site": "7"}, "en")
        assert isinstance(spec, Spec) and spec["site"] == "7" and kind.allowed(actor, spec)
        assert kind.spec(actor, {"order": "SO-1001", "site": "7 or 1"}, "en") == kind.spec(
            actor, {"order": "SO-1001"}, "en"
        )
        assert kind.render(spec, live.FIRST_VERSION) is not None


def test_times_are_told_in_the_zone_of_the_place_it_goes_to() -> None:
    factories.customer("C1", time_zone="America/Los_Angeles")
    eta = {"from": "2126-11-26T01:00:00Z", "to": "2126-11-26T05:00:00Z"}
    shipment = wire.shipment(eta=eta, shipped_at=None, planned_on="2126-11-24")
    for country, hours, where in (("JP", "10:00", "Tokyo"), ("US", "17:00", "Los Angeles")):
        address = wire.address(country=country)
        version = 1 if country == "JP" else 2
        factories.order("SO-1001", "C1", version, shipments=[shipment], delivery_address=address)
        page = text(render().html)
        assert hours in page and f"local time in {where}." in page
        # The day without a time is the same everywhere.
        assert "Nov 24, 2126" in page and "Nov 26, 2026" in page
