"""What a list is narrowed to: any query is read, and only what one may see comes out."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oms_portal.customers.access import Actor, actor_for
from oms_portal.customers.models import Address, Company
from oms_portal.orders.filters import Filters, Scope
from oms_portal.orders.models import Order
from oms_portal.orders.queries import page_of
from oms_portal.orders.sorting import Sort
from tests import factories, wire


NOW = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
NAMES = ("q", "scope", "status", "from", "to", "ship_to", "customer", "by")


def shown(actor: Actor, **query: str) -> set[str]:
    page = page_of(actor, 50, "", Sort.NUMBER, Filters.read(query), now=NOW)
    return {row.number for row in page.rows}


@pytest.fixture
def reader(db: None) -> Actor:
    """At a company in Berlin with two places, and a subsidiary in Auckland."""
    places = [wire.address("S1"), wire.address("S2", name="Plant 2")]
    top = factories.customer("C1", addresses=places)
    factories.customer("C2", parent_ref="C1", time_zone="Pacific/Auckland")
    return actor_for(factories.person(company=top, include_subsidiaries=True))


def promised(moment: str) -> list[dict[str, Any]]:
    return [wire.line(promises=[{"kind": "confirmed", "from": moment}])]


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES), st.text(max_size=40)))
def test_any_query_is_read_and_comes_back_the_same(query: dict[str, str]) -> None:
    filters = Filters.read(query)
    assert Filters.read(filters.params) == filters


def test_what_is_not_asked_is_not_in_the_query() -> None:
    assert Filters.read({"q": "  ", "status": "x,,", "from": "2026-13-01"}).params == {}
    assert not Filters() and Filters(words="x")
    query = {"q": "a b", "scope": "late", "status": "shipped,closed", "from": "2026-11-01"}
    assert Filters.read({**query, "q": " a  b\0"}).params == query


def test_scope_and_status_leave_what_stands_so(reader: Actor) -> None:
    all_of_it = {"ordered": "10", "shipped": "10", "delivered": "10"}
    sent = [wire.shipment(status="delivered", delivered_at="2026-11-20T10:00:00Z")]
    factories.order("OPEN", lines=wire.on_time())
    factories.order("DONE", lines=[wire.line(quantities=all_of_it)], shipments=sent)
    assert shown(reader, scope="open") == {"OPEN"}
    assert shown(reader, scope="delivered") == {"DONE"}
    assert shown(reader, status="delivered,confirmed") == {"OPEN", "DONE"}
    assert shown(reader, status="cancelled") == set() and shown(reader, status="nonsense") != set()
    Order.objects.filter(ref="DONE").update(arrived_at=datetime(2026, 9, 1, tzinfo=UTC))
    assert shown(reader, scope="delivered") == set()


def test_late_is_late_where_the_customer_is(reader: Actor) -> None:
    """At 23:30 UTC it is the 22nd in Berlin and in Auckland; a date ends with its day."""
    factories.order("DAY-20", lines=promised("2026-11-20"))
    factories.order("DAY-21", lines=promised("2026-11-21"))
    factories.order("DAY-22", lines=promised("2026-11-22"))
    factories.order("HOUR-23", lines=promised("2026-11-21T23:00:00Z"))
    factories.order("HOUR-24", lines=promised("2026-11-22T00:00:00Z"))
    late = shown(reader, scope="late")
    page = page_of(reader, 50, "", Sort.NUMBER, now=NOW)
    assert late == {row.number for row in page.rows if row.late} == {"DAY-20", "DAY-21", "HOUR-23"}


def test_days_begin_at_the_customers_midnight(reader: Actor) -> None:
    factories.order("BERLIN", placed_at="2026-11-10T23:30:00Z")
    factories.order("AUCKLAND", "C2", placed_at="2026-11-10T10:30:00Z")
    factories.order("EARLIER", "C2", placed_at="2026-11-10T23:30:00Z")
    assert shown(reader, **{"from": "2026-11-11"}) == {"BERLIN", "EARLIER"}
    assert shown(reader, to="2026-11-10") == {"AUCKLAND"}
    assert shown(reader, **{"from": "2026-11-11", "to": "2026-11-11"}) == {"BERLIN", "EARLIER"}
    assert Filters.read({"from": "0001-01-01", "to": "9999-12-31"}) == Filters()


def test_places_and_companies_are_those_one_may_see(reader: Actor) -> None:
    factories.order("ONE", ship_to_ref="S1")
    factories.order("TWO", ship_to_ref="S2")
    factories.order("BELOW", "C2")
    factories.order("OTHER", "C9")
    two = Address.objects.get(company__ref="C1", ref="S2").pk
    pks = {company.ref: str(company.pk) for company in Company.objects.all()}
    foreign = factories.address(Company.objects.get(ref="C9")).pk
    assert shown(reader, ship_to=str(two)) == {"TWO"}
    assert shown(reader, ship_to=f"{two},{foreign}") == {"TWO"}
    assert shown(reader, ship_to=str(foreign)) == shown(reader, ship_to="9" * 18) == set()
    assert shown(reader, customer=pks["C2"]) == {"BELOW"}
    assert shown(reader, customer=pks["C9"]) == set()
    limited = actor_for(
        factories.person(
            "one@c1.example",
            Company.objects.get(ref="C1"),
            ship_tos=[Address.objects.get(company__ref="C1", ref="S1")],
        )
    )
    assert shown(limited, ship_to=str(two)) == set()
    assert shown(limited, customer=f"{pks['C1']},{pks['C2']}") == {"ONE"}


def test_all_of_it_holds_at_once(reader: Actor) -> None:
    factories.order("SO-1", placed_by="Anna", lines=wire.on_time())
    factories.order("SO-2", placed_by="Berta", lines=wire.on_time())
    factories.order("XY-3", placed_by="Anna", lines=wire.on_time())
    assert shown(reader, q="SKU-L1", by="anna", scope="open", status="confirmed") == {
        "SO-1",
        "XY-3",
    }
    assert shown(reader, q="SO-1", by="berta") == set()
    assert Filters.read({"scope": "late"}).scope is Scope.LATE
    assert Filters.read({"from": "2026-11-01"}).placed_from == date(2026, 11, 1)
