"""From a draft to a return: what is reserved, what is frozen, and who hears of it."""

from __future__ import annotations

from typing import Any

import pytest

from oms_portal.erp.outbox.models import Command
from oms_portal.notifications.models import Alert, Mail
from oms_portal.orders.models import Order
from oms_portal.returns import actions
from oms_portal.returns.models import Return, ReturnParcel
from oms_portal.returns.refusals import Illegal, KeyReused, Refused, Short, Stale

from .scene import NOW, Scene, again, commands, item, new_key, reserved, set_up


pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(settings: Any) -> Scene:
    return set_up(settings)


def test_a_return_that_is_approved_at_once(scene: Scene) -> None:
    rma = again(scene.send(item("2"), note="Back door"))
    assert (rma.state, rma.approval) == ("approved", "auto")
    assert rma.number[0] == "R" and len(rma.number) == 11
    assert reserved() == ("10", "2", "0")
    assert rma.expires_on is not None and str(rma.expires_on) == "2126-12-20"
    assert rma.destination["ref"] == "W1"
    assert rma.expected["credit"] == "9.00"
    assert [parcel.code[:10] for parcel in ReturnParcel.objects.all()] == [rma.number[:10]]
    assert Order.objects.get(ref="SO-1").returns_open == 1
    assert "approved" in Mail.objects.get().subject


def test_the_erp_hears_all_of_it(scene: Scene) -> None:
    rma = scene.send(item("2"), item("0.5", "L2"), item("1", "L1", order="SO-2"))
    (command,) = commands()
    assert (command.kind, command.order_ref, command.customer_ref) == ("return", "SO-1", "C1")
    told = command.payload
    assert told["number"] == rma.number
    assert [
        (line["order_ref"], line["line_ref"], line["quantity"], line["unit"], line["reason"])
        for line in told["lines"]
    ] == [
        ("SO-1", "L1", "2", "C62", "wrong_size"),
        ("SO-1", "L2", "0.5", "KGM", "wrong_size"),
        ("SO-2", "L1", "1", "C62", "wrong_size"),
    ]
    assert told["destination"]["ref"] == "W1"
    assert told["sender"]["city"] == "Hamburg"
    assert told["method"] == "parcel_shop"
    assert {order.returns_open for order in Order.objects.all()} == {1}
