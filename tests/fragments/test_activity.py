"""Delivery updates, arrivals and the dashboard: what people read, hear and may see."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from oms_portal.customers.access import Actor, actor_for
from oms_portal.fragments import sections
from oms_portal.fragments.base import fragment
from oms_portal.fragments.updates import since_of
from oms_portal.orders.extracts import DeliveryUpdate
from oms_portal.orders.feed import Kinds
from tests import factories, wire
from tests.fragments.test_lists import render, spec_of
from tests.fragments.test_order import text


pytestmark = pytest.mark.django_db
NAMES = ("updates", "arriving", "dashboard")
# Ten in the morning at the customer's, on the day the orders are about.
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def reader() -> Actor:
    return actor_for(factories.person(company=factories.customer("C1")))


def on_its_way(ref: str = "SO-1", customer_ref: str = "C1", **changes: Any) -> None:
    number = changes.pop("number", f"T-{ref}")
    told = {"packages": [{"tracking_number": number, "lines": []}], **changes}
    shipment = wire.shipment(f"D-{ref}", **told)
    factories.order(ref, customer_ref, lines=wire.on_time(), shipments=[shipment])


def scan(ref: str, code: str, at: str = "2026-11-22T06:10:00Z", **changes: Any) -> None:
    told = wire.scan(f"{ref}-{code}", code, occurred_at=at, **changes)
    factories.deliver("tracking", wire.tracking(told, tracking_number=f"T-{ref}"), expect=None)


def shown(name: str, actor: Actor, **params: str) -> str:
    return text(render(name, actor, **params).html)


# The feed


def test_the_feed_tells_by_day_what_moved_and_why(reader: Actor) -> None:
    on_its_way()
    scan("SO-1", "attempt_failed", "2026-11-22T08:30:00Z")
    told = shown("updates", reader)
    assert "Today 1 parcel of order SO-1 could not be delivered." in told
    assert "The carrier tries again on the next working day." in told
    assert "09:30 Nov 20, 2026 Delivery D-SO-1 of order SO-1 is on its way. With DHL." in told


def test_a_date_that_moved_is_told_with_how_far_and_why(reader: Actor) -> None:
    for version, day in enumerate(("2026-11-26", "2026-11-29"), 1):
        told = {"kind": "confirmed", "from": day, "reason": "backorder"}
        factories.order("SO-1", "C1", version, lines=[wire.line(promises=[told])])
    words = "A date of order SO-1 is 3 days later: Nov 29, 2026. It was promised for Nov 26, 2026."
    assert f"{words} Not enough in stock." in shown("updates", reader)


def test_parcels_of_one_order_are_one_entry(reader: Actor) -> None:
    packages = [{"tracking_number": f"T-{n}", "lines": []} for n in range(3)]
    factories.order("SO-1", "C1", shipments=[wire.shipment(packages=packages)])
    for n in range(3):
        scan(str(n), "out_for_delivery")
    assert "3 parcels of order SO-1 are out for delivery." in shown("updates", reader)


def test_what_came_since_is_marked_in_words(reader: Actor) -> None:
    on_its_way()
    before, after = since_of(NOW - timedelta(hours=1)), since_of(NOW + timedelta(hours=1))
    told = shown("updates", reader, since=before)
    assert "New 2 updates since your last visit" in told
    assert "New" not in shown("updates", reader, since=after)
    assert "New" not in shown("updates", reader)


def test_filters_lead_to_each_other_by_complete_addresses(reader: Actor) -> None:
    on_its_way()
    html = render("updates", reader, kinds="trouble", number="SO-1", size="7").html
    assert 'href="/portal/updates/?number=SO-1&amp;size=7"' in html
    assert 'href="/portal/updates/?kinds=trouble&amp;size=7"' in html
    assert '<input type="hidden" name="kinds" value="trouble">' in html
    assert 'aria-current="true">Delays and problems<' in html
    assert "No updates of order SO-1" in text(html)
    assert "oms-tabs" not in render("updates", reader, tools="0").html


def test_hostile_params_fall_back_to_defaults(reader: Actor) -> None:
    plain = spec_of("updates", reader)
    hostile = {"kinds": "x", "before": "9" * 60, "size": "٣", "since": "-1", "tools": "yes"}
    assert spec_of("updates", reader, **hostile) == plain
    assert spec_of("arriving", reader, days="year") == spec_of("arriving", reader)
    assert spec_of("dashboard", reader, sections="x,", rows="0x") == spec_of("dashboard", reader)
    shown("updates", reader, number="%s<script>\0", before=f"{10**17}.1", since="9" * 14)


@pytest.mark.parametrize("name", NAMES)
def test_a_spec_made_of_a_spec_is_the_same_and_strangers_have_none(
    reader: Actor, name: str
) -> None:
    params = {"since": "1700000000000", "kinds": "trouble", "size": "5", "days": "week"}
    spec = spec_of(name, reader, sections="late,latest", rows="3", **params)
    kind = fragment(name)
    assert kind is not None and spec is not None and kind.allowed(reader, spec)
    assert not kind.allowed(Actor(None), spec)
    assert spec_of(name, reader, company=str(factories.company("C2").pk)) is None


@pytest.mark.parametrize("name", NAMES)
def test_only_what_may_be_seen_is_shown_and_said(reader: Actor, name: str) -> None:
    on_its_way("SO-1")
    on_its_way("SO-9", "C9")
    for ref in ("SO-1", "SO-9"):
        scan(ref, "out_for_delivery")
    rendered = render(name, reader)
    assert "SO-1" in rendered.html
    assert "SO-9" not in rendered.html + rendered.say


@pytest.mark.parametrize("name", NAMES)
def test_a_change_is_said_once_in_one_sentence(reader: Actor, name: str) -> None:
    on_its_way()
    scan("SO-1", "out_for_delivery")
    assert render(name, reader).say == "1 parcel of order SO-1 is out for delivery."
    DeliveryUpdate.objects.update(noted_at=NOW - timedelta(minutes=5))
    assert render(name, reader).say == ""


# Arrivals


def test_what_is_on_the_van_comes_first_with_window_place_and_last_scan(reader: Actor) -> None:
    window = {"from": "2026-11-22T09:00:00Z", "to": "2026-11-22T11:00:00Z"}
    on_its_way("SO-1", eta={"from": "2026-11-22"})
    on_its_way("SO-2", eta=window)
    scan("SO-2", "out_for_delivery", place="Hamburg depot")
    told = shown("arriving", reader)
    assert told.index("SO-2") < told.index("SO-1")
    assert "Between 10:00 and 12:00 Nordwerk plant 1, Hamburg" in told
    assert "Last scan: Hamburg depot at 07:10." in told
    assert "Delivery D-SO-2 1 parcel DHL Out for delivery" in told
    assert "In the course of the day" in told


def test_what_came_today_says_when_and_who_signed(reader: Actor) -> None:
    proof = {"signed_by": "J. Petersen", "at": "2026-11-22T08:42:00Z"}
    at = "2026-11-22T08:42:00Z"
    on_its_way(status="delivered", delivered_at=at, proof_of_delivery=proof)
    on_its_way("SO-2", status="delivered", delivered_at="2026-11-21T08:42:00Z")
    told = shown("arriving", reader)
    assert "Arrived today Delivered at 09:42, signed by J. Petersen." in told
    assert "SO-2" not in told
    assert "SO-1" not in shown("arriving", reader, arrived="0")


def test_other_days_are_asked_for(reader: Actor) -> None:
    for ref, day in (("SO-1", "23"), ("SO-2", "25"), ("SO-3", "21")):
        on_its_way(ref, eta={"from": f"2026-11-{day}"})
    on_its_way("SO-4", eta={"from": "2026-11-21", "to": "2026-11-24"})

    def numbers(days: str) -> set[str]:
        told = shown("arriving", reader, days=days)
        return {f"SO-{n}" for n in range(1, 5) if f"Order SO-{n}" in told}

    assert numbers("today") == {"SO-4"}
    assert numbers("tomorrow") == {"SO-4", "SO-1"}
    assert numbers("week") == {"SO-4", "SO-1", "SO-2"}
    assert "Tomorrow" in shown("arriving", reader, days="week")


def test_a_quiet_day_says_when_the_next_delivery_comes(reader: Actor) -> None:
    assert "Nothing is due to arrive today." in shown("arriving", reader)
    on_its_way(eta={"from": "2026-11-25"})
    told = render("arriving", reader)
    assert "The next delivery is expected on Nov 25, 2026." in text(told.html)
    assert 'data-states="empty"' in told.html


@pytest.mark.parametrize(
    ("zone", "moment", "comes"),
    [
        ("America/New_York", "2026-11-23T04:30:00Z", True),
        ("America/New_York", "2026-11-23T05:30:00Z", False),
        ("America/New_York", "2026-11-23", False),
        ("Pacific/Auckland", "2026-11-22T10:30:00Z", True),
        ("Pacific/Auckland", "2026-11-22T11:30:00Z", False),
        ("Pacific/Auckland", "2026-11-22", True),
    ],
)
def test_today_is_the_day_where_the_customer_is(zone: str, moment: str, comes: bool) -> None:
    factories.customer("C5", time_zone=zone)
    place = wire.address(country="XX")
    shipment = wire.shipment(eta={"from": moment})
    factories.order("SO-5", "C5", shipments=[shipment], delivery_address=place)
    actor = actor_for(factories.person("far@c5.example", factories.company("C5")))
    noon = {"America/New_York": 17, "Pacific/Auckland": 0}[zone]
    when = datetime(2026, 11, 22, noon, tzinfo=UTC)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: when)
        assert ("Order SO-5" in shown("arriving", actor)) == comes
        rows = shown("dashboard", actor, sections="arriving")
        assert ("SO-5" in rows) == comes


# The dashboard


def test_the_dashboard_says_what_needs_somebody_and_why(reader: Actor) -> None:
    past = [{"kind": "confirmed", "from": "2026-11-20"}]
    on_its_way("SO-1", eta={"from": "2026-11-22"})
    scan("SO-1", "exception.customs")
    factories.order("SO-2", "C1", on_hold=True, lines=wire.on_time())
    factories.order("SO-3", "C1", lines=[wire.line(promises=past)])
    rendered = render("dashboard", reader)
    told = text(rendered.html)
    assert "2 Needs attention 1 Late 1 Arriving today" in told
    assert "Customs is looking at the parcel." in told
    assert "It is on hold. Please contact us" in told
    assert "We had promised it for Nov 20, 2026." in told
    assert "Latest orders" in told
    for scope in ("attention", "late", "arriving"):
        assert f'href="/portal/orders/?scope={scope}"' in rendered.html
    assert 'data-states="exception late arriving_today on_hold"' in rendered.html


def test_today_is_one_day_for_the_figure_the_list_and_the_deliveries(reader: Actor) -> None:
    days = ("21 23", "22 22", "20 22", "20 21", "23 24", "18 25")
    for number, window in enumerate(days, 1):
        starts, ends = (f"2026-11-{day}" for day in window.split())
        on_its_way(f"SO-{number}", eta={"from": starts, "to": ends})
    on_its_way("SO-7", eta={"from": "2026-11-24", "to": "2026-11-26"})
    scan("SO-7", "out_for_delivery")
    on_its_way("SO-8", eta={"from": "2026-11-21", "to": "2026-11-23"})
    scan("SO-8", "in_transit", eta="2026-11-23")
    today = {"SO-1", "SO-2", "SO-3", "SO-6", "SO-7"}

    def orders(told: str) -> set[str]:
        return set(re.findall(r"SO-\d", told))

    board = shown("dashboard", reader, sections="arriving")
    assert "5 Arriving today" in board and orders(board) == today
    assert "Between Nov 21, 2026 and Nov 23, 2026" in board
    assert "Expected around" not in board
    deliveries = shown("arriving", reader).partition("The next")[0]
    assert {ref for ref in orders(deliveries) if f"Order {ref}" in deliveries} == today
    assert orders(shown("orders", reader, scope="arriving")) == today


def test_a_long_day_shows_some_deliveries_and_leads_to_all(reader: Actor) -> None:
    for number in range(12):
        on_its_way(f"SO-{number}", eta={"from": "2026-11-22"})
    html = render("arriving", reader).html
    assert html.count("oms-arrival ") + html.count('oms-arrival"') == 10
    assert 'href="/portal/orders/?scope=arriving"' in html


@pytest.mark.parametrize("scope", ["attention", "late", "arriving"])
def test_its_links_lead_to_the_same_orders(reader: Actor, scope: str) -> None:
    past = [{"kind": "confirmed", "from": "2026-11-20"}]
    on_its_way("SO-1", eta={"from": "2026-11-22"})
    scan("SO-1", "exception.customs")
    factories.order("SO-3", "C1", lines=[wire.line(promises=past)])
    board = render("dashboard", reader, sections=scope).html
    linked = render("orders", reader, scope=scope).html
    assert ["SO-1" in board, "SO-3" in board] == ["SO-1" in linked, "SO-3" in linked]


def test_a_quiet_board_is_pleasant_and_an_empty_one_says_so(reader: Actor) -> None:
    empty = render("dashboard", reader).html
    assert "No orders here yet" in text(empty) and 'data-states="empty"' in empty
    factories.order("SO-1", "C1", lines=wire.on_time())
    told = shown("dashboard", reader)
    assert "Nothing needs your attention" in told and "SO-1" in told


def test_parts_are_chosen_and_ordered_and_rows_limited(reader: Actor) -> None:
    for number in range(4):
        at = f"2026-11-1{number}T09:00:00Z"
        factories.order(f"SO-{number}", "C1", on_hold=True, lines=wire.on_time(), placed_at=at)
    told = shown("dashboard", reader, sections="latest,attention", rows="2")
    assert told.index("Latest orders") < told.index("All orders that need attention")
    assert told.count("SO-3") == told.count("SO-2") == 2
    assert "SO-1" not in told and "4 Needs attention" in told


@pytest.fixture
def extra() -> Iterator[None]:
    found = sections._Registry.found
    known = dict(found)

    @sections.section(
        "extra", "Extra", more="All", shape="dot", tone="busy", query={}, line=lambda *_: "Why"
    )
    def find(board: sections.Board) -> list[int]:
        return []

    yield
    found.clear()
    found.update(known)


def test_a_feature_adds_its_part_in_one_place(reader: Actor, extra: None) -> None:
    factories.order("SO-1", "C1", lines=wire.on_time())
    assert "0 Extra" in shown("dashboard", reader)
    assert ("extra", "Extra") in sections.choices()


@pytest.mark.parametrize(("name", "most"), [("updates", 4), ("arriving", 10), ("dashboard", 10)])
def test_its_queries_are_few_whatever_there_is(reader: Actor, name: str, most: int) -> None:
    past = [{"kind": "confirmed", "from": "2026-11-20"}]
    for number in range(6):
        on_its_way(f"SO-{number}", eta={"from": "2026-11-21", "to": "2026-11-22"})
        scan(f"SO-{number}", "exception.customs")
    factories.order("SO-9", "C1", lines=[wire.line(promises=past)])
    kind, spec = fragment(name), spec_of(name, reader, since=since_of(NOW - timedelta(days=1)))
    assert kind is not None and spec is not None
    kind.render(spec, 1)
    with CaptureQueriesContext(connection) as queries:
        kind.render(spec, 1)
    assert len(queries) <= most, [query["sql"][:120] for query in queries]


def test_samples_honour_the_options_and_hold_nobody_s_data() -> None:
    from oms_portal.fragments.samples import activity as samples

    assert text(samples.updates(rows=2)).count("order SO-") == 2
    assert "arrived" not in text(samples.updates(kinds=Kinds.TROUBLE))
    assert "Arrived today" not in text(samples.arriving(arrived=False))
    assert "Tomorrow" in text(samples.arriving("week"))
    assert "Late" not in text(samples.dashboard(["attention"]))
    for html in (samples.updates(), samples.arriving(), samples.dashboard()):
        assert "csrf" not in html and 'data-ticket="' not in html
