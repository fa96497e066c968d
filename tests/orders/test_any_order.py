"""However often and in whatever order a history is delivered, it ends in one state."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import models, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oms_portal.erp import inbox
from oms_portal.orders.extracts import DeliveryUpdate
from oms_portal.orders.models import Document, Order, OrderLine, Package, Scan, Shipment
from oms_portal.orders.past import OrderFact, OrderVersion, Promise
from tests import factories, wire


READ_MODEL: tuple[type[models.Model], ...] = (
    Order,
    OrderLine,
    Shipment,
    Package,
    Document,
    OrderFact,
    OrderVersion,
    Promise,
    Scan,
    DeliveryUpdate,
)
# By our own clock: when we heard of it.
OURS = {"noted_at"}


def parcel(number: str, line: str, quantity: str) -> list[dict[str, Any]]:
    lines = [{"line_ref": line, "quantity": quantity}]
    return [{"tracking_number": number, "lines": lines}]


def confirmed(day: str, **changes: Any) -> list[dict[str, Any]]:
    return [{"kind": "confirmed", "from": f"2026-11-{day}", **changes}]


def some(*lines: dict[str, Any], ref: str = "A", **changes: Any) -> dict[str, Any]:
    return wire.order(ref, lines=list(lines), **changes)


def line(ref: str = "L1", day: str = "26", **quantities: str) -> dict[str, Any]:
    return wire.line(ref, promises=confirmed(day), quantities=quantities)


SHIPPED = wire.shipment("D1", packages=parcel("T1", "L1", "6"))
PLANNED = wire.shipment("D1", "planned", shipped_at=None, packages=parcel("T1", "L1", "6"))
REPLACING = wire.shipment("D7", packages=parcel("T1", "L1", "6"))
LATER = wire.shipment("D9", shipped_at="2026-12-10T08:00:00Z", packages=parcel("T1", "L1", "3"))

PAPER = {
    "ref": "F1",
    "kind": "delivery_note",
    "number": "N-1",
    "issued_on": "2026-11-21",
    "media_type": "application/pdf",
}

HISTORY: list[tuple[str, int, dict[str, Any]]] = [
    ("order", 1, some(line(confirmed="0"), line("L2"))),
    ("order", 2, some(line(day="28", backordered="4"), line("L2"), shipments=[PLANNED])),
    ("order", 3, some(line(day="29", shipped="6"), line("L2"), shipments=[SHIPPED])),
    ("order", 4, some(line(day="29", shipped="6"), shipments=[REPLACING], on_hold=True)),
    ("order", 5, some(line(day="27", shipped="2"), shipments=[], documents=[PAPER])),
    (
        "order",
        6,
        some(
            line(shipped="6", delivered="6"),
            shipments=[REPLACING],
            delivery_address=wire.address("S2"),
            ship_to_ref="S2",
        ),
    ),
    ("order", 1, some(line(shipped="3"), ref="B", shipments=[LATER])),
    ("order", 2, some(line(shipped="3"), ref="B", shipments=[LATER], customer_ref="C2")),
    ("tracking", 1, wire.tracking(wire.scan("s1"), tracking_number="T1")),
    (
        "tracking",
        2,
        wire.tracking(
            wire.scan("s1"),
            wire.scan("s2", "exception.customs", occurred_at="2026-11-22T10:00:00Z"),
            tracking_number="T1",
            carrier="DHL",
        ),
    ),
    (
        "tracking",
        3,
        wire.tracking(
            wire.scan(
                "s5", "out_for_delivery", occurred_at="2026-11-22T09:00:00Z", eta="2026-11-22"
            ),
            tracking_number="T1",
        ),
    ),
    (
        "tracking",
        1,
        wire.tracking(
            wire.scan("s1", "delivered", occurred_at="2026-11-23T10:00:00Z", eta="2026-11-24"),
            wire.scan("s3", "in_transit", occurred_at="2026-12-11T10:00:00Z"),
            wire.scan("s4", "XK-9", occurred_at="2026-12-12T10:00:00Z"),
            tracking_number="T1",
            order_ref="B",
        ),
    ),
]
EVENTS = [
    wire.encode(wire.event(kind, record, version, id=f"h{n}"))
    for n, (kind, version, record) in enumerate(HISTORY)
]


def rows() -> dict[str, list[str]]:
    """Every row of the read model without its keys: relations by what they name."""
    return {
        model.__name__: sorted(str(_told(row)) for row in model._default_manager.all())
        for model in READ_MODEL
    }


def _told(row: models.Model) -> list[tuple[str, object]]:
    told = []
    for field in row._meta.concrete_fields:
        if field.primary_key or field.name in OURS:
            continue
        value = getattr(row, field.name)
        told.append((field.name, str(value) if field.is_relation else value))
    return told


def delivered(order: list[int]) -> dict[str, list[str]]:
    """The read model after these events, undone again."""
    with transaction.atomic():
        sender = factories.source()
        for n in order:
            outcome = inbox.receive(sender, EVENTS[n])
            assert outcome.state in {"applied", "superseded", "duplicate"}, outcome
        found = rows()
        transaction.set_rollback(True)
    return found


@pytest.fixture(scope="module")
def in_order(django_db_setup: None, django_db_blocker: Any) -> dict[str, list[str]]:
    """The read model after the history as it happened."""
    with django_db_blocker.unblock():
        return delivered(list(range(len(EVENTS))))


@pytest.mark.django_db
@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    order=st.permutations(range(len(EVENTS))),
    again=st.lists(st.integers(0, len(EVENTS) - 1), max_size=6),
)
def test_any_order_and_repetition_of_a_history_ends_in_one_state(
    in_order: dict[str, list[str]], order: list[int], again: list[int]
) -> None:
    assert delivered([*order, *again]) == in_order


@pytest.mark.django_db
def test_backwards_it_ends_in_the_same_state(in_order: dict[str, list[str]]) -> None:
    assert delivered(list(reversed(range(len(EVENTS))))) == in_order


def test_the_history_has_something_of_everything_in_it(in_order: dict[str, list[str]]) -> None:
    assert [name for name, told in in_order.items() if not told] == ["Document"]
    facts = str(in_order["OrderFact"])
    for kind in ("shipment_dispatched", "shipment_replaced", "promise_moved", "correction"):
        assert f"'{kind}'" in facts
    assert "customs" in str(in_order["Package"])
    news = str(in_order["DeliveryUpdate"])
    for kind in ("later", "dispatched", "delivered", "out_for_delivery", "problem", "on_hold"):
        assert f"('kind', '{kind}')" in news
    assert "S2" in news and "'C2'" in news
    assert "('arriving', datetime.date(2026, 11, 22))" in str(in_order["Order"])
