"""Orders are found by any number on them, by whoever may see them, and written to cheaply."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from oms_portal.customers.access import Actor, Grant, actor_for
from oms_portal.customers.models import Company
from oms_portal.erp import schemas
from oms_portal.orders import search
from oms_portal.orders.extracts import SearchTerm
from oms_portal.orders.filters import Filters
from oms_portal.orders.models import Order
from oms_portal.orders.queries import named_exactly, page_of
from oms_portal.orders.sorting import Sort
from tests import factories, wire


NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def record(**changes: Any) -> schemas.Order:
    return schemas.Order.model_validate_json(json.dumps(wire.order(**changes)))


def viewer(ref: str = "C1", ship_tos: frozenset[str] | None = None) -> Actor:
    pk = Company.objects.get(ref=ref).pk
    return Actor(1, (Grant(pk, "viewer", frozenset({pk}), ship_tos),))


def found(words: str, actor: Actor | None = None, sort: Sort = Sort.NEWEST, size: int = 20) -> Any:
    page = page_of(actor or viewer(), size, "", sort, Filters(words=words), now=NOW)
    return [row.number for row in page.rows]


@pytest.mark.parametrize(
    ("typed", "term"),
    [
        ("SO-00048213", "so00048213"),
        (" so 00048213 ", "so00048213"),
        ("STRASSE straße", "strassestrasse"),
        ("\uff33\uff2f-1", "so1"),
        ("--- !", ""),
        ("طلب ٤٢", "طلب٤٢"),
    ],
)
def test_a_term_is_letters_and_digits_alone(typed: str, term: str) -> None:
    assert search.fold(typed) == term


def test_a_scanned_sscc_is_meant_without_its_sign() -> None:
    assert search.asked("(00)340123450000000018") == "340123450000000018"


def test_all_numbers_of_an_order_are_terms_and_its_digits_alone_too() -> None:
    package = {
        "sscc": "340123450000000018",
        "tracking_number": "T-9",
        "lines": [{"line_ref": "L1", "quantity": "1", "serials": ["SN-1"], "lot": "LOT 7"}],
    }
    paper = {
        "ref": "d",
        "kind": "invoice",
        "number": "INV-5",
        "issued_on": "2026-11-20",
        "media_type": "text/plain",
    }
    terms = search.terms_of(
        record(
            number="SO-00048213",
            lines=[wire.line(sku="AB-1", serials=["X/2"], lot="L-3", gtin="4006381333931")],
            shipments=[wire.shipment(number="DN-77", packages=[package])],
            documents=[paper],
        )
    )
    assert terms >= {"so00048213", "00048213", "48213", "po77", "77", "ab1", "x2", "l3"}
    assert terms >= {"4006381333931", "dn77", "340123450000000018", "t9", "sn1", "lot7", "inv5"}
    assert "" not in terms and {"~bbuyer", "~buyer"} <= terms


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed",
    ["SO-00048213", "so48213"[2:], "0004821", "po-77", "sku-l1", "t-100", "3401234500", "d-1"],
)
def test_one_box_finds_an_order_by_any_of_its_numbers(typed: str) -> None:
    factories.order("A", number="SO-00048213", shipments=[wire.shipment(number="D-1")])
    factories.order("B", number="X-9", customer_reference="Q", lines=[wire.line(sku="other")])
    assert found(typed) == ["SO-00048213"]


@pytest.mark.django_db
def test_the_beginning_is_enough_from_three_signs_on() -> None:
    factories.order("A", number="SO-7001")
    assert found("so7") == ["SO-7001"] and found("so") == [] and found("77") == ["SO-7001"]
    assert found("001") == [] and found("!!") == [] and found("%") == [] and found("so_") == []


@pytest.mark.django_db
@pytest.mark.parametrize("few", [2000, 0])
def test_search_pages_in_every_sort_however_it_is_sought(
    monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(search, "FEW", few)
    for n in range(7):
        factories.order(f"SO-{n}", placed_at=f"2026-11-1{n}T08:00:00Z")
    factories.order("SO-X", lines=[wire.line(sku="other")])
    for sort in Sort:
        page = page_of(viewer(), 3, "", sort, Filters(words="SKU-L1"), now=NOW)
        numbers = [row.number for row in page.rows]
        while page.next:
            page = page_of(viewer(), 3, page.next, sort, Filters(words="SKU-L1"), now=NOW)
            numbers += [row.number for row in page.rows]
        every = page_of(viewer(), 50, "", sort, now=NOW).rows
        assert numbers == [row.number for row in every if row.number != "SO-X"], sort


@pytest.mark.django_db
@pytest.mark.parametrize("few", [2000, 0])
def test_nobody_finds_what_they_may_not_see(monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    monkeypatch.setattr(search, "FEW", few)
    factories.order("SO-1", ship_to_ref="S1")
    factories.order("SO-2", ship_to_ref="S2")
    factories.order("SO-3", "C2")
    assert found("SKU-L1", viewer(ship_tos=frozenset({"S1"}))) == ["SO-1"]
    assert found("SO-2", viewer(ship_tos=frozenset({"S1"}))) == []
    assert found("SKU-L1", viewer("C2")) == ["SO-3"]
    assert found("SO-1", viewer("C2")) == [] and named_exactly(viewer("C2"), "SO-1") is None
    assert named_exactly(viewer(ship_tos=frozenset({"S1"})), "SKU-L1") == "SO-1"


@pytest.mark.django_db
def test_one_order_that_bears_exactly_that_is_named() -> None:
    factories.order("SO-100")
    factories.order("SO-1001", customer_reference="Else")
    assert named_exactly(viewer(), "so 100") == "SO-100"
    assert named_exactly(viewer(), "SKU-L1") is None and named_exactly(viewer(), "zzz") is None


@pytest.mark.django_db
def test_people_are_found_by_their_own_filter_alone() -> None:
    factories.order("SO-1", placed_by="Anna Möller")
    factories.order("SO-2", placed_by="B. Buyer")
    by = page_of(viewer(), 9, "", Sort.NEWEST, Filters(placed_by="möl"), now=NOW)
    assert [row.number for row in by.rows] == ["SO-1"]
    assert found("moller") == [] and found("möller") == [] and found("~anna") == []


def statements(version: int, **changes: Any) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        factories.order("SO-1", version=version, **changes)
    return [q["sql"] for q in captured if "oms_portal_searchterm" in q["sql"]]


@pytest.mark.django_db
def test_terms_are_written_when_they_change_and_never_else() -> None:
    (insert,) = statements(1)
    assert "times: INSERT INTO" in insert
    before = set(SearchTerm.objects.values_list("pk", flat=True))
    assert statements(2, on_hold=True) == []
    assert len(statements(3, customer_reference="PO-78")) == 3
    terms = set(SearchTerm.objects.values_list("term", flat=True))
    assert "po78" in terms and "po77" not in terms
    assert len(before & set(SearchTerm.objects.values_list("pk", flat=True))) == len(before) - 2


@pytest.mark.django_db
def test_an_order_that_changes_hands_is_found_by_the_new_ones_alone() -> None:
    factories.order("SO-1", "C1")
    factories.company("C2")
    factories.order("SO-1", "C2", version=2)
    assert found("SO-1", viewer("C1")) == [] and found("SO-1", viewer("C2")) == ["SO-1"]
    assert {row.company.ref for row in SearchTerm.objects.select_related("company")} == {"C2"}
    Order.objects.update(archived_at=NOW)
    assert found("SO-1", viewer("C2")) == []


@pytest.mark.django_db
def test_searching_takes_two_queries_that_an_index_leads() -> None:
    factories.order("SO-1")
    actor = actor_for(factories.person(company=Company.objects.get(ref="C1")))
    with CaptureQueriesContext(connection) as captured:
        assert found("SO-1", actor) == ["SO-1"]
    assert len(captured) == 2
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for query in captured:
                cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
                plan = " ".join(str(row[3]) for row in cursor.fetchall())
                assert "oms_term_company (company_id=? AND term>? AND term<?)" in plan
                assert "SCAN oms_portal" not in plan
