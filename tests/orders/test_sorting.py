"""The sorts of the order list: page by page, every order once and in its place."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oms_portal.customers.access import Actor, Grant
from oms_portal.customers.models import Company
from oms_portal.orders import sorting
from oms_portal.orders.models import Order
from oms_portal.orders.moments import Moment
from oms_portal.orders.queries import page_of
from oms_portal.orders.sorting import Sort, read_cursor, sort_of
from tests import factories, wire


pytestmark = pytest.mark.django_db

START = datetime(2026, 11, 1, tzinfo=UTC)
# A day, an instant on it, one a little later, the next day, none: few, so that many share them.
MOMENTS: list[Moment | None] = [
    START.date(),
    START,
    START.replace(microsecond=5),
    START.date() + timedelta(days=1),
    None,
]
PLACES = ["", "S1", "S2"]
NUMBERS = ["A", "a", "A.1", "10", "9", "Ä 7", "2026/17"]

an_order = st.fixed_dictionaries(
    {
        "company": st.integers(0, 2),
        "ship_to_ref": st.sampled_from(PLACES),
        "number": st.sampled_from(NUMBERS),
        "placed_at": st.sampled_from([START, START + timedelta(microseconds=1), START.min]),
        "due": st.sampled_from(MOMENTS),
        "archived_at": st.sampled_from([None, None, None, START]),
    }
)
a_grant = st.tuples(
    st.frozensets(st.integers(0, 2), min_size=1),
    st.none() | st.frozensets(st.sampled_from(PLACES)),
)


def store(companies: list[Company], rows: list[dict[str, Any]]) -> None:
    """Orders past the inbox, with these fields and nothing else of interest."""
    Order.objects.bulk_create(
        Order(
            **row
            | {"company": companies[row["company"]], "placed_at": _aware(row["placed_at"])}
            | {"ref": str(n), "slug": str(n), "currency": "EUR", "net": 0, "tax": 0, "gross": 0}
            | {"version": 1, "told_at": START, "status": "received"},
        )
        for n, row in enumerate(rows)
    )


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)


def in_order(sort: Sort, seen: list[Order]) -> list[str]:
    """The slugs as the sort puts them, by Python; numbers as the database compares texts."""
    ranks = {slug: n for n, slug in enumerate(_by_number())}
    keys: dict[Sort, Any] = {
        Sort.NEWEST: lambda order: (-_micros(order), -order.pk),
        Sort.OLDEST: lambda order: (_micros(order), order.pk),
        Sort.NUMBER: lambda order: ranks[order.slug],
        Sort.DUE: lambda order: (
            order.due is None,
            order.due.isoformat() if order.due else "",
            -_micros(order),
            -order.pk,
        ),
    }
    return [order.slug for order in sorted(seen, key=keys[sort])]


def _by_number() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT slug FROM oms_portal_order ORDER BY number, id")
        return [row[0] for row in cursor.fetchall()]


def _micros(order: Order) -> int:
    return (order.placed_at - START) // timedelta(microseconds=1)


def walked(actor: Actor, sort: Sort, size: int) -> list[str]:
    """All the slugs, read page by page."""
    page = page_of(actor, size, sort=sort)
    slugs = [row.slug for row in page.rows]
    while page.next:
        page = page_of(actor, size, page.next, sort)
        assert page.rows
        slugs += [row.slug for row in page.rows]
    return slugs


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rows=st.lists(an_order, max_size=14),
    grants=st.lists(a_grant, min_size=1, max_size=2),
    sort=st.sampled_from(Sort),
    size=st.integers(1, 5),
)
def test_the_pages_give_every_visible_order_once_and_in_order(
    rows: list[dict[str, Any]],
    grants: list[tuple[frozenset[int], frozenset[str] | None]],
    sort: Sort,
    size: int,
) -> None:
    with transaction.atomic():
        companies = [factories.company(f"C{n}") for n in range(3)]
        store(companies, rows)
        actor = Actor(
            1,
            tuple(
                Grant(companies[min(ids)].pk, "buyer", frozenset(companies[n].pk for n in ids), at)
                for ids, at in grants
            ),
        )
        seen = [
            order
            for order in Order.objects.filter(archived_at=None)
            if any(grant.covers(order.company_id, order.ship_to_ref) for grant in actor.grants)
        ]
        assert walked(actor, sort, size) == in_order(sort, seen)
        transaction.set_rollback(True)


def test_so_many_companies_that_they_are_read_at_once_keep_their_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("oms_portal.orders.paging.SIDE_BY_SIDE", 0)
    companies = [factories.company(f"C{n}") for n in range(3)]
    row = {"ship_to_ref": "", "number": "A", "placed_at": START}
    store(
        companies, [{**row, "company": n % 3, "due": MOMENTS[n % len(MOMENTS)]} for n in range(20)]
    )
    actor = Actor(1, (Grant(1, "buyer", frozenset(c.pk for c in companies), None),))
    for sort in Sort:
        assert walked(actor, sort, 3) == in_order(sort, list(Order.objects.all()))


def test_orders_that_are_due_come_first_by_their_day_then_all_others_newest_first() -> None:
    def due(day: str) -> list[dict[str, Any]]:
        return [wire.line(promises=[{"kind": "confirmed", "from": day}])]

    done = [wire.line(quantities={"shipped": "10", "delivered": "10"})]
    factories.order("LATER", lines=due("2026-12-24"))
    factories.order("SOON", lines=due("2026-11-30T08:00:00Z"))
    factories.order("SOONEST", lines=due("2026-11-30"))
    factories.order("OLD", lines=done, placed_at="2026-11-01T00:00:00Z")
    factories.order("NEW", lines=done, placed_at="2026-11-20T00:00:00Z")
    ids = frozenset(Company.objects.values_list("pk", flat=True))
    actor = Actor(1, (Grant(min(ids), "viewer", ids, None),))
    assert walked(actor, Sort.DUE, 2) == ["SOONEST", "SOON", "LATER", "NEW", "OLD"]


@pytest.mark.parametrize("several", [False, True])
@pytest.mark.parametrize("sort", Sort)
def test_each_page_is_one_query(sort: Sort, several: bool, django_assert_num_queries: Any) -> None:
    companies = [factories.company(f"C{n}") for n in range(2)]
    row = {"company": 0, "ship_to_ref": "", "number": "A", "placed_at": START}
    store(companies, [{**row, "due": due} for due in MOMENTS])
    ids = frozenset(company.pk for company in companies[: 1 + several])
    actor = Actor(1, (Grant(companies[0].pk, "buyer", ids, None),))
    before = ""
    for _ in range(2):
        with django_assert_num_queries(1):
            page = page_of(actor, 2, before, sort)
            assert [row.company for row in page.rows] == ["Company C0"] * 2
        before = page.next or ""


@pytest.mark.parametrize("sort", Sort)
def test_a_cursor_counts_in_its_own_sort_only(sort: Sort) -> None:
    order = factories.order("SO-1001")
    for other in Sort:
        cursor = sorting.write_cursor(other, order)
        assert (read_cursor(sort, cursor) is not None) == (sort == other)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "due",
        "due.1",
        "due.1.1",
        "due.1.1.2026-13-01",
        "due.1.1.x",
        "due.1." + "9" * 18 + ".",
        "due.٣.1.",
        "due." + "9" * 19 + ".1.",
        "number.1.1.\0",
        "number.1.1." + "x" * 101,
        "5.5",
    ],
)
def test_a_cursor_that_is_none_is_none(text: str) -> None:
    assert read_cursor(Sort.DUE, text) is None and read_cursor(Sort.NUMBER, text) is None


@pytest.mark.parametrize("text", ["", "x", "NEWEST", "due ", "due\0"])
def test_a_sort_nobody_knows_is_the_newest_first(text: str) -> None:
    assert sort_of(text) is Sort.NEWEST
