"""The portal's order list for a buyer of a company with many orders, and one with few.

Rows go in by bulk, past the inbox: only here, where reading is measured and not how they came.
DATABASE_URL says where, ORDERS how many the large company has.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

import django
from django.core.management import call_command

from benchmarks.meter import cpu_ms, serve


ORDERS = int(os.environ.get("ORDERS", "100000"))
FEW = 1000
REQUESTS = 20
START = datetime(2020, 1, 1, tzinfo=UTC)
PLACE = {"name": "Plant 1", "lines": ["Hafenstrasse 12"], "city": "Hamburg", "country": "DE"}


def fill(company: Any, count: int) -> None:
    """Orders of two lines, one shipment and one parcel each, the newest last."""
    from oms_portal.orders.models import Order, OrderLine, Package, Shipment

    numbers = iter(range(count))
    while chunk := list(islice(numbers, 5000)):
        orders = Order.objects.bulk_create(_order(company, n) for n in chunk)
        OrderLine.objects.bulk_create(line for order in orders for line in _lines(order))
        shipments = Shipment.objects.bulk_create(
            Shipment(
                order=order,
                position=0,
                ref="D1",
                thread="D1",
                number=f"D-{order.number}",
                status="dispatched",
                method="parcel",
                carrier_code="dhl",
                carrier_name="DHL",
                shipped_at=order.placed_at + timedelta(days=1),
            )
            for order in orders
        )
        Package.objects.bulk_create(
            Package(
                shipment=shipment,
                position=0,
                carrier_code="dhl",
                tracking_number=f"T-{shipment.number}",
                tracking_status="in_transit",
                lines=[{"line_ref": "L1", "quantity": "10"}],
            )
            for shipment in shipments
        )


def _order(company: Any, n: int) -> Any:
    from oms_portal.orders.models import Order

    number = f"{company.ref}-{n:06d}"
    placed = START + timedelta(minutes=n)
    return Order(
        ref=number,
        slug=number,
        number=number,
        company=company,
        ship_to_ref="S1",
        customer_reference=f"PO-{n}",
        placed_at=placed,
        placed_by="Purchasing",
        currency="EUR",
        net=Decimal("45.00"),
        tax=Decimal("8.55"),
        gross=Decimal("53.55"),
        delivery_address=PLACE,
        version=1,
        told_at=placed,
        status="partially_shipped" if n % 3 else "delivered",
        backordered=n % 7 == 0,
        due=placed + timedelta(days=5) if n % 3 else None,
        promised=placed + timedelta(days=5) if n % 3 else None,
        items=2,
        shipments_total=1,
    )


def _lines(order: Any) -> Iterator[Any]:
    from oms_portal.orders.models import OrderLine

    for position in (1, 2):
        yield OrderLine(
            order=order,
            position=position,
            ref=f"L{position}",
            number=str(position),
            kind="product",
            sku=f"SKU-{position}",
            description="Ball bearing",
            unit="C62",
            ordered=Decimal(10),
            confirmed=Decimal(10),
            shipped=Decimal(10 if position == 1 else 0),
            promises=[{"kind": "confirmed", "from": "2026-11-26"}],
        )


def main() -> None:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    from oms_portal.customers.models import Company
    from tests import factories

    call_command("migrate", verbosity=0)
    factories.source()
    clients: dict[str, Any] = {}
    for ref, count in (("few", FEW), ("many", ORDERS)):
        company = factories.company(ref)
        fill(company, count)
        clients[ref] = Client()
        user = factories.person(f"buyer@{ref}.example", company)
        clients[ref].force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    if connection.vendor == "postgresql":
        connection.cursor().execute("ANALYZE")
    assert Company.objects.get(ref="many").orders.count() == ORDERS
    pages = {
        "fragment": reverse("oms_portal:fragment_orders"),
        "page": reverse("oms_portal:orders"),
        "due": reverse("oms_portal:fragment_orders") + "?sort=due",
    }

    def read(ref: str, page: str) -> None:
        body = clients[ref].get(pages[page]).content.decode()
        newest = (FEW if ref == "few" else ORDERS) - 1
        # Every third is done: the 20 that are due soonest end with number 29.
        first, last = (1, 29) if page == "due" else (newest, newest - 19)
        assert f"{ref}-{first:06d}" in body and f"{ref}-{last:06d}" in body

    def queries(page: str) -> int:
        read("many", page)
        with CaptureQueriesContext(connection) as captured:
            read("many", page)
        return len(captured)

    serve(
        {f"queries {page}": lambda page=page: queries(page) for page in pages}
        | {
            f"{ref} {page}": lambda ref=ref, page=page: cpu_ms(lambda: read(ref, page), REQUESTS)
            for ref in clients
            for page in pages
        }
    )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.site.settings")
    django.setup()
    main()
