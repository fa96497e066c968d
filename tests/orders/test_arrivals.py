"""When a delivery is expected and when it came: pure, and on the order's row as events move it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from oms_portal.orders.arrivals import Leg, Parcel, Window, arrived_of, arriving_of, came, expected
from oms_portal.orders.models import Order
from tests import factories, wire


MORNING = datetime(2026, 11, 22, 7, 10, tzinfo=UTC)
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def leg(status: str = "dispatched", **told: Any) -> Leg:
    return Leg(status, **told)


def test_the_carrier_s_date_counts_before_the_erp_s() -> None:
    told = leg(eta_from=date(2026, 11, 24), eta_to=date(2026, 11, 25))
    assert expected(told) == Window(date(2026, 11, 24), date(2026, 11, 25))
    scanned = told._replace(parcels=[Parcel("in_transit", MORNING, date(2026, 11, 23)), Parcel()])
    assert expected(scanned) == Window(date(2026, 11, 23))


def test_what_is_on_the_van_comes_that_day_even_where_its_date_is_over() -> None:
    late = Parcel("out_for_delivery", MORNING, date(2026, 11, 20))
    assert expected(leg(parcels=[late])) == Window(MORNING, guessed=True)
    fine = Parcel("out_for_delivery", MORNING, date(2026, 11, 22))
    assert expected(leg(parcels=[fine])) == Window(date(2026, 11, 22))


@pytest.mark.parametrize(
    "status", ["planned", "delivered", "collected", "ready_for_pickup", "cancelled", "unknown"]
)
def test_what_is_not_under_way_is_not_expected(status: str) -> None:
    assert expected(leg(status, eta_from=date(2026, 11, 24))) is None


def test_a_delivery_came_when_its_last_parcel_did() -> None:
    one, two = Parcel("delivered", MORNING), Parcel("delivered", NOON)
    assert came(leg(parcels=[one, two])) == NOON
    assert came(leg(parcels=[one, Parcel("in_transit", NOON)])) is None
    assert came(leg("delivered", delivered_at=MORNING, parcels=[two])) == MORNING
    assert came(leg()) is None


def test_of_several_deliveries_the_first_to_come_and_the_last_that_came_count() -> None:
    legs = [leg(eta_from=date(2026, 11, 25)), leg(eta_from=NOON), leg(delivered_at=MORNING)]
    assert (arriving_of(legs), arrived_of(legs)) == (NOON, MORNING)
    assert (arriving_of([]), arrived_of([])) == (None, None)


@pytest.mark.django_db
def test_scans_move_the_order_s_arrival_and_end_it() -> None:
    def row() -> tuple[object, object]:
        order = Order.objects.get()
        return order.arriving, order.arrived_at

    shipment = wire.shipment(eta={"from": "2026-11-24"})
    factories.order(shipments=[shipment])
    assert row() == (date(2026, 11, 24), None)
    factories.deliver("tracking", wire.tracking(wire.scan(eta="2026-11-23")))
    assert row() == (date(2026, 11, 23), None)
    factories.order(version=2, shipments=[shipment])
    assert row() == (date(2026, 11, 23), None)
    at = "2026-11-23T09:42:00Z"
    factories.deliver("tracking", wire.tracking(wire.scan("s2", "delivered", occurred_at=at)), 2)
    assert row() == (None, datetime(2026, 11, 23, 9, 42, tzinfo=UTC))
