"""A file of many lines comes while it is still being read, and a server holds little of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from django.conf import settings
from django.test import Client

from oms_portal.orders.models import Order, OrderLine
from tests import factories


@pytest.mark.parametrize("program", ["daphne", "uvicorn"])
def test_the_first_bytes_come_before_the_last_row_is_read(
    start_server: Callable[..., Any], program: str
) -> None:
    """The last order appears in the database only after the first piece was received."""
    pattern = factories.order("SO-0", "C1", placed_at="2026-11-20T00:00:00Z")
    user = factories.person(company=pattern.company)
    more(pattern, 3000)
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    cookies = {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}
    url = f"{start_server(program=program).url}/portal/orders/export.csv?sort=oldest"
    with httpx.stream("GET", url, cookies=cookies, timeout=60) as answer:
        pieces = answer.iter_raw()
        first = next(pieces)
        assert first.startswith(b"\xef\xbb\xbfOrder,")
        assert b"SO-2999" not in first
        factories.order("SO-LAST", "C1", placed_at="2029-01-01T00:00:00Z")
        rest = b"".join(pieces)
    assert b"SO-2999" in first + rest and b"SO-LAST" in rest


def more(pattern: Order, count: int) -> None:
    """Copies of an order with a line each, past the inbox."""
    from datetime import timedelta

    columns = {
        field.attname: getattr(pattern, field.attname)
        for field in Order._meta.concrete_fields
        if not field.primary_key
    }
    orders = Order.objects.bulk_create(
        Order(
            **columns
            | {
                "ref": f"SO-{n}",
                "slug": f"SO-{n}",
                "number": f"SO-{n}",
                "placed_at": pattern.placed_at + timedelta(minutes=n),
            }
        )
        for n in range(1, count)
    )
    OrderLine.objects.bulk_create(
        OrderLine(order=order, position=0, ref="L1", number="1", kind="product", description="x")
        for order in orders
    )
