"""The plain order list beside searches of it, for a buyer of a company with many orders.

DATABASE_URL says where, ORDERS how many. Rows go in as ``order_list`` does it, with the terms that
each is found by; wall time, so that the database's own share counts.
"""

from __future__ import annotations

import os
import time
import tracemalloc
from datetime import UTC, datetime
from itertools import islice
from typing import Any
from urllib.parse import urlencode

import django
from django.core.management import call_command

from benchmarks.meter import serve

from .order_list import ORDERS, fill


REQUESTS = 10
# What is typed, and whether it finds anything.
SEARCHES = {
    "rare": ("SKU-RARE", True),
    "one": (f"many-{ORDERS // 2:06d}", True),
    "frequent": ("SKU-1", True),
    "every number": ("many-0", True),
    "none": ("SKU-NOWHERE", False),
    "the oldest": ("many-00", True),
}
SORTS = ("newest", "oldest", "number", "due")


def index() -> None:
    """The terms of all orders; every 10,000th has a SKU that the others have not."""
    from django.db import connection

    digits = "substr(number, length(number) - 5)"
    plain = f"CASE ltrim({digits}, '0') WHEN '' THEN '0' ELSE ltrim({digits}, '0') END"
    each = ["'sku1'", "'sku2'", "'~purchasing'", digits, plain]
    each += [f"'{start}' || {digits}" for start in ("many", "dmany", "tdmany")]
    each.append(f"'po' || {plain}")
    rare = f"SELECT id, company_id, 'skurare' FROM oms_portal_order WHERE {digits} LIKE '%0000'"
    rows = [f"SELECT id, company_id, {term} FROM oms_portal_order" for term in each]
    with connection.cursor() as cursor:
        for row in (*rows, rare):
            cursor.execute(f"INSERT INTO oms_portal_searchterm (order_id, company_id, term) {row}")


def main() -> None:
    from django.db import connection
    from django.test import Client
    from django.urls import reverse

    from oms_portal.customers.access import actor_for
    from oms_portal.orders import exports
    from oms_portal.orders.filters import Filters
    from oms_portal.orders.sheets import WRITERS
    from oms_portal.orders.sorting import Sort
    from tests import factories

    call_command("migrate", verbosity=0)
    factories.source()
    company = factories.company("many")
    fill(company, ORDERS)
    index()
    if connection.vendor == "postgresql":
        connection.cursor().execute("ANALYZE")
    client = Client()
    user = factories.person("buyer@many.example", company)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    actor = actor_for(user)
    fragment = reverse("oms_portal:fragment_orders")

    def read(sort: str, words: str = "", hit: bool = True) -> None:
        page = client.get(f"{fragment}?{urlencode({'sort': sort, 'q': words})}")
        assert ("oms-order-link" in page.content.decode()) == hit, words

    def wall(*asked: Any) -> float:
        started = time.perf_counter()
        for _ in range(REQUESTS):
            read(*asked)
        return (time.perf_counter() - started) * 1000 / REQUESTS

    def plain() -> float:
        return wall("newest")

    def peak(kind: str, lines: int) -> float:
        """MiB that Python held at most while it made a file of so many lines."""
        now = datetime.now(UTC)
        tracemalloc.start()
        rows = islice(exports.rows(actor, Sort.NEWEST, Filters(), now), lines)
        size = sum(map(len, WRITERS[kind](exports.heads(), rows)))
        held = tracemalloc.get_traced_memory()[1] / 2**20
        tracemalloc.stop()
        assert size > lines * 20
        return held

    peaks = {
        f"{kind} {lines}": (kind, lines) for kind in ("csv", "xlsx") for lines in (2000, 20_000)
    }
    asked = {f"{name} {sort}": (sort, *SEARCHES[name]) for name in SEARCHES for sort in SORTS}
    serve(
        {"plain": plain}
        | {name: lambda a=a: wall(*a) for name, a in asked.items()}
        | {name: lambda p=p: peak(*p) for name, p in peaks.items()}
    )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.site.settings")
    django.setup()
    main()
