"""Events that come at one instant, each in a transaction of its own. SQLite has one writer only."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from oms_portal.customers.models import Company
from oms_portal.erp import inbox
from oms_portal.erp.models import Source
from oms_portal.orders.models import Order, Package
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
        barrier.wait(10)
        try:
            return inbox.receive(sender, raw).state
        finally:
            connection.close()

    with ThreadPoolExecutor(len(events)) as pool:
        return list(pool.map(deliver, events))


def rounds(count: int, run: Callable[[int], None]) -> None:
    for n in range(count):
        run(n)


def test_a_scan_and_its_parcel_that_come_at_one_instant_find_each_other() -> None:
    def run(n: int) -> None:
        package = {"tracking_number": f"T{n}", "lines": []}
        order = wire.order(f"O{n}", shipments=[wire.shipment(packages=[package])])
        scan = wire.tracking(wire.scan(code="exception.lost"), tracking_number=f"T{n}")
        assert at_once(("order", order), ("tracking", scan)) == ["applied", "applied"]
        assert Package.objects.get(tracking_number=f"T{n}").tracking_status == "exception"
        assert Order.objects.get(ref=f"O{n}").exception

    rounds(12, run)


def test_orders_of_one_number_and_one_new_company_all_get_in() -> None:
    def run(n: int) -> None:
        orders = [wire.order(f"O{n}-{i}", f"C{n}", number=f"N{n}") for i in range(4)]
        assert at_once(*(("order", order) for order in orders)) == ["applied"] * 4
        slugs = Order.objects.filter(number=f"N{n}").values_list("slug", flat=True)
        assert len(set(slugs)) == 4
        assert Company.objects.filter(ref=f"C{n}").count() == 1

    rounds(6, run)


def test_two_parcels_of_one_order_with_problems_at_one_instant_leave_the_flag_right() -> None:
    def run(n: int) -> None:
        numbers = (f"A{n}", f"B{n}")
        packages = [{"tracking_number": number, "lines": []} for number in numbers]
        factories.order(f"O{n}", shipments=[wire.shipment(packages=packages)])
        scans = [
            wire.tracking(wire.scan(code=code), tracking_number=number)
            for code, number in zip(("delivered", "exception"), numbers, strict=True)
        ]
        assert at_once(*(("tracking", scan) for scan in scans)) == ["applied"] * 2
        assert Order.objects.get(ref=f"O{n}").exception

    rounds(8, run)
