"""The portal's order list, and the same rows by a view as plain as they come."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import urlencode

import django
from django.conf import settings
from django.core.management import call_command

from benchmarks.meter import cpu_ms, serve


ORDERS = 1000
SIZES = (20, 100)
REQUESTS = 10
# What a block may leave out.
TOOLS = "search,filters,columns,views,export"


def main() -> None:
    from django.test import Client

    from benchmarks.peers.order_list import fill
    from tests import factories

    call_command("migrate", verbosity=0)
    factories.source()
    company = factories.company("C1")
    fill(company, ORDERS)
    client = Client()
    user = factories.person("buyer@c1.example", company)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    def read(url: str, size: int) -> None:
        query = f"{'&' if '?' in url else '?'}size={size}"
        body = client.get(url + query).content.decode()
        first, last = ORDERS - 1, ORDERS - size
        assert f"C1-{first:06d}" in body and f"C1-{last:06d}" in body
        assert f"C1-{last - 1:06d}" not in body

    def taking(url: str, size: int) -> Any:
        return lambda: cpu_ms(lambda: read(url, size), REQUESTS)

    ours = "/portal/fragments/orders/"
    urls = {"ours": ours, "rows": f"{ours}?{urlencode({'hide': TOOLS})}", "bare": "/bare/"}
    serve(
        {"sizes": lambda: SIZES}
        | {f"{who} {size}": taking(url, size) for who, url in urls.items() for size in SIZES}
    )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.site.settings")
    settings.ROOT_URLCONF = "benchmarks.peers.bare_list"
    django.setup()
    main()
