"""Order events through the front door, and what stands in the read model after."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from oms_portal import live
from oms_portal.customers.models import Company
from oms_portal.orders.models import Order, Package
from oms_portal.orders.past import OrderVersion
from oms_portal.orders.queries import list_topic, order_topic
from oms_portal.signals import order_changed
from tests import factories, wire


pytestmark = pytest.mark.django_db


def told(ref: str = "SO-1001") -> Order:
    return Order.objects.get(ref=ref)


def kinds(order: Order) -> list[str]:
    return [fact.kind for fact in order.facts.all()]


def versions(*keys: str) -> list[int]:
    found = live.versions(keys)
    return [found[key] for key in keys]


def test_the_newest_event_replaces_the_order_and_its_children() -> None:
    factories.order(lines=[wire.line("L1"), wire.line("L2")], shipments=[wire.shipment()])
    factories.order(
        version=2,
        customer_reference="PO-78",
        lines=[wire.line("L2", "7"), wire.line("L3")],
        shipments=[wire.shipment("D2"), wire.shipment("D3", status="picking")],
    )
    order = told()
    assert (order.customer_reference, order.version) == ("PO-78", 2)
    assert [(line.ref, line.ordered) for line in order.lines.all()] == [("L2", 7), ("L3", 10)]
    assert [shipment.ref for shipment in order.shipments.all()] == ["D2", "D3"]
    assert Package.objects.count() == 2


def test_an_older_event_changes_nothing_but_the_history() -> None:
    factories.order(version=3, on_hold=True)
    factories.deliver("order", wire.order(), 2, expect="superseded")
    order = told()
    assert (order.status, order.version, order.on_hold) == ("on_hold", 3, True)
    assert kinds(order) == ["placed", "confirmed", "on_hold"]
    assert OrderVersion.objects.count() == 2


def test_an_event_grows_the_topics_of_the_order_and_of_all_companies_above() -> None:
    factories.customer("TOP")
    factories.customer("MID", parent_ref="TOP")
    factories.order(customer_ref="MID")
    order = told()
    above = [list_topic(Company.objects.get(ref=ref).pk) for ref in ("MID", "TOP")]
    before = versions(order_topic(order.pk), *above)
    factories.order(customer_ref="MID", version=2)
    assert versions(order_topic(order.pk), *above) == [version + 1 for version in before]


def test_an_order_that_goes_to_another_company_is_flagged_and_tells_it_nothing_of_before() -> None:
    factories.order(placed_by="Old buyer", delivery_address=wire.address(name="Secret plant"))
    old, new = Company.objects.get(ref="C1"), factories.company("C2")
    before = versions(list_topic(old.pk))
    factories.order(customer_ref="C2", version=2, placed_by="")
    order = told()
    assert (order.company, order.correction) == (new, True)
    assert "Old buyer" not in str([fact.data for fact in order.facts.all()])
    assert kinds(order) == ["placed", "confirmed", "correction"]
    assert versions(list_topic(old.pk)) == [before[0] + 1]


def test_a_source_may_not_take_another_company_s_order() -> None:
    factories.order(customer_ref="C1")
    thief = factories.source("thief", all_customers=False, customers=["C2"])
    factories.company("C2")
    outcome = factories.deliver(
        "order", wire.order(customer_ref="C2"), 9, sender=thief, expect=None
    )
    assert outcome.status == 403
    assert told().company.ref == "C1"


@pytest.mark.parametrize(
    ("quantities", "contradictions"),
    [
        ({"shipped": "10"}, {"shipped": "4"}),
        ({"shipped": "10", "delivered": "10"}, {"shipped": "10", "delivered": "3"}),
    ],
)
def test_counters_that_fall_are_a_correction(
    quantities: dict[str, str], contradictions: dict[str, str]
) -> None:
    factories.order(lines=[wire.line(quantities=quantities)])
    assert not told().correction
    factories.order(version=2, lines=[wire.line(quantities=contradictions)])
    assert told().correction
    assert kinds(told())[-1] == "correction"


def test_a_shipped_line_that_vanishes_is_a_correction() -> None:
    factories.order(lines=[wire.line("L1", quantities={"shipped": "1"}), wire.line("L2")])
    factories.order(version=2, lines=[wire.line("L2")])
    assert told().facts.last().data == {"what": {"line_removed": ["1"]}}


def test_contradicting_counters_are_stored_named_and_never_refused() -> None:
    factories.order(lines=[wire.line(quantities={"shipped": "12", "delivered": "-1"})])
    line = told().lines.get()
    assert line.shipped == 12
    assert line.contradictions == ["negative_delivered", "shipped_over_wanted"]


def test_two_companies_may_share_an_order_number() -> None:
    factories.order("A", number="2026/17")
    factories.order("B", "C2", number="2026/17")
    factories.order("C", "C3", number="2026/17~B")
    assert {o.ref: o.slug for o in Order.objects.all()} == {
        "A": "2026/17",
        "B": "2026/17~B",
        "C": "2026/17~B~C",
    }


def test_no_numbers_made_up_elsewhere_keep_an_order_out() -> None:
    taken = ["17", "17~B", *(f"17~B~{n}" for n in range(2, 12))]
    for position, number in enumerate(taken):
        factories.order(f"evil-{position}", "C2", number=number)
    factories.order("B", "C1", number="17")
    assert told("B").slug.startswith("17~B~")


def test_an_order_keeps_its_slug_until_its_number_changes() -> None:
    factories.order("A", number="17")
    factories.order("B", "C2", number="17")
    factories.order("B", "C2", number="17", version=2)
    assert told("B").slug == "17~B"
    factories.order("B", "C2", number="18", version=3)
    assert told("B").slug == "18"


def test_a_document_s_bytes_are_kept_and_bad_base64_is_quarantined() -> None:
    paper = {
        "ref": "F1",
        "kind": "invoice",
        "number": "R-1",
        "issued_on": "2026-11-20",
        "media_type": "application/pdf",
    }
    content = b64encode(b"%PDF-1.7").decode()
    factories.order(documents=[{**paper, "content_base64": content}])
    assert bytes(told().documents.get().content) == b"%PDF-1.7"
    bad = wire.order(documents=[{**paper, "content_base64": "%%%"}])
    factories.deliver("order", bad, 2, expect="quarantined")
    assert told().version == 1


@pytest.mark.parametrize("kind", ["charge", "comment"])
def test_an_order_without_products_does_no_harm(kind: str) -> None:
    factories.order(lines=[wire.line(kind=kind, quantities={})])
    assert (told().status, told().items, told().due) == ("received", 0, None)


def test_an_order_without_lines_does_no_harm() -> None:
    factories.order(lines=[])
    assert told().status == "received"


def test_hosts_hear_of_the_change_after_the_commit(
    django_capture_on_commit_callbacks: Any,
) -> None:
    heard: list[tuple[str, int]] = []

    def listener(order: Order, version: int, **kwargs: object) -> None:
        heard.append((order.ref, version))

    order_changed.connect(listener)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            factories.order(version=4)
            assert heard == []
    finally:
        order_changed.disconnect(listener)
    assert heard == [("SO-1001", 4)]


def big_order(lines: int) -> dict[str, Any]:
    return {
        "lines": [wire.line(f"L{n}") for n in range(lines)],
        "shipments": [
            wire.shipment(
                packages=[
                    {"tracking_number": f"T{n}", "lines": [{"line_ref": f"L{n}", "quantity": "1"}]}
                    for n in range(lines)
                ]
            )
        ],
    }


def test_the_number_of_queries_does_not_grow_with_the_lines() -> None:
    counts = []
    for lines in (2, 20):
        factories.order(f"O{lines}", **big_order(lines))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            factories.order(f"O{lines}", version=2, **big_order(lines))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 21, counts


@pytest.mark.parametrize("version", [1_000, 2**53 - 1])
def test_a_ref_taken_by_a_source_that_may_not_speak_for_the_customer_is_given_back(version):
    branch = factories.source("branch", all_customers=False, customers=["C2"])
    factories.deliver("order", wire.order(customer_ref="C2"), version, sender=branch)

    factories.deliver("order", wire.order(number="TRUE-1"), 5)
    factories.deliver("order", wire.order(number="TRUE-1", terms="30 days"), 6)
    factories.deliver("order", wire.order(), 4, expect="superseded")

    order = Order.objects.get(ref="SO-1001")
    assert (order.company.ref, order.number, order.terms) == ("C1", "TRUE-1", "30 days")
    assert {version.source.slug for version in OrderVersion.objects.all()} == {"main"}
    assert {fact.source.slug for fact in order.facts.all()} == {"main"}


def test_between_sources_that_both_may_speak_the_newer_version_stands():
    branch = factories.source("branch", all_customers=False, customers=["C1"])
    factories.deliver("order", wire.order(terms="newer"), 9, sender=branch)
    factories.deliver("order", wire.order(terms="older"), 5, expect="superseded")

    assert Order.objects.get(ref="SO-1001").terms == "newer"
