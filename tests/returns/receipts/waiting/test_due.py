"""The day on which a parcel is to be here, as its carrier's scans have it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from oms_portal import live
from oms_portal.returns import polling
from oms_portal.returns.models import Return
from oms_portal.returns.moving import return_topic
from tests import factories, wire
from tests.returns.carriers.faking import SETTING, Fake
from tests.returns.parcels import approved, labelled, parcel_of, printable


pytestmark = pytest.mark.django_db


@pytest.fixture
def rma(settings: Any) -> Return:
    made = approved()
    printable(made)
    return made


def scanned(rma: Return, code: str = "in_transit", hours: int = 0, **changes: Any) -> date | None:
    number = parcel_of(rma).tracking_number
    at = timezone.now() + timedelta(hours=hours)
    told = wire.scan(
        carrier="van",
        tracking_number=number,
        code=code,
        occurred_at=at.isoformat(),
        id=f"{code}{hours}",
        **changes,
    )
    factories.deliver("tracking", wire.tracking(told, carrier="van", tracking_number=number))
    return parcel_of(rma).due_on


def test_a_scan_that_says_when_it_comes_is_believed_and_told(rma: Return):
    assert scanned(rma, eta=None) is None
    before = live.versions([return_topic(rma.pk)])
    assert scanned(rma, hours=1, eta="2126-11-25") == date(2126, 11, 25)
    assert live.versions([return_topic(rma.pk)]) != before
    # An instant is a day where we are.
    assert scanned(rma, hours=2, eta="2126-11-26T23:30:00Z") in (
        date(2126, 11, 26),
        date(2126, 11, 27),
    )


def test_what_is_out_for_delivery_comes_on_that_day(rma: Return):
    scanned(rma, eta="2126-11-25")
    due = scanned(rma, "out_for_delivery", hours=3, eta=None)
    assert due == timezone.localdate(timezone.now() + timedelta(hours=3))


def test_a_scan_that_comes_late_says_nothing_newer(rma: Return):
    scanned(rma, hours=5, eta="2126-11-26")
    assert scanned(rma, hours=1, eta="2126-11-24") == date(2126, 11, 26)


def test_a_carrier_that_is_asked_says_it_too(settings: Any):
    Fake.reset()
    settings.OMS_PORTAL = {"RETURN_CARRIERS": SETTING}
    rma = approved()
    labelled(rma)
    at = timezone.now().isoformat()
    Fake.scans = [{"id": "1", "code": "in_transit", "occurred_at": at, "eta": "2126-11-25"}]
    assert polling.ask("fake")
    assert parcel_of(rma).due_on == date(2126, 11, 25)
