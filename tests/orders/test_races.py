"""Events that come at one instant, each in a transaction of its own. SQLite has one writer only."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import sleep
from types import ModuleType
from typing import Any

import pytest
from django.db import connection

from oms_portal.customers.models import Company
from oms_portal.erp import inbox
from oms_portal.erp.models import Source
from oms_portal.orders import projection as orders
from oms_portal.orders.models import Order, Package
from oms_portal.orders.tracking import outlook
from oms_portal.orders.tracking import projection as tracking
from tests import factories, wire


pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer"),
]


def at_once(*events: tuple[str, dict[str, Any]]) -> list[str]:
    """Deliver all of these in the same instant; the states they end in."""
    sender: Source = factories.source()
    barrier = Barrier(len(events))

    def deliver(event: tuple[str, dict[str, Any]]) -> str:
        raw = wire.encode(wire.event(*event))
        barrier.wait(60)
        try:
            return inbox.receive(sender, raw).state
        finally:
            connection.close()

    with ThreadPoolExecutor(len(events)) as pool:
        return list(pool.map(deliver, events))


def rounds(count: int, run: Callable[[int], None]) -> None:
    for n in range(count):
        run(n)


def slowly(monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str) -> None:
    """Let a look-up of ``module`` that finds nothing wait, so that both sides have looked."""
    real = getattr(module, name)

    def look(*asked: Any) -> Any:
        found = real(*asked)
        if not found:
            sleep(0.3)
        return found

    monkeypatch.setattr(module, name, look)


def test_a_scan_and_its_parcel_that_come_at_one_instant_find_each_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slowly(monkeypatch, orders, "scans_of")
    slowly(monkeypatch, tracking, "packages_of")
    package = {"tracking_number": "T1", "lines": []}
    order = wire.order(shipments=[wire.shipment(packages=[package])])
    scan = wire.tracking(wire.scan(code="exception.lost"), tracking_number="T1")
    assert at_once(("order", order), ("tracking", scan)) == ["applied", "applied"]
    assert Package.objects.get().tracking_status == "exception"
    assert Order.objects.get().exception


def test_orders_of_one_number_and_one_new_company_all_get_in() -> None:
    def run(n: int) -> None:
        placed = [wire.order(f"O{n}-{i}", f"C{n}", number=f"N{n}") for i in range(4)]
        assert at_once(*(("order", order) for order in placed)) == ["applied"] * 4
        slugs = Order.objects.filter(number=f"N{n}").values_list("slug", flat=True)
        assert len(set(slugs)) == 4
        assert Company.objects.filter(ref=f"C{n}").count() == 1

    rounds(6, run)


def test_one_parcel_s_problem_ends_while_another_s_begins(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    packages = [{"tracking_number": number, "lines": []} for number in ("A", "B")]
    factories.order(shipments=[wire.shipment(packages=packages)])
    factories.deliver("tracking", wire.tracking(wire.scan(code="exception"), tracking_number="A"))
    slowly(monkeypatch, outlook, "parcel_problem")
    later = wire.scan("s2", "delivered", occurred_at="2026-11-21T08:00:00Z")
    over = wire.tracking(later, tracking_number="A")
    begun = wire.tracking(wire.scan(code="exception"), tracking_number="B")
    assert at_once(("tracking", over), ("tracking", begun)) == ["applied"] * 2
    assert Order.objects.get().exception
