"""Staff say which requests they look at first, and where customers may fetch their goods."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from wagtail.models import ModelLogEntry

from oms_portal.changes.models import PickupPlace, RiskPolicy
from oms_portal.changes.risks import policy_now

from .conftest import client_of, staff


pytestmark = pytest.mark.django_db


def test_the_one_row_is_made_by_the_first_save(site: Any) -> None:
    client = client_of(staff("risk@shop.example", "change_riskpolicy"))
    url = reverse("oms_review_rules:index")
    page = client.get(url).content.decode()
    assert "Goes to a PO box" in page and 'value="10000' in page
    assert not RiskPolicy.objects.exists()
    for value in ("5000", ""):
        form = {"po_box": "on", "new_address": "on", "value_above": value}
        assert client.post(url, form).status_code == 302
    assert RiskPolicy.objects.count() == 1
    policy = policy_now()
    assert (policy.po_box, policy.new_country, policy.value_above) == (True, False, None)
    assert ModelLogEntry.objects.filter(action="wagtail.edit").count() == 2
    assert "The review rules are saved." in client.get(url).content.decode()


def test_a_fault_is_said_and_nothing_saved(site: Any) -> None:
    client = client_of(staff("risk@shop.example", "change_riskpolicy"))
    answer = client.post(reverse("oms_review_rules:index"), {"value_above": "-1"})
    assert "greater than or equal to 0" in answer.content.decode()
    assert policy_now().value_above == Decimal(10_000)


def test_who_only_looks_can_not_save(reader: Any) -> None:
    url = reverse("oms_review_rules:index")
    page = reader.get(url)
    assert page.status_code == 200 and b"button-longrunning" not in page.content
    assert reader.post(url, {"value_above": "1"}).status_code == 302
    assert not RiskPolicy.objects.exists()


def test_a_pick_up_place_is_made_and_its_code_is_unique(site: Any) -> None:
    rights = ("add_pickupplace", "change_pickupplace", "view_pickupplace")
    client = client_of(staff("places@shop.example", *rights))
    form = {"name": "Branch Hamburg", "ref": "W-HAM", "address": "Hafen 1", "active": "on"}
    assert client.post(reverse("oms_pickup_places:add"), form).status_code == 302
    again = client.post(reverse("oms_pickup_places:add"), form | {"name": "Other"})
    assert "already exists" in again.content.decode()
    page = client.get(reverse("oms_pickup_places:index"), {"q": "hafen"}).content.decode()
    assert "Branch Hamburg" in page and "W-HAM" in page
    assert PickupPlace.objects.get().active
