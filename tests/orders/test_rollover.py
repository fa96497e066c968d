from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from oms_portal import live
from oms_portal.orders import rollover
from oms_portal.orders.extracts import DeliveryUpdate
from oms_portal.orders.models import Order
from oms_portal.orders.queries import list_topic
from tests import factories


pytestmark = pytest.mark.django_db
# Midnight in Berlin.
MIDNIGHT = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)
BIT = timedelta(minutes=5)


def began(at: datetime) -> list[str]:
    return [company.ref for company in rollover.began(at - BIT, at + BIT)]


def test_a_day_begins_where_its_midnight_is_and_something_hangs_on_it() -> None:
    for ref, zone in (("C1", "Europe/Berlin"), ("C2", "Pacific/Honolulu"), ("C3", "Europe/Paris")):
        factories.customer(ref, time_zone=zone)
    factories.order("SO-1", "C1")
    factories.order("SO-2", "C2")
    DeliveryUpdate.objects.all().delete()
    assert began(MIDNIGHT) == []
    Order.objects.update(arriving=date(2026, 11, 23))
    assert began(MIDNIGHT) == ["C1"]
    assert began(MIDNIGHT + timedelta(hours=11)) == ["C2"]
    assert began(MIDNIGHT + timedelta(hours=1)) == []


def test_open_lists_are_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    company = factories.customer("C1", time_zone="Europe/Berlin")
    factories.order("SO-1", "C1")
    DeliveryUpdate.objects.update(occurred_at=MIDNIGHT)
    monkeypatch.setattr(rollover, "_told_until", MIDNIGHT - BIT)
    monkeypatch.setattr(timezone, "now", lambda: MIDNIGHT + BIT)
    key = list_topic(company.pk)
    before = live.versions([key])[key]
    rollover.tell()
    rollover.tell()
    assert live.versions([key])[key] == before + 1
