"""Scans at the returns desk, ours and a bare view's, in a site with so many open returns."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from itertools import count
from statistics import quantiles
from time import perf_counter
from typing import Any
from uuid import uuid4

import django
from django.conf import settings
from django.core.management import call_command

from benchmarks.meter import serve


# Returns that one run scans: a parcel, an article, a serial number of each.
SCANNED = 20
COMPANIES = 50
AT_ONCE = 1000
_AROUND = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")


def fill(returns: int) -> list[str]:
    """So many open returns of 50 companies, an order, a line and a parcel each; what is scanned
    comes on top. The codes of all parcels."""
    from oms_portal.returns.labels import digits
    from tests import factories

    companies = [factories.company(f"C{n}") for n in range(COMPANIES)]
    # Two runs to warm up, seven of each, one to count statements.
    total = returns + SCANNED * 17
    codes = []
    for start in range(0, total, AT_ONCE):
        numbers = range(start, min(start + AT_ONCE, total))
        _write(numbers, companies)
        codes += [digits.parcel_code(f"{n:09d}", 1) for n in numbers]
    return codes


def _write(numbers: range, companies: list[Any]) -> None:
    from django.utils import timezone

    from oms_portal.orders.extracts import SearchTerm
    from oms_portal.orders.models import Order, OrderLine
    from oms_portal.returns.labels import digits
    from oms_portal.returns.models import Return, ReturnableLine, ReturnLine
    from oms_portal.returns.parcels import ReturnParcel
    from tests import factories

    now = timezone.now()
    nothing = Decimal(0)
    person = factories.person("asker@c0.example")
    orders = Order.objects.bulk_create(
        Order(
            ref=f"SO-{n}", slug=f"so-{n}", number=f"SO-{n}", company=companies[n % COMPANIES],
            placed_at=now - timedelta(hours=n), currency="EUR", net=nothing, tax=nothing,
            gross=nothing, version=1, told_at=now, status="delivered",
        )
        for n in numbers
    )  # fmt: skip
    OrderLine.objects.bulk_create(
        OrderLine(
            order=order, position=1, ref="L1", number="1", kind="product", sku=f"SKU-{n % 40}",
            description="Ball bearing", unit="C62", serials=[f"SN{n}"],
        )
        for n, order in zip(numbers, orders, strict=True)
    )  # fmt: skip
    SearchTerm.objects.bulk_create(
        SearchTerm(order=order, company_id=order.company_id, term=term)
        for n, order in zip(numbers, orders, strict=True)
        for term in (f"so{n}", f"sku{n % 40}", f"sn{n}", *(f"t{n}x{m}" for m in range(8)))
    )
    rmas = Return.objects.bulk_create(
        Return(
            number=digits.rma_number(f"{n:09d}"), company=order.company, state="approved",
            form_key=f"form-{n}", requested_by=person, created_at=now, approved_at=now,
            submitted_at=now, method="parcel_shop", currency="EUR",
        )
        for n, order in zip(numbers, orders, strict=True)
    )  # fmt: skip
    places = ReturnableLine.objects.bulk_create(
        ReturnableLine(order=order, line_ref="L1", thread="D1", cap=2, reserved=2)
        for order in orders
    )
    ReturnLine.objects.bulk_create(
        ReturnLine(
            rma=rma, ref="1", returnable=place, sku=f"SKU-{n % 40}", description="Ball bearing",
            unit="C62", requested=2, approved=2,
        )
        for n, rma, place in zip(numbers, rmas, places, strict=True)
    )  # fmt: skip
    ReturnParcel.objects.bulk_create(
        ReturnParcel(rma=rma, sequence=1, code=digits.parcel_code(f"{n:09d}", 1))
        for n, rma in zip(numbers, rmas, strict=True)
    )


def main() -> None:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse
    from django.utils import timezone

    from oms_portal.returns.receipts import actions
    from oms_portal.returns.receipts.scanning.wishes import ScanWish
    from tests import factories

    call_command("migrate", verbosity=0)
    left: Iterator[tuple[int, str]] = iter(enumerate(fill(int(os.environ["RETURNS"]))))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client = Client()
    user = factories.person("desk@brannfeld.example", staff=["Returns desk"])
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    urls = {"ours": reverse("oms_returns:scan"), "bare": "/bare/"}
    tab, sequence = uuid4().hex, count(1)

    def told(text: str) -> dict[str, Any]:
        number = next(sequence)
        return {"id": str(uuid4()), "text": text, "tab": tab, "sequence": number}

    def post(url: str, text: str) -> float:
        body = {"scans": [told(text) | {"verb": "scan"}]}
        began = perf_counter()
        answer = client.post(url, body, content_type="application/json")
        taken = (perf_counter() - began) * 1000
        assert answer.status_code == 200, answer.content
        assert b"number" in answer.content, answer.content
        return taken

    def texts() -> Iterator[str]:
        for _ in range(SCANNED):
            n, code = next(left)
            yield from (code, f"SKU-{n % 40}", f"SN{n}")

    def p95(url: str) -> float:
        return quantiles([post(url, text) for text in texts()], n=20)[-1]

    def statements() -> int:
        """The most that one of our scans runs, beside the admin's door."""
        most = 0
        for text in texts():
            wish = ScanWish(**told(text) | {"id": uuid4()})
            with CaptureQueriesContext(connection) as run:
                actions.scan(wish, user, now=timezone.now())
            most = max(most, sum(not one["sql"].startswith(_AROUND) for one in run))
        return most

    for url in urls.values():
        p95(url)
    asked = {who: (lambda url=url: p95(url)) for who, url in urls.items()}
    serve(asked | {"statements": statements})


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.site.settings")
    settings.ROOT_URLCONF = "benchmarks.peers.bare_scan"
    django.setup()
    main()
