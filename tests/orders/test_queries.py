"""What is read of orders: by whom, in how many queries, and what it says."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from oms_portal.customers.access import STRANGER, Actor, Grant
from oms_portal.customers.models import Company
from oms_portal.orders.detail import OrderDetail
from oms_portal.orders.models import Order
from oms_portal.orders.moments import zone_of
from oms_portal.orders.queries import detail_of, order_of, page_of
from tests import factories, wire


pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def viewer(*refs: str, ship_tos: frozenset[str] | None = None) -> Actor:
    ids = frozenset(Company.objects.filter(ref__in=refs or ["C1"]).values_list("pk", flat=True))
    return Actor(1, (Grant(min(ids), "viewer", ids, ship_tos),))


def detail(ref: str = "SO-1001", now: datetime = NOW) -> OrderDetail:
    order = order_of(viewer(Order.objects.get(ref=ref).company.ref), ref)
    assert order is not None
    return detail_of(order, now)


def seed(count: int, same_time: bool = False) -> None:
    for n in range(count):
        placed = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(hours=0 if same_time else n)
        factories.order(f"O{n}", placed_at=placed.isoformat())


def turned(actor: Actor, size: int) -> list[str]:
    """All the numbers, read page by page."""
    page = page_of(actor, size, now=NOW)
    numbers = [row.number for row in page.rows]
    while page.next:
        page = page_of(actor, size, page.next, now=NOW)
        numbers += [row.number for row in page.rows]
    return numbers


@pytest.mark.parametrize("same_time", [False, True])
def test_pages_go_through_all_orders_once_newest_first(same_time: bool) -> None:
    seed(7, same_time)
    assert turned(viewer(), 3) == [f"O{n}" for n in reversed(range(7))]


def test_a_page_that_is_just_full_has_no_next() -> None:
    seed(3)
    assert page_of(viewer(), 3, now=NOW).next is None
    assert page_of(viewer(), 2, now=NOW).next is not None


@pytest.mark.parametrize(
    "cursor", ["x", "1", "1.x", "1.1.1", "٣.٣", "9" * 18 + ".1", "-", "nan.1", "1.1\0", "1.1\n"]
)
def test_a_cursor_that_is_none_gives_a_page_and_no_error(cursor: str) -> None:
    seed(1)
    assert len(page_of(viewer(), 3, cursor, now=NOW).rows) <= 1


def test_a_page_is_one_query_with_all_that_its_rows_show(
    django_assert_num_queries: Any,
) -> None:
    seed(4)
    factories.order(
        "NEW",
        placed_at="2026-11-15T00:00:00Z",
        lines=[
            wire.line("L1", quantities={"shipped": "10", "delivered": "10"}),
            wire.line("L2", quantities={"backordered": "2"}),
            wire.line("L3", kind="comment"),
        ],
        shipments=[
            wire.shipment("D1", "delivered"),
            wire.shipment("D2", "picking"),
            wire.shipment("D3", "cancelled"),
        ],
    )
    actor = viewer()
    with django_assert_num_queries(1):
        page = page_of(actor, 3, now=NOW)
        row = page.rows[0]
        assert (row.number, row.customer_reference, row.company) == ("NEW", "PO-77", "Company C1")
        assert (row.ship_to_name, row.ship_to_city) == ("Nordwerk plant 1", "Hamburg")
        assert (row.status, row.items, row.promise) == (
            "partially_delivered",
            2,
            date(2026, 11, 26),
        )
        assert (row.shipments_delivered, row.shipments_total) == (1, 2)
        assert row.flags == ("backordered",)


def test_an_order_is_late_once_its_day_is_over_at_the_customer_s() -> None:
    factories.customer("C1", time_zone="America/New_York")
    factories.order()
    day_after = datetime(2026, 11, 27, tzinfo=UTC)
    late = [
        page_of(viewer(), 1, now=day_after + timedelta(hours=hours)).rows[0].late
        for hours in (4, 6)
    ]
    assert late == [False, True]


def test_a_time_zone_nobody_knows_does_no_harm() -> None:
    factories.customer("C1", time_zone="../../etc/passwd")
    factories.order()
    assert page_of(viewer(), 1, now=NOW).rows[0].number == "SO-1001"


def test_nobody_sees_an_order_of_another_company_or_place() -> None:
    factories.order("A", "C1")
    factories.order("B", "C2", ship_to_ref="S2")
    assert [row.number for row in page_of(viewer("C1"), 9, now=NOW).rows] == ["A"]
    assert order_of(viewer("C1"), "B") is None
    assert order_of(viewer("C2", ship_tos=frozenset({"S1"})), "B") is None
    assert order_of(viewer("C2", ship_tos=frozenset({"S2"})), "B") is not None
    assert page_of(STRANGER, 9, now=NOW).rows == ()
    assert order_of(viewer("C1"), "A\0") is None


def test_the_detail_is_a_bounded_number_of_queries(django_assert_max_num_queries: Any) -> None:
    for n in (1, 15):
        refs = [f"L{i}" for i in range(n)]
        numbers = [f"T{n}-{ref}" for ref in refs]
        packages = [
            {"tracking_number": number, "lines": [{"line_ref": ref, "quantity": "1"}]}
            for number, ref in zip(numbers, refs, strict=True)
        ]
        factories.order(
            f"O{n}",
            lines=[wire.line(ref) for ref in refs],
            shipments=[wire.shipment(packages=packages)],
        )
        for number in numbers:
            factories.deliver("tracking", wire.tracking(tracking_number=number))
        order = order_of(viewer(), f"O{n}")
        assert order is not None
        with django_assert_max_num_queries(10):
            found = detail_of(order, NOW)
        assert len(found.shipments[0].packages) == n
        assert [entry.kind for entry in found.timeline].count("scan") == n


def test_a_line_shows_what_was_asked_what_is_promised_and_how_that_moved() -> None:
    factories.order()
    moved = [
        {"kind": "requested", "from": "2026-11-25"},
        {"kind": "confirmed", "from": "2026-11-30T10:00:00Z", "to": "2026-11-30T12:00:00Z"},
    ]
    lines = [wire.line(promises=moved, quantities={"backordered": "3"})]
    factories.order(version=2, lines=lines)
    (line,) = detail().lines
    assert [term.starts for term in line.terms if term.kind == "requested"] == [date(2026, 11, 25)]
    assert line.promise is not None
    assert line.promise.last == datetime(2026, 11, 30, 12, tzinfo=UTC)
    assert line.first is not None and line.first.starts == date(2026, 11, 26)
    assert (line.days_late, line.reason) == (4, "backorder")
    assert (line.counters.ordered, line.counters.backordered) == (10, 3)


def test_a_shipment_shows_its_parcels_their_lines_links_and_scans() -> None:
    evil = "https://dhl.com@evil.example/"
    package = {
        "tracking_number": "T100",
        "tracking_url": evil,
        "lines": [{"line_ref": "L1", "quantity": "4", "lot": "X7"}],
    }
    factories.order(shipments=[wire.shipment(packages=[package])])
    told = [
        wire.scan("a", "in_transit", occurred_at="2026-11-20T18:00:00Z"),
        wire.scan("b", "exception.address", occurred_at="2026-11-21T09:00:00Z", place="Kiel"),
    ]
    factories.deliver("tracking", wire.tracking(*told))
    found = detail()
    (parcel,) = found.shipments[0].packages
    assert parcel.link == "https://www.dhl.com/track?id=T100"
    assert parcel.lines[0].quantity == Decimal(4)
    assert (parcel.lines[0].sku, parcel.lines[0].lot) == ("SKU-L1", "X7")
    assert (parcel.status, parcel.detail) == ("exception", "address")
    assert [scan.place for scan in parcel.scans] == ["Kiel", "Hannover"]
    (problem,) = found.problems
    assert (problem.reason, problem.tracking_number, problem.place) == ("address", "T100", "Kiel")
    assert found.summary.flags == ("exception",)


def test_the_timeline_holds_facts_and_scans_newest_first_with_their_sources() -> None:
    factories.order(shipments=[wire.shipment()])
    carrier = factories.source("carrier", name="Carrier feed")
    factories.deliver("tracking", wire.tracking(), sender=carrier)
    timeline = detail().timeline
    assert [(entry.kind, entry.source) for entry in timeline] == [
        ("scan", "Carrier feed"),
        ("shipment_dispatched", "ERP main"),
        ("confirmed", "ERP main"),
        ("placed", "ERP main"),
    ]
    assert timeline[-1].data["by"] == "B. Buyer"
    assert timeline == tuple(sorted(timeline, key=lambda entry: entry.at, reverse=True))


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Honolulu"])
def test_the_ends_of_the_calendar_can_be_shown_anywhere(moment: str, zone: str) -> None:
    factories.customer("C1", time_zone=zone)
    promises = [{"kind": "confirmed", "from": moment}, {"kind": "requested", "from": moment[:10]}]
    factories.order(
        placed_at=moment,
        lines=[wire.line(promises=promises)],
        shipments=[wire.shipment(shipped_at=moment)],
    )
    factories.deliver("tracking", wire.tracking(wire.scan(occurred_at=moment)))
    found = detail()
    for entry in found.timeline:
        assert entry.at.astimezone(zone_of(zone)).year in (1, 9999, 2026)
    assert found.summary.late == moment.startswith("0001")
    page = page_of(viewer(), 1, now=NOW)
    assert page.rows[0].placed_at.astimezone(zone_of(zone)).year in (1, 9999)
