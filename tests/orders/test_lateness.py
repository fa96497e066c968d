from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from oms_portal import live
from oms_portal.orders import lateness
from oms_portal.orders.queries import order_topic
from tests import factories, wire


pytestmark = pytest.mark.django_db


def due(ref: str, moment: str, customer_ref: str = "C1") -> None:
    promises = [{"kind": "confirmed", "from": moment}]
    factories.order(ref, customer_ref, lines=[wire.line(promises=promises)])


def refs(since: datetime, hours: float) -> list[str]:
    return [order.ref for order in lateness.turned_late(since, since + timedelta(hours=hours))]


def test_orders_turn_late_when_their_promise_runs_out_at_the_customer_s() -> None:
    factories.customer("C1", time_zone="Europe/Berlin")
    factories.customer("C2", time_zone="Pacific/Honolulu")
    due("DAY", "2026-11-26")
    due("FAR", "2026-11-26", "C2")
    due("HOUR", "2026-11-26T23:30:00Z")
    evening = datetime(2026, 11, 26, 22, 30, tzinfo=UTC)
    assert refs(evening, 0.75) == ["DAY"]
    assert refs(evening + timedelta(minutes=45), 1) == ["HOUR"]
    assert refs(evening + timedelta(hours=2), 1) == []
    assert refs(evening + timedelta(hours=11), 1) == ["FAR"]


def test_the_topic_of_an_order_that_turned_late_grows_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lateness, "_told_until", None)
    just_now = datetime.now(UTC) - timedelta(minutes=1)
    order = factories.order(
        lines=[wire.line(promises=[{"kind": "confirmed", "from": just_now.isoformat()}])]
    )
    key = order_topic(order.pk)
    before = live.versions([key])[key]
    lateness.tell()
    lateness.tell()
    assert live.versions([key])[key] == before + 1
