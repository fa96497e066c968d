"""Tracking events through the front door, and what customers see of the parcels after."""

from __future__ import annotations

import pytest
from django.utils import timezone

from oms_portal import live
from oms_portal.customers.access import Actor, Grant
from oms_portal.customers.models import Company
from oms_portal.orders.models import Order, Package, Scan
from oms_portal.orders.queries import detail_of, list_topic, order_of, order_topic
from tests import factories, wire


pytestmark = pytest.mark.django_db


def shipped(ref: str = "SO-1001", customer_ref: str = "C1", **changes: object) -> Order:
    order: Order = factories.order(ref, customer_ref, shipments=[wire.shipment(**changes)])
    return order


def seen(ref: str = "SO-1001") -> list[str]:
    """The places of the scans that this order's page shows, newest first."""
    order = Order.objects.get(ref=ref)
    reach = Actor(1, (Grant(order.company_id, "viewer", frozenset({order.company_id}), None),))
    found = order_of(reach, order.slug)
    assert found is not None
    detail = detail_of(found, timezone.now())
    return [scan.place for s in detail.shipments for p in s.packages for scan in p.scans]


def standing(ref: str = "SO-1001") -> tuple[str, str]:
    package = Package.objects.get(shipment__order__ref=ref)
    return package.tracking_status, package.tracking_detail


def version_of(ref: str = "SO-1001") -> list[int]:
    order = Order.objects.get(ref=ref)
    keys = (order_topic(order.pk), list_topic(order.company_id))
    return [live.versions(keys)[key] for key in keys]


def test_a_scan_moves_the_parcel_and_the_topics_of_its_order() -> None:
    shipped()
    before = version_of()
    factories.deliver("tracking", wire.tracking(wire.scan(code="out_for_delivery")))
    assert standing() == ("out_for_delivery", "")
    assert version_of() == [version + 1 for version in before]


def test_scans_that_come_before_the_order_belong_to_it_once_it_comes() -> None:
    factories.deliver("tracking", wire.tracking(wire.scan(code="exception.damaged"), carrier="DHL"))
    order = shipped()
    assert standing() == ("exception", "damaged")
    order.refresh_from_db()
    assert order.exception
    assert seen() == ["Hannover"]


def test_scans_stay_when_the_order_is_told_again() -> None:
    shipped()
    factories.deliver("tracking", wire.tracking(wire.scan(code="attempt_failed")))
    factories.order(version=2, shipments=[wire.shipment()])
    assert standing() == ("attempt_failed", "")
    assert Order.objects.get().exception


def test_a_scan_told_again_changes_nothing_and_grows_no_topic() -> None:
    shipped()
    factories.deliver("tracking", wire.tracking(), 2)
    before = version_of()
    factories.deliver("tracking", wire.tracking(), 1, expect="superseded")
    assert version_of() == before
    assert Scan.objects.count() == 1


def test_an_older_event_with_a_new_scan_is_applied() -> None:
    shipped()
    factories.deliver("tracking", wire.tracking(wire.scan("s2", "delivered")), 2)
    factories.deliver("tracking", wire.tracking(wire.scan("s1")), 1)
    assert Scan.objects.count() == 2


def test_the_problem_is_over_once_the_parcel_arrives() -> None:
    shipped()
    late = wire.scan("s2", "delivered", occurred_at="2026-11-21T08:00:00Z")
    factories.deliver("tracking", wire.tracking(wire.scan(code="attempt_failed")))
    assert Order.objects.get().exception
    factories.deliver("tracking", wire.tracking(late), 2)
    assert not Order.objects.get().exception


def test_what_the_seller_knows_to_be_delivered_is_no_problem() -> None:
    shipped(status="delivered")
    factories.deliver("tracking", wire.tracking(wire.scan(code="exception")))
    assert not Order.objects.get().exception


def test_a_source_of_another_customer_can_neither_name_the_order_nor_be_seen() -> None:
    shipped()
    factories.company("C2")
    stranger = factories.source("stranger", all_customers=False, customers=["C2"])
    named = wire.tracking(wire.scan(place="Lie"), order_ref="SO-1001")
    assert factories.deliver("tracking", named, sender=stranger, expect=None).status == 403
    before = version_of()
    factories.deliver("tracking", wire.tracking(wire.scan(place="Lie")), sender=stranger)
    assert (seen(), standing(), version_of()) == ([], ("", ""), before)


def test_a_stranger_s_scan_does_not_keep_the_true_one_out() -> None:
    shipped()
    stranger = factories.source("stranger", all_customers=False, customers=["C2"])
    factories.deliver("tracking", wire.tracking(wire.scan(place="Lie")), sender=stranger)
    factories.deliver("tracking", wire.tracking(wire.scan(place="Truth")), 2)
    assert seen() == ["Truth"]


def test_versions_of_one_source_say_nothing_of_another_s() -> None:
    """Carriers number by their clock, ERPs from 1; and anybody may be first with a number."""
    shipped()
    stranger = factories.source("stranger", all_customers=False, customers=["C2"])
    factories.deliver("tracking", wire.tracking(wire.scan(place="Lie")), 1, sender=stranger)
    factories.deliver("tracking", wire.tracking(wire.scan(place="Truth")), 1_763_761_234_000)
    assert seen() == ["Truth"]


def test_a_recycled_number_leaves_the_old_order_to_its_own_scans() -> None:
    shipped("OLD", shipped_at="2026-08-01T08:00:00Z")
    told = [
        wire.scan("a", place="Then", occurred_at="2026-08-02T08:00:00Z", code="delivered"),
        wire.scan("b", place="Now", occurred_at="2026-11-21T08:00:00Z", code="exception"),
    ]
    factories.deliver("tracking", wire.tracking(*told))
    assert (seen("OLD"), Order.objects.get(ref="OLD").exception) == (["Now", "Then"], True)
    before = version_of("OLD")
    shipped("NEW", "C2")
    assert (seen("OLD"), seen("NEW")) == (["Then"], ["Now"])
    assert (standing("OLD"), standing("NEW")) == (("delivered", ""), ("exception", ""))
    flags = dict(Order.objects.values_list("ref", "exception"))
    assert flags == {"OLD": False, "NEW": True}
    assert version_of("OLD") == [version + 1 for version in before]


def test_unknown_codes_are_kept_and_shown_in_safe_words() -> None:
    shipped()
    factories.deliver("tracking", wire.tracking(wire.scan(code="<b>XK9</b>")))
    assert Scan.objects.get().raw_code == "<b>XK9</b>"
    assert standing() == ("unknown", "")


def test_500_scans_are_taken_in_few_statements(
    django_assert_max_num_queries: object,
) -> None:
    shipped()
    scans = [wire.scan(f"s{n}") for n in range(500)]
    factories.deliver("tracking", wire.tracking(*scans))
    assert Package.objects.get().tracking_scans == 500
    assert Company.objects.count() == 1
