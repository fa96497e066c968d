"""The queues of the returns desk over RETURNS open returns, and a plain Wagtail listing of them.

Rows go in by bulk, past all verbs: only here, where reading is measured and not how they came.
DATABASE_URL says where. Of each eight returns one waits for approval, one for an answer, two are on
their way, two are brought, one is at the desk and one approved.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command

from benchmarks.meter import cpu_ms, serve


RETURNS = int(os.environ.get("RETURNS", "10000"))
REQUESTS = 3
QUEUES = ("approve", "all", "unscanned", "inspect", "overdue")
LIST = "/admin/oms/returns/"


def fill(company: Any, count: int, now: datetime) -> None:
    """As many returns of two lines and two parcels, of ten times fewer orders."""
    from oms_portal.orders.models import Order
    from oms_portal.returns.models import Return, ReturnableLine, ReturnLine
    from oms_portal.returns.parcels import ReturnParcel
    from oms_portal.returns.receipts.models import Receipt

    orders = Order.objects.bulk_create(_order(company, n, now) for n in range(max(1, count // 10)))
    numbers = iter(range(count))
    while chunk := list(islice(numbers, 2000)):
        rmas = Return.objects.bulk_create(_return(company, n, now) for n in chunk)
        held = ReturnableLine.objects.bulk_create(
            ReturnableLine(
                order=orders[n % len(orders)],
                line_ref=f"L{n}-{line}",
                thread="D1",
                cap=Decimal(9),
                reserved=Decimal(2),
                over_by=Decimal(n % 200 == 0),
            )
            for n in chunk
            for line in (1, 2)
        )
        ReturnLine.objects.bulk_create(
            ReturnLine(
                rma=rmas[n // 2], ref=f"{n % 2 + 1}", returnable=place, requested=2, unit="C62"
            )
            for n, place in enumerate(held)
        )
        ReturnParcel.objects.bulk_create(
            parcel for n, rma in zip(chunk, rmas, strict=True) for parcel in _parcels(rma, n, now)
        )
        Receipt.objects.bulk_create(
            Receipt(rma=rma, arrived_at=now - timedelta(minutes=n), refused=n % 160 == 6)
            for n, rma in zip(chunk, rmas, strict=True)
            if n % 8 == 6
        )


def _order(company: Any, n: int, now: datetime) -> Any:
    from oms_portal.orders.models import Order

    name = f"SO-{n:06d}"
    return Order(
        ref=name,
        slug=name,
        number=name,
        company=company,
        ship_to_ref="S1",
        placed_at=now,
        currency="EUR",
        net=Decimal(45),
        tax=Decimal(9),
        gross=Decimal(54),
        delivery_address={},
        version=1,
        told_at=now,
        status="delivered",
        items=2,
    )


def _return(company: Any, n: int, now: datetime) -> Any:
    from oms_portal.returns.models import Return

    states = ("in_review", "info_needed", "in_transit", "in_transit", "in_transit", "in_transit")
    # Over the same days however many they are.
    asked = now - timedelta(days=30) * (n / RETURNS)
    moved = asked if n % 8 in range(2, 7) else None
    return Return(
        number=f"R{n:010d}",
        company=company,
        ship_to_ref="S1",
        state=(*states, "partly_received", "approved")[n % 8],
        currency="EUR",
        method="parcel_shop",
        form_key=f"form-{n}",
        submitted_at=asked,
        approved_at=moved,
        scanned_at=moved,
    )


def _parcels(rma: Any, n: int, now: datetime) -> Iterator[Any]:
    from oms_portal.returns.parcels import ReturnParcel

    brought = n % 8 in (4, 5)
    for sequence in (1, 2):
        code = f"{rma.number}{sequence:02d}"
        yield ReturnParcel(
            rma=rma,
            sequence=sequence,
            code=code,
            tracking_number=code,
            state="delivered" if brought else "in_transit",
            due_on=now.date() + timedelta(days=n % 30 - 1),
            next_attempt_at=None,
        )


def main() -> None:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from tests import factories
    from tests.desk.conftest import client_of, staff

    call_command("migrate", verbosity=0)
    factories.site()
    factories.source()
    fill(factories.company("C1"), RETURNS, timezone.now())
    if connection.vendor == "postgresql":
        connection.cursor().execute("ANALYZE")
    client: Client = client_of(staff("desk@shop.example", "view_return", "decide_return"))

    def read(page: str) -> None:
        if page == "plain":
            body = client.get("/plain/").content.decode()
        elif page == "unchanged":
            assert unchanged() == 304
            return
        else:
            body = client.get(f"{LIST}?queue={page}").content.decode()
        assert body.count("/inspect/") >= min(50, RETURNS // 16), page

    def unchanged() -> int:
        url = f"{LIST}results/?queue=all"
        status = client.get(url, headers={"If-None-Match": held.get("tag", "")}).status_code
        if status != 304:
            held["tag"] = client.get(url)["ETag"]
            status = client.get(url, headers={"If-None-Match": held["tag"]}).status_code
        return status

    def queries(page: str) -> int:
        read(page)
        with CaptureQueriesContext(connection) as captured:
            read(page)
        return len(captured)

    held: dict[str, str] = {}
    pages = ("plain", *QUEUES, "unchanged")
    serve(
        {"pages": lambda: pages}
        | {f"queries {page}": lambda page=page: queries(page) for page in pages}
        | {page: lambda page=page: cpu_ms(lambda: read(page), REQUESTS) for page in pages}
    )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.site.settings")
    settings.ROOT_URLCONF = "benchmarks.peers.plain_returns"
    django.setup()
    main()
