"""What the feed is made of: entries by events and scans, in any order, where the order lies."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from oms_portal.orders.extracts import DeliveryUpdate
from oms_portal.orders.models import Order
from tests import factories, wire


pytestmark = pytest.mark.django_db


def kinds() -> list[str]:
    rows = DeliveryUpdate.objects.order_by("occurred_at", "pk")
    return list(rows.values_list("kind", flat=True))


def sent(*numbers: str, **changes: Any) -> dict[str, Any]:
    packages = [{"tracking_number": number, "lines": []} for number in numbers]
    return wire.shipment(packages=packages, **changes)


def scanned(number: str, code: str = "out_for_delivery", **changes: Any) -> dict[str, Any]:
    scan = wire.scan(f"s-{number}-{code}", code, tracking_number=number, **changes)
    return wire.tracking(scan, tracking_number=number)


def test_the_life_of_an_order_is_news_and_its_details_are_not() -> None:
    shipped = {"ordered": "10", "shipped": "10"}
    factories.order()
    factories.order(version=2, on_hold=True)
    factories.order(version=3, placed_by="Somebody else")
    factories.order(version=4, lines=[wire.line(quantities=shipped)], shipments=[wire.shipment()])
    factories.deliver("tracking", wire.tracking(wire.scan()))
    factories.deliver("tracking", scanned("T100", "attempt_failed"))
    assert sorted(kinds()) == sorted(
        ["confirmed", "on_hold", "released", "dispatched", "attempt_failed"]
    )
    troubles = DeliveryUpdate.objects.filter(trouble=True).values_list("kind", flat=True)
    assert sorted(troubles) == ["attempt_failed", "on_hold"]


@pytest.mark.parametrize("status", ["ready_for_pickup", "collected"])
def test_what_people_fetch_is_never_on_its_way(status: str) -> None:
    factories.order()
    factories.order(version=2, shipments=[wire.shipment(status=status, method="pickup")])
    assert "dispatched" not in kinds() and len(kinds()) == 2


def test_a_date_that_moved_is_later_or_earlier() -> None:
    for version, day in enumerate(("2026-11-26", "2026-11-28", "2026-11-27"), 1):
        promises = [{"kind": "confirmed", "from": day}]
        factories.order(version=version, lines=[wire.line(promises=promises)])
    assert sorted(kinds()) == ["confirmed", "earlier", "later"]


def test_a_late_event_keeps_when_we_heard_of_what_stays() -> None:
    factories.order(version=1)
    factories.order(version=3, on_hold=True)
    long_ago = timezone.now() - timedelta(days=2)
    DeliveryUpdate.objects.update(noted_at=long_ago)
    factories.deliver("order", wire.order(shipments=[wire.shipment()]), 2, expect="superseded")
    fresh = DeliveryUpdate.objects.filter(noted_at__gt=long_ago)
    assert [row.kind for row in fresh] == ["dispatched"]
    assert "on_hold" in kinds()


def test_a_parcel_that_left_the_order_takes_its_entries_along() -> None:
    factories.order(shipments=[sent("T1", "T2")])
    for number in ("T1", "T2"):
        factories.deliver("tracking", scanned(number))
    assert kinds().count("out_for_delivery") == 2
    factories.order(version=2, shipments=[sent("T1")])
    assert kinds().count("out_for_delivery") == 1


def test_entries_move_with_the_order_to_another_place_and_company() -> None:
    factories.order(shipments=[wire.shipment()])
    factories.deliver("tracking", scanned("T100"))
    factories.order(version=2, shipments=[wire.shipment()], ship_to_ref="S2")
    assert set(DeliveryUpdate.objects.values_list("ship_to_ref", flat=True)) == {"S2"}
    factories.order(customer_ref="C2", version=3, shipments=[wire.shipment()])
    assert set(DeliveryUpdate.objects.values_list("company__ref", flat=True)) == {"C2"}
    Order.objects.all().delete()
    assert kinds() == []


def test_a_scan_that_is_no_news_costs_no_query_of_the_feed() -> None:
    factories.order(shipments=[wire.shipment()])
    with CaptureQueriesContext(connection) as queries:
        factories.deliver("tracking", wire.tracking(wire.scan()))
    asked = [query["sql"] for query in queries if "deliveryupdate" in query["sql"]]
    assert asked == []
