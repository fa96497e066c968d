"""The papers of many orders: who sees which, in what order, led by an index."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from oms_portal.customers.access import Actor, actor_for
from oms_portal.orders.models import Document, Order
from oms_portal.orders.papers import papers_of, read_cursor
from tests import factories


pytestmark = pytest.mark.django_db


def actor(*refs: str) -> Actor:
    user = factories.person("reader@example.com")
    for ref in refs:
        factories.member(user, factories.company(ref))
    return actor_for(user)


def fill(ref: str, count: int) -> None:
    """So many papers, two of a day, the highest number newest."""
    order: Order = factories.order(f"SO-{ref}", ref)
    Document.objects.bulk_create(
        Document(
            order=order,
            company_id=order.company_id,
            ship_to_ref=order.ship_to_ref,
            position=n,
            ref=f"{ref}-{n}",
            kind="invoice" if n % 2 else "delivery_note",
            number=f"{ref}-{n:05d}",
            issued_on=date(2020, 1, 1) + timedelta(days=n // 2),
            media_type="application/pdf",
        )
        for n in range(count)
    )


def walk(who: Actor, size: int, **asked: str) -> list[str]:
    found, before = [], ""
    while True:
        page = papers_of(who, size, before, **asked)
        found += [row.paper.number for row in page.rows]
        if not page.next:
            return found
        before = page.next


def test_papers_of_several_companies_are_gone_through_once_newest_first() -> None:
    fill("C1", 31)
    fill("C2", 17)
    fill("C3", 5)
    found = walk(actor("C1", "C2"), 7)
    stored = Document.objects.exclude(company__ref="C3").order_by("-issued_on", "-pk")
    assert found == list(stored.values_list("number", flat=True))


def test_a_kind_is_paged_by_itself() -> None:
    fill("C1", 21)
    assert len(walk(actor("C1"), 4, kind="invoice")) == 10


@pytest.mark.parametrize("text", ["", "~", "x~1", "2020-01-01~x", "2020-01-01", "~" * 50, "9~9~9"])
def test_a_cursor_that_is_none_is_the_first_page(text: str) -> None:
    assert read_cursor(text) is None
    fill("C1", 3)
    assert len(papers_of(actor("C1"), 5, text).rows) == 3


@pytest.mark.parametrize("asked", [{}, {"kind": "invoice"}])
def test_a_page_is_led_by_an_index_and_sorts_nothing(asked: dict[str, str]) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL plans by the figures of a table")
    fill("C1", 600)
    who = actor("C1")
    first = papers_of(who, 20, **asked)
    for before in ("", first.next):
        with CaptureQueriesContext(connection) as asked_for:
            papers_of(who, 20, before, **asked)
        (query,) = asked_for.captured_queries
        plan = explained(query["sql"])
        assert "oms_paper_" in plan and "SCAN oms_portal_document" not in plan, plan


def explained(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        rows: list[Any] = cursor.fetchall()
    return "\n".join(str(row[-1]) for row in rows)
