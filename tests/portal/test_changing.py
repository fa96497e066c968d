"""Asking for a change of an order, as a browser without any script does it."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from oms_portal.changes.models import ChangeRequest, CutoffRule, PickupPlace
from oms_portal.erp.outbox.models import Breaker, Command
from oms_portal.erp.models import Source
from tests import factories
from tests.changes import scene
from tests.changes.scene import Scene

pytestmark = pytest.mark.django_db

CHANGE = "/portal/orders/SO-1001/change/"


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()


@pytest.fixture
def here(settings: Any, client: Client) -> Scene:
    """A scene whose asker, an administrator, is signed in."""
    found = scene.set_up(settings)
    client.force_login(found.user)
    return found


def body(response: Any) -> str:
    return html.unescape(response.content.decode())


def hidden(page: str) -> dict[str, str]:
    """The hidden fields that a browser sends along."""
    names = ("idempotency_key", "version", "seen")
    return {name: re.search(rf'name="{name}" value="([^"]*)"', page)[1] for name in names}  # type: ignore[index]  # a missing one fails the test


def send(client: Client, path: str = CHANGE, **typed: Any) -> Any:
    """Open the form, fill it in and send it."""
    first = hidden(body(client.get(path)))
    return client.post(path, {"scope": "order", "do": "send", **first, **typed})


# The page


def test_the_page_offers_what_can_be_changed_and_says_how_it_is_now(client, here):
    page = body(client.get(CHANGE))

    assert "Change the delivery" in page
    for words in ("Delivery address", "Contact and phone", "Delivery date", "Way of delivery"):
        assert words in page
    assert "Hafenstrasse 12" in page and "20457 Hamburg" in page
    assert "S2 · Plant S2, Kai 1, 28195 Bremen, DE" in page
    assert "You can change this until" in page


def test_a_delivery_can_be_chosen_beforehand(client, here):
    page = body(client.get(CHANGE, {"delivery": "D1"}))

    assert re.search(r'value="delivery:D1"[^>]* checked', page)


def test_what_was_sent_leads_to_the_request_and_on_to_the_erp(client, here):
    answer = send(client, instructions="Ring at gate 3")

    made = ChangeRequest.objects.get()
    assert answer.status_code == 303 and answer["Location"] == f"/portal/changes/{made.key}/"
    assert made.state == "submitted" and made.requested == {"instructions": "Ring at gate 3"}
    assert Command.objects.get().payload["instructions"] == "Ring at gate 3"
    page = body(client.get(answer["Location"]))
    assert "Requested" in page and "Ring at gate 3" in page
    assert "A change was requested." in page


@pytest.mark.parametrize(
    ("typed", "requested"),
    [
        ({"day": "2127-01-05"}, {"requested": {"from": "2127-01-05"}}),
        (
            {"day": "2127-01-05", "day_to": "2127-01-07"},
            {"requested": {"from": "2127-01-05", "to": "2127-01-07"}},
        ),
        (
            {"day": "2127-01-05", "time_from": "08:00", "time_to": "10:30"},
            {
                "requested": {
                    "from": "2127-01-05T07:00:00+00:00",
                    "to": "2127-01-05T09:30:00+00:00",
                }
            },
        ),
        ({"method": "freight"}, {"method": "freight"}),
        ({"method": "pickup", "pickup_ref": "B1"}, {"method": "pickup", "pickup_ref": "B1"}),
        ({"phone": "040 1234567"}, {"phone": "+49 40 1234567"}),
    ],
)
def test_each_wish_is_kept_as_it_was_meant(client, here, typed, requested):
    PickupPlace.objects.create(ref="B1", name="Branch Bremen")

    answer = send(client, **typed)

    assert answer.status_code == 303, body(answer)
    assert ChangeRequest.objects.get().requested == requested
