"""Carriers that push nothing are asked where the parcels are."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from oms_portal.returns import polling
from oms_portal.returns.carriers.contract import NotNow
from oms_portal.returns.models import Return
from oms_portal.returns.parcels import ReturnParcel
from tests.returns.carriers.faking import SETTING, Fake
from tests.returns.parcels import approved, label_of, labelled, parcel_of


pytestmark = pytest.mark.django_db


@pytest.fixture
def rma(settings: Any) -> Return:
    Fake.reset()
    settings.OMS_PORTAL = {"RETURN_CARRIERS": SETTING}
    made = approved()
    labelled(made)
    return made


def scan(code: str, hours: int = 0) -> dict[str, str]:
    at = timezone.now() + timedelta(hours=hours)
    return {"id": code, "code": code, "occurred_at": at.isoformat()}


def test_a_first_scan_that_is_asked_for_uses_the_label_and_moves_the_return(rma: Return) -> None:
    Fake.scans = [scan("in_transit"), {"id": "no scan"}, scan("delivered", hours=1)]

    assert polling.ask("fake")
    rma.refresh_from_db()
    assert (rma.state, label_of(rma).state) == ("in_transit", "used")
    assert parcel_of(rma).state == "delivered"
    assert Fake.tracked == [parcel_of(rma).tracking_number]


def test_a_parcel_is_asked_for_once_in_half_an_hour(rma: Return) -> None:
    assert polling.ask("fake")
    assert not polling.ask("fake")
    ReturnParcel.objects.update(tracked_at=timezone.now() - timedelta(minutes=31))
    assert polling.ask("fake")
    assert len(Fake.tracked) == 2


@pytest.mark.parametrize("fault", [NotNow("busy"), RuntimeError("broken")])
def test_a_carrier_that_can_not_say_changes_nothing(rma: Return, fault: Exception) -> None:
    Fake.faults = [fault]

    assert polling.ask("fake")
    rma.refresh_from_db()
    assert (rma.state, label_of(rma).state) == ("approved", "verified")


def test_what_is_over_is_asked_for_no_more(rma: Return) -> None:
    Return.objects.update(state="closed")

    assert not polling.ask("fake")
    assert Fake.tracked == []


def test_the_worker_asks_only_carriers_that_want_to_be_asked(
    rma: Return, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Fake, "polled", False)
    polling.run()
    assert "fake" not in polling._threads
