"""How an order stands: what of it can be changed, for each delivery by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from oms_portal.changes.models import Aspect, ChangeRequest, CutoffRule
from oms_portal.changes.standing import Standing, standing_of
from oms_portal.orders.models import Order
from tests import factories, wire


pytestmark = pytest.mark.django_db
# A Wednesday, two days before what is planned below.
NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)


class Able:
    """A connector as far as pages ask it."""

    def __init__(self, capabilities: list[str]) -> None:
        self.capabilities = frozenset(capabilities)


def connect(settings: Any, *capabilities: str) -> None:
    path = f"{__name__}.{Able.__name__}"
    settings.OMS_PORTAL = {
        "CONNECTORS": {"main": {"connector": path, "capabilities": list(capabilities)}}
    }


@pytest.fixture(autouse=True)
def able(settings: Any) -> None:
    connect(settings, "push.address", "push.date", "push.cancel")


def told(*shipments: dict[str, Any], version: int = 1, **changes: Any) -> Order:
    factories.company("C1", time_zone="Europe/Berlin")
    record = wire.order(shipments=list(shipments), **changes)
    factories.deliver("order", record, version)
    return Order.objects.select_related("company").get(ref=record["ref"])


def delivery(ref: str, status: str, quantity: str = "5", **changes: Any) -> dict[str, Any]:
    packages = [{"lines": [{"line_ref": "L1", "quantity": quantity}]}]
    fresh = {"planned_on": "2026-11-20", "shipped_at": None, "packages": packages}
    return wire.shipment(ref, status, **fresh | changes)


def summed_up(standing: Standing, aspect: Aspect = Aspect.ADDRESS) -> dict[str, str]:
    return {
        part.number: "open" if part.allows(aspect) else part.limits[aspect].reason
        for part in standing.parts
    }


def test_each_delivery_is_judged_by_itself() -> None:
    order = told(delivery("D1", "packed", "4"), delivery("D2", "planned", "3"))
    standing = standing_of(order, NOW)
    assert summed_up(standing) == {"D1": "packed", "D2": "open", "": "open"}
    assert [dict(part.lines) for part in standing.parts] == [
        {"L1": Decimal(4)},
        {"L1": Decimal(3)},
        {"L1": Decimal(3)},
    ]
    assert [part.number for part in standing.changeable(Aspect.ADDRESS)] == ["D2", ""]
    assert standing.parts[1].limits[Aspect.ADDRESS].until == datetime(2026, 11, 19, 13, tzinfo=UTC)
    # No hour is known for what lies in no delivery.
    assert standing.parts[2].limits[Aspect.ADDRESS].until is None


def test_the_erps_values_are_told_for_the_order_and_each_delivery() -> None:
    there = wire.address("S9", name="Site", city="Lyon", country="FR", contact="Anna", phone="+33")
    order = told(
        delivery("D1", "planned", method="freight"),
        delivery("D2", "planned", method="freight", address=there),
        requested={"from": "2026-11-25"},
    )
    standing = standing_of(order, NOW)
    assert standing.values["ship_to_ref"] == "S1"
    assert standing.values["address"]["city"] == "Hamburg"
    assert standing.values["requested"] == {"from": "2026-11-25"}
    assert standing.values["method"] == "freight"
    second = standing.parts[1]
    assert second.values["address"]["city"] == "Lyon" and second.values["contact"] == "Anna"
    assert (standing.zone, second.zone) == ("Europe/Berlin", "Europe/Paris")


def test_the_hour_is_by_the_clock_of_the_delivery_s_own_place() -> None:
    there = wire.address("S9", city="Tokyo", country="JP")
    order = told(delivery("D1", "planned"), delivery("D2", "planned", address=there))
    first, second = standing_of(order, NOW).parts
    assert first.limits[Aspect.ADDRESS].until == datetime(2026, 11, 19, 13, tzinfo=UTC)
    assert second.limits[Aspect.ADDRESS].until == datetime(2026, 11, 19, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"lines": [wire.line(quantities={"cancelled": "10"})]}, "order_cancelled"),
        (
            {"lines": [wire.line(quantities={"shipped": "10", "delivered": "10"})]},
            "order_delivered",
        ),
    ],
)
def test_an_order_that_is_over_is_closed_and_says_why(changes: Any, reason: str) -> None:
    standing = standing_of(told(delivery("D1", "planned"), **changes), NOW)
    assert summed_up(standing) == {"D1": reason}


def test_an_order_on_hold_can_be_changed_and_an_archived_one_not() -> None:
    order = told(delivery("D1", "planned", "10"), on_hold=True)
    assert summed_up(standing_of(order, NOW)) == {"D1": "open"}
    order.archived_at = NOW
    assert summed_up(standing_of(order, NOW)) == {"D1": "order_archived"}


def test_what_the_carrier_has_is_gone_whatever_the_erp_says() -> None:
    packages = [{"tracking_number": "T100", "lines": [{"line_ref": "L1", "quantity": "10"}]}]
    order = told(delivery("D1", "planned", packages=packages))
    assert summed_up(standing_of(order, NOW)) == {"D1": "open"}
    factories.deliver("tracking", wire.tracking())
    assert summed_up(standing_of(order, NOW)) == {"D1": "dispatched"}
    left = told(delivery("D1", "packed", "10", shipped_at="2026-11-18T08:00:00Z"), version=2)
    assert summed_up(standing_of(left, NOW)) == {"D1": "dispatched"}


def test_a_cancelled_delivery_is_no_part_of_it() -> None:
    order = told(delivery("D1", "cancelled", "10"))
    assert summed_up(standing_of(order, NOW)) == {"": "open"}


def test_only_what_the_connector_takes_is_offered(settings: Any) -> None:
    order = told(delivery("D1", "planned"))
    assert standing_of(order, NOW).aspects == {
        Aspect.ADDRESS,
        Aspect.CONTACT,
        Aspect.INSTRUCTIONS,
        Aspect.DATE,
        Aspect.CANCEL,
    }
    connect(settings, "push.method")
    assert standing_of(order, NOW).aspects == {Aspect.METHOD}
    assert standing_of(order, NOW).changeable(Aspect.ADDRESS) == ()
    settings.OMS_PORTAL = {}
    assert standing_of(order, NOW).aspects == frozenset()


def test_staff_s_rules_take_the_place_of_the_built_in_ones() -> None:
    order = told(delivery("D1", "packed"), delivery("D2", "planned"))
    CutoffRule.objects.create(name="Last", position=2, closes="never")
    CutoffRule.objects.create(
        name="First", position=1, states=["planned"], closes="already", reason="Call us."
    )
    standing = standing_of(order, NOW)
    assert summed_up(standing) == {"D1": "open", "D2": "closed"}
    assert standing.parts[1].limits[Aspect.DATE].words == "Call us."
    assert standing.parts[0].limits[Aspect.DATE].rule == "Last"
    assert summed_up(standing_of(order, NOW, rules=[])) == {"D1": "packed", "D2": "closed"}


def asked(order: Order, state: str, **fields: Any) -> ChangeRequest:
    key = f"{state}-{order.change_requests.count()}"
    return ChangeRequest.objects.create(
        order=order, state=state, form_key=key, form_digest="x", **fields
    )


def test_open_requests_are_told_and_drafts_are_not() -> None:
    order = told(delivery("D1", "planned"))
    for state in ("draft", "awaiting_customer", "applied", "withdrawn"):
        asked(order, state, submitted_at=NOW)
    second = asked(order, "sent", submitted_at=NOW)
    first = asked(order, "in_review", submitted_at=NOW - timedelta(hours=1))
    assert standing_of(order, NOW).open == (first, second)


def test_the_basis_is_of_what_a_form_shows_and_not_of_the_clock() -> None:
    order = told(delivery("D1", "planned"))
    before = standing_of(order, NOW).basis
    closed = standing_of(order, NOW + timedelta(days=30))
    assert summed_up(closed)["D1"] == "past"
    assert closed.basis == before
    # Told once more with nothing new, then each of these by itself.
    assert standing_of(told(delivery("D1", "planned"), version=2), NOW).basis == before
    seen = {before}
    for version, shipment in enumerate(
        [
            delivery("D1", "packed"),
            delivery("D1", "planned", planned_on="2026-11-24"),
            delivery("D1", "planned", "6"),
            delivery("D1", "planned", method="freight"),
            delivery("D1", "planned", address=wire.address(city="Bremen")),
        ],
        start=3,
    ):
        seen.add(standing_of(told(shipment, version=version), NOW).basis)
    assert len(seen) == 6


def test_the_basis_follows_requests_rules_and_the_connector(settings: Any) -> None:
    order = told(delivery("D1", "planned"))
    seen = [standing_of(order, NOW).basis]
    request = asked(order, "submitted", submitted_at=NOW)
    seen.append(standing_of(order, NOW).basis)
    ChangeRequest.objects.filter(pk=request.pk).update(state="sent")
    seen.append(standing_of(order, NOW).basis)
    CutoffRule.objects.create(name="Dear", closes="never", fee=Decimal(20), fee_currency="EUR")
    seen.append(standing_of(order, NOW).basis)
    connect(settings, "push.date")
    seen.append(standing_of(order, NOW).basis)
    assert len(set(seen)) == 5


def test_a_huge_order_takes_five_queries() -> None:
    lines = [wire.line(f"L{n}") for n in range(300)]
    packages = [{"lines": [{"line_ref": "L1", "quantity": "1"}]}] * 3
    order = told(*(delivery(f"D{n}", "planned", packages=packages) for n in range(60)), lines=lines)
    with CaptureQueriesContext(connection) as queries:
        standing = standing_of(order, NOW)
    assert len(queries) == 5
    assert len(standing.parts) == 61
    assert standing.parts[0].lines == {"L1": Decimal(3)}
    assert len(standing.parts[-1].lines) == 299
