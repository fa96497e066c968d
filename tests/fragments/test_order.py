"""What the order detail says of quantities, dates, deliveries and trouble."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone, translation

from oms_portal import live
from oms_portal.customers.access import Actor, actor_for
from oms_portal.fragments import listing, samples
from oms_portal.fragments.base import Rendered, fragment
from oms_portal.fragments.samples.detail import detail
from oms_portal.orders.models import Order, OrderStatus
from tests import factories, wire


pytestmark = pytest.mark.django_db


def text(html: str) -> str:
    """What a person reads, one space between words."""
    words = unescape(re.sub(r"<[^>]+>", " ", html)).translate({0x2068: None, 0x2069: None})
    return " ".join(words.split())


def actor(email: str = "reader@c1.example") -> Actor:
    known = get_user_model().objects.filter(email=email).first()
    return actor_for(known or factories.person(email, factories.company("C1")))


def render(name: str = "order", language: str = "en", **asked: str) -> Rendered:
    kind = fragment(name)
    assert kind is not None
    spec = kind.spec(actor(), {"order": "SO-1001", **asked}, language)
    assert spec is not None
    rendered = kind.render(spec, live.versions([spec.topic])[spec.topic])
    assert rendered is not None
    return rendered


def list_says() -> str:
    kind = fragment("orders")
    spec = kind.spec(actor(), {}, "en") if kind else None
    assert kind is not None and spec is not None
    return str(kind.render(spec, 1).say)


def read(**changes: Any) -> str:
    factories.customer("C1")
    factories.order("SO-1001", "C1", **changes)
    return text(render().html)


def test_every_unit_of_a_line_is_accounted_for_in_words() -> None:
    counters = {
        "ordered": "100",
        "confirmed": "90",
        "cancelled": "10",
        "shipped": "50",
        "delivered": "30",
        "allocated": "20",
        "backordered": "15",
        "returned": "2",
    }
    page = read(lines=[wire.line(quantities=counters)])
    for words in (
        "100 pieces ordered",
        "30 pieces delivered",
        "20 pieces on the way",
        "20 pieces being prepared",
        "15 pieces waiting for stock",
        "5 pieces confirmed",
        "10 pieces cancelled",
        "2 pieces returned",
    ):
        assert words in page, words


def test_the_bar_never_leaves_its_frame() -> None:
    read(lines=[wire.line(quantities={"ordered": "3", "shipped": "7", "delivered": "9"})])
    rects = re.findall(r'<rect [^>]*x="(\d+)" width="(\d+)"', render().html)
    assert rects and all(int(x) + int(width) <= 100 for x, width in rects)
    assert "These figures are being checked." in text(render().html)


def test_requested_and_confirmed_dates_stand_side_by_side() -> None:
    assert "Requested Nov 25, 2026 Confirmed Nov 26, 2026" in read()


def test_a_split_promise_names_each_part() -> None:
    terms = [
        {"kind": "confirmed", "from": "2026-11-26", "quantity": "6"},
        {"kind": "confirmed", "from": "2026-12-03", "quantity": "4"},
    ]
    page = read(lines=[wire.line(promises=terms)])
    assert "Confirmed 6 pieces: Nov 26, 2026 4 pieces: Dec 3, 2026" in page


def test_a_date_that_moved_tells_from_when_how_far_and_why() -> None:
    read()
    later = [{"kind": "confirmed", "from": "2026-11-30", "reason": "Storm at sea"}]
    factories.order("SO-1001", "C1", version=2, lines=[wire.line(promises=later)])
    page = text(render().html)
    assert "4 days later than first promised, which was Nov 26, 2026." in page
    assert "Storm at sea" in page
    assert "How the date moved Nov 26, 2026 Confirmed given" in page


def test_a_line_without_a_promise_says_so() -> None:
    assert "Confirmed No date yet" in read(lines=[wire.line(promises=[])])


def test_what_is_in_no_delivery_yet_is_named_with_its_date() -> None:
    packed = [{"tracking_number": "T1", "lines": [{"line_ref": "L1", "quantity": "4"}]}]
    page = read(
        lines=[wire.line(quantities={"ordered": "10", "shipped": "4"})],
        shipments=[wire.shipment(packages=packed)],
    )
    assert "Not in a delivery yet 6 pieces of Ball bearing L1 promised for Nov 26, 2026" in page


def test_a_delivery_says_from_where_with_whom_and_what_is_in_it() -> None:
    page = read(shipments=[wire.shipment(eta={"from": "2026-11-23"})])
    for words in (
        "Delivery D1 Handed to the carrier",
        "From Warehouse Bremen",
        "Carrier DHL",
        "Sent Nov 20, 2026, 16:00",
        "Expected Nov 23, 2026",
        "Parcel 1 T100",
        "10 pieces of Ball bearing L1",
        "Follow it with DHL",
    ):
        assert words in page, words
    assert 'href="https://www.dhl.com/track?id=T100" rel="noopener noreferrer' in render().html


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "https://dhl.com@evil.example/", "http://evil.example/dhl.com"]
)
def test_a_link_that_leads_elsewhere_is_none(url: str) -> None:
    package = {"tracking_number": "T1", "tracking_url": url, "lines": []}
    read(shipments=[wire.shipment(packages=[package])])
    assert "evil" not in render().html and "javascript" not in render().html


def test_freight_and_pick_up_tell_what_the_dock_needs() -> None:
    freight = {"appointment": "2026-11-23T07:00:00Z", "pallets": 3, "tail_lift": True}
    page = read(
        shipments=[
            wire.shipment("D1", method="freight", freight=freight),
            wire.shipment(
                "D2",
                "ready_for_pickup",
                method="pickup",
                pickup={"ready": True, "code": "4711", "hours": "7-16 h"},
            ),
        ]
    )
    assert "Appointment Nov 23, 2026, 08:00 Pallets 3 Tail lift Yes" in page
    assert "Load unit 1" in page and "Pick-up code 4711 Opening hours 7-16 h" in page
    assert "Ready for pick-up Collected" in page


def test_scans_are_told_in_local_time_apart_from_the_sellers_status() -> None:
    read(shipments=[wire.shipment()])
    factories.deliver("tracking", wire.tracking(wire.scan(code="exception.customs")))
    page = text(render().html)
    assert "Delivery D1 Handed to the carrier" in page
    assert "Parcel 1 T100 Problem on the way" in page
    assert "1 scan" in page and "Hannover Nov 20, 2026, 19:00" in page
    assert "Delivery D1 needs attention" in page and "What happens next:" in page
    assert "All times are local time in Berlin." in page


def test_an_erps_own_codes_are_never_shown() -> None:
    page = read(
        raw_status="ZX-99-STATE",
        lines=[wire.line(unit="QQX")],
        shipments=[wire.shipment(status="VL02N")],
    )
    assert "ZX-99" not in page and "VL02N" not in page and "QQX" not in page
    assert "10 units ordered" in page and "Delivery D1 In progress" in page


def test_a_bare_order_has_a_page() -> None:
    page = read(lines=[], delivery_address={"country": "DE"}, totals=wire.order()["totals"])
    assert "There is nothing on this order." in page
    assert "No delivery is planned." in page


def anchors(html: str) -> list[str]:
    return re.findall(r'id="oms-line-([^"]+)"', html)


def test_a_long_order_is_paged_and_every_line_can_be_linked_to() -> None:
    read(lines=[wire.line(f"L{n}") for n in range(1, 121)])
    assert anchors(render().html) == [f"L{n}" for n in range(1, 51)]
    assert "Lines 1 to 50 of 120" in text(render().html)
    assert anchors(render(lines="3").html) == [f"L{n}" for n in range(101, 121)]
    assert anchors(render(lines="99").html) == anchors(render(lines="3").html)
    assert 'href="/portal/orders/SO-1001/?lines=2#oms-lines"' in render().html


def test_a_line_is_found_by_what_somebody_has_in_hand() -> None:
    lines = [wire.line(f"L{n}", sku=f"SKU-{n}", description=f"Bearing {n}") for n in range(1, 31)]
    lines[4] = wire.line("L5", description="V-belt 50% longer", serials=["SN-500"])
    held = [{"line_ref": "L9", "quantity": "1", "serials": ["XY-9"], "lot": "LOT-9"}]
    read(lines=lines, shipments=[wire.shipment(packages=[{"lines": held}])])
    for find, ref in (
        ("v-BELT", "L5"),
        ("50%", "L5"),
        ("SN-500", "L5"),
        ("sku-7", "L7"),
        ("XY-9", "L9"),
        ("lot-9", "L9"),
        ("30", "L30"),
    ):
        assert anchors(render(find=find).html) == [ref], find
    nothing = render(find="<script>").html
    assert "No line of this order is like that." in nothing
    assert 'value="&lt;script&gt;"' in nothing and "<script>" not in nothing


def test_lines_that_are_open_or_late_can_be_seen_alone() -> None:
    late = [{"kind": "confirmed", "from": "2020-11-26"}]
    done = {"ordered": "5", "shipped": "5", "delivered": "5"}
    soon = [{"kind": "confirmed", "from": "2126-11-26"}]
    read(
        lines=[
            wire.line("L1", promises=late),
            wire.line("L2", promises=late, quantities=done),
            wire.line("L3", promises=soon),
        ]
    )
    assert anchors(render(only="open").html) == ["L1", "L3"]
    assert anchors(render(only="late").html) == ["L1"]
    assert anchors(render(only="nonsense").html) == ["L1", "L2", "L3"]


def test_lines_can_stand_under_the_deliveries_they_come_in() -> None:
    packed = [{"lines": [{"line_ref": "L2", "quantity": "4"}]}]
    read(
        lines=[wire.line("L1"), wire.line("L2")],
        shipments=[wire.shipment("D1", "planned", packages=packed)],
    )
    page = render(group="delivery").html
    assert anchors(page) == ["L2", "L1"]
    told = text(page)
    assert told.index("4 pieces in this delivery") < told.index("6 pieces still to be planned")
    assert 'href="#oms-delivery-D1"' in page and 'id="oms-delivery-D1"' in page


def test_a_spec_gives_itself_back_whatever_was_asked() -> None:
    read()
    kind = fragment("order")
    assert kind is not None
    for asked in (
        {"find": " a \0 b ", "only": "late", "group": "delivery", "lines": "007"},
        {"find": "x" * 999, "only": "x", "group": "1", "lines": "-1", "deliveries": "9" * 50},
        {"show": "history,lines,evil", "parcels": "no"},
        {"show": ","},
    ):
        spec = kind.spec(actor(), {"order": "SO-1001", **asked}, "en")
        assert spec is not None and kind.allowed(actor(), spec), asked
    plain = kind.spec(actor(), {"order": "SO-1001", "show": ",", "lines": "0", "x": "1"}, "en")
    assert plain is not None
    assert plain.params == (
        ("order", "SO-1001"),
        ("may", "change,cancel"),
        ("return", "1"),
    )


def test_only_the_sections_that_were_chosen_are_shown() -> None:
    read(shipments=[wire.shipment()])
    page = render(show="lines").html
    assert 'data-part="lines"' in page and "Ball bearing L1" in page
    for section in ("overview", "deliveries", "facts", "papers", "history"):
        assert f'data-part="{section}"' not in page
    tools = [wire.line(f"L{n}") for n in range(60)]
    factories.order("SO-1001", "C1", version=2, lines=tools)
    assert "?lines=2&amp;show=lines#oms-lines" in render(show="lines").html


def test_the_soonest_delivery_stands_first_and_what_is_over_last() -> None:
    read(
        lines=[wire.line(ordered="40")],
        shipments=[
            wire.shipment("D1", "delivered", delivered_at="2026-11-20T10:00:00Z"),
            wire.shipment("D2", "planned", planned_on="2126-12-05"),
            wire.shipment("D3", "dispatched", eta={"from": "2126-12-02"}),
            wire.shipment("D4", "planned"),
        ],
    )
    page = text(render().html).split("What comes when")[1].split("What you ordered")[0]
    assert sorted(["D3", "D2", "D4", "D1"], key=lambda ref: page.index(f"Delivery {ref}")) == [
        "D3",
        "D2",
        "D4",
        "D1",
    ]
    assert "Expected Dec 2, 2126" in page and "Planned Dec 5, 2126" in page
    assert "From Warehouse Bremen" in page and "To Nordwerk plant 1, Hamburg" in page
    assert "1 parcel : 10 pieces of Ball bearing L1" in page
    assert "1 delivery is over" in page and "No date yet" in page


def test_many_deliveries_are_paged() -> None:
    read(shipments=[wire.shipment(f"D{n}", "planned", packages=[]) for n in range(20)])
    assert "Deliveries 1 to 8 of 20" in text(render().html)
    assert render(deliveries="3").html.count('class="oms-delivery"') == 4


def test_an_arrival_says_when_and_who_signed() -> None:
    now = timezone.now()
    came = wire.shipment(
        "D1",
        "delivered",
        delivered_at=now.isoformat(),
        proof_of_delivery={"signed_by": "<Goods in>", "at": now.isoformat()},
    )
    words = read(shipments=[came])
    assert re.search(r"Delivered today at \d\d:\d\d, signed by <Goods in>\.", words)
    assert "<Goods in>" not in render().html


def test_a_delivery_without_dates_shows_none() -> None:
    bare = {"shipped_at": None, "delivered_at": None, "eta": None, "planned_on": None}
    words = read(shipments=[wire.shipment("D1", "delivered", **bare)])
    assert "Delivered." in words
    assert "1970" not in words and "None" not in words


def states(html: str) -> set[str]:
    return set(re.search(r'data-states="([^"]*)"', html)[1].split())


@pytest.mark.parametrize("name", ["order", "tracker"])
def test_the_states_a_marketer_waits_for_are_on_the_root(name: str) -> None:
    today = timezone.now().date().isoformat()
    late = [{"kind": "confirmed", "from": "2020-11-26"}]
    short = {"ordered": "10", "backordered": "5"}
    read(
        lines=[wire.line(promises=late, quantities=short)],
        shipments=[wire.shipment(packages=[], eta={"from": "2020-01-01", "to": today})],
    )
    assert {"open", "late", "backordered", "under_way"} <= states(render(name).html)
    factories.order("SO-1001", "C1", version=2, on_hold=True)
    assert states(render(name).html) == {"on_hold", "open"} | (states(render(name).html) & {"late"})
    gone = {"ordered": "10", "cancelled": "10"}
    factories.order("SO-1001", "C1", version=3, lines=[wire.line(quantities=gone)])
    assert states(render(name).html) == {"cancelled"}
    came = {"ordered": "10", "shipped": "10", "delivered": "10"}
    factories.order("SO-1001", "C1", version=4, lines=[wire.line(quantities=came)])
    assert states(render(name).html) == {"delivered"}


def test_a_parcel_on_the_vehicle_arrives_today() -> None:
    read(shipments=[wire.shipment()])
    assert "arriving_today" not in states(render().html)
    factories.deliver("tracking", wire.tracking(wire.scan(code="out_for_delivery")))
    assert {"arriving_today", "under_way"} <= states(render().html)
    assert "Out for delivery" in text(render().html).split("What you ordered")[0]


def test_what_is_on_the_van_is_expected_that_day_whatever_else_was_said() -> None:
    read(shipments=[wire.shipment(eta={"from": "2026-11-23", "to": "2026-11-26"})])
    at = "2026-11-21T07:10:00Z"
    factories.deliver("tracking", wire.tracking(wire.scan(code="out_for_delivery", occurred_at=at)))
    coming = text(render().html).split("What you ordered")[0]
    assert "Expected" in coming and "Nov 21, 2026" in coming
    assert "Nov 23" not in coming


def test_a_problem_names_the_parcel_and_gives_the_carriers_words() -> None:
    read(shipments=[wire.shipment()])
    told = wire.scan(code="exception.damaged", text="Box <crushed>", place="Kassel")
    factories.deliver("tracking", wire.tracking(told))
    page = text(render().html)
    assert "Delivery D1 needs attention (Parcel T100)" in page
    assert "The carrier’s words: Box <crushed>, Kassel" in page


def test_a_long_history_is_folded_up() -> None:
    read(shipments=[wire.shipment()])
    scans = [
        wire.scan(f"s{n}", place=f"Hub {n}", occurred_at=f"2026-11-20T18:{n:02d}:00Z")
        for n in range(8)
    ]
    factories.deliver("tracking", wire.tracking(*scans))
    for version in range(2, 24):
        promise = [{"kind": "confirmed", "from": f"2026-12-{version:02d}"}]
        factories.order("SO-1001", "C1", version=version, lines=[wire.line(promises=promise)])
    html = render().html.split('data-part="history"')[1]
    assert html.split("<details")[0].count('class="oms-event"') == 20
    assert "earlier events" in text(html)


@pytest.mark.parametrize("status", list(OrderStatus))
def test_every_status_has_a_word_a_shape_and_a_sentence(status: OrderStatus) -> None:
    sample = detail()
    dated = replace(sample, summary=replace(sample.summary, status=status))
    html = samples.order(dated)
    chip = re.search(r'<span class="oms-chip [^"]+"><svg.*?</svg>.*?</span></span>', html, re.S)
    assert chip is not None and str(status.label) in text(chip[0])
    assert text(html.split('class="oms-headline">')[1].split("</p>")[0]).endswith(".")
    undated = replace(sample, summary=replace(sample.summary, status=status, promise=None))
    assert "%" not in text(samples.tracker(undated).split("oms-headline")[1].split("</p>")[0])


def test_a_change_is_announced_in_one_sentence() -> None:
    read(lines=wire.on_time())
    assert render().say == "Order SO-1001 is confirmed."
    assert render("tracker").say == render().say == list_says()


def test_a_change_that_is_no_news_says_where_the_order_stands() -> None:
    read(lines=[])
    assert list_says() == ""
    assert render().say == "Order SO-1001: We have your order and will confirm it soon."


def test_trouble_is_announced_as_such() -> None:
    read(shipments=[wire.shipment()])
    factories.deliver("tracking", wire.tracking(wire.scan(code="exception.lost")))
    assert render().say == "There is a problem with 1 parcel of order SO-1001." == list_says()


def test_the_root_bears_the_topic_but_nobodys_ticket() -> None:
    read()
    html = render().html
    kind = fragment("order")
    assert kind is not None
    spec = kind.spec(actor(), {"order": "SO-1001"}, "en")
    assert spec is not None
    version = live.versions([spec.topic])[spec.topic]
    assert html.startswith(
        f'<div class="oms-fragment oms-order" data-topic="{spec.name}" data-version="{version}"'
    )
    assert "data-ticket" not in html and html.rstrip().endswith("</div>")


def test_who_may_see_the_same_shares_a_topic_and_languages_do_not() -> None:
    read()
    kind = fragment("order")
    assert kind is not None
    one, other = actor(), actor("other@c1.example")
    assert kind.spec(one, {"order": "SO-1001"}, "en") == kind.spec(
        other, {"order": "SO-1001"}, "en"
    )
    german = kind.spec(one, {"order": "SO-1001"}, "de")
    english = kind.spec(one, {"order": "SO-1001"}, "en")
    assert german is not None and english is not None and german.name != english.name


def test_the_language_of_the_spec_is_used_and_left_behind() -> None:
    read()
    with translation.override("fr"):
        assert "26. Nov. 2026" in text(render(language="de").html)
        assert translation.get_language() == "fr"


def test_an_order_that_is_gone_renders_nothing() -> None:
    read()
    kind = fragment("order")
    assert kind is not None
    spec = kind.spec(actor(), {"order": "SO-1001"}, "en")
    assert spec is not None
    Order.objects.filter(slug="SO-1001").update(archived_at=timezone.now())
    assert kind.render(spec, 1) is None
    assert not kind.allowed(actor(), spec)


def test_the_tracker_spends_nothing_on_lines_it_does_not_show(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "Order SO-1001" in read()
    monkeypatch.setattr(listing, "show_line", None)
    assert "Order SO-1001" in text(render("tracker").html)


def test_the_tracker_leads_to_the_carriers_where_the_editor_wants_it() -> None:
    read(shipments=[wire.shipment()])
    assert "Follow it with DHL" in text(render("tracker").html)
    assert "Follow it with DHL" not in text(render("tracker", parcels="no").html)
    assert 'href="/portal/orders/SO-1001/#oms-delivery-D1"' in render("tracker").html


def test_two_thousand_lines_are_a_light_page_of_few_queries(
    django_assert_max_num_queries: Any,
) -> None:
    lines = [wire.line(f"L{n}", serials=[f"SN-{n}"]) for n in range(1, 2001)]
    shipments = [
        wire.shipment(
            f"D{d}",
            packages=[
                {
                    "tracking_number": f"T{d}",
                    "lines": [
                        {"line_ref": f"L{d * 40 + n}", "quantity": "10"} for n in range(1, 41)
                    ],
                }
            ],
        )
        for d in range(40)
    ]
    read(lines=lines, shipments=shipments)
    factories.deliver(
        "tracking", wire.tracking(wire.scan(tracking_number="T1"), tracking_number="T1")
    )
    kind = fragment("order")
    assert kind is not None
    for asked in ({}, {"find": "SN-1999"}, {"group": "delivery", "lines": "40"}, {"only": "late"}):
        spec = kind.spec(actor(), {"order": "SO-1001", **asked}, "en")
        assert spec is not None
        with django_assert_max_num_queries(12):
            rendered = kind.render(spec, 1)
        assert rendered is not None and len(rendered.html.encode()) < 150_000


def test_the_sample_stands_still() -> None:
    assert samples.order() == samples.order()
    assert "Nov 27, 2026" in samples.tracker()


def test_a_promise_that_is_broken_is_not_told_as_one_to_come() -> None:
    sample = detail()
    late = replace(sample.summary, late=True, due=date(2026, 9, 11), promise=date(2026, 9, 11))
    head = text(samples.tracker(replace(sample, summary=late)).split("oms-headline")[1])
    assert "It is late: we had promised it for Sep 11, 2026." in head
    assert "promised for" not in head.split(".")[0]
