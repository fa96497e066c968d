"""Asking for a change: one request for one form, and a command for the ERP with it."""

from __future__ import annotations

from typing import Any

import pytest

from oms_portal.changes.models import ChangeRequest
from oms_portal.orders.models import Order

from .scene import Scene, commands, set_up


pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(settings: Any) -> Scene:
    return set_up(settings)


def test_a_harmless_wish_goes_to_the_erp_at_once(scene: Scene) -> None:
    request = scene.begin()
    assert request.state == "submitted"
    [command] = commands()
    assert request.command == command
    assert (command.kind, command.order_ref, command.customer_ref) == ("change", "SO-1001", "C1")
    assert command.payload == {
        "scope": "order",
        "shipments": ["D1"],
        "lines": [],
        "instructions": "Ring at gate 3",
    }
    assert command.requested_by == "asker@c1.example"
    assert command.deadline == request.cutoff_at is not None
    assert Order.objects.get().changes_open == 1
    assert [event.verb for event in request.events.all()] == ["begin", "submit"]
    assert ChangeRequest.objects.get().before == {"instructions": ""}
