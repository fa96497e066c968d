"""Counters, status and dates of an order from its lines. No database."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oms_portal.erp.schemas import Quantities
from oms_portal.orders.promises import Term
from oms_portal.orders.rollup import (
    COUNTERS,
    Counters,
    counters,
    due_of,
    is_late,
    promised_of,
    status_of,
)


def shown(**told: int) -> Counters:
    return counters(Quantities(**{name: str(value) for name, value in told.items()}))


@given(st.fixed_dictionaries({name: st.integers(-20, 20) for name in COUNTERS}))
def test_whatever_is_told_the_shown_counters_add_up(told: dict[str, int]) -> None:
    line = shown(**told)
    assert all(getattr(line, name) >= 0 for name in COUNTERS)
    assert line.cancelled <= line.ordered
    assert line.shipped <= line.ordered - line.cancelled
    assert line.returned <= line.delivered <= line.shipped
    assert line.backordered <= line.wanted - line.shipped
    as_told = {name: Decimal(value) for name, value in told.items()}
    assert bool(line.contradictions) == ({n: asdict(line)[n] for n in COUNTERS} != as_told)


def test_contradictions_are_named() -> None:
    line = shown(ordered=10, cancelled=-1, shipped=4, delivered=5)
    assert line.contradictions == ("negative_cancelled", "delivered_over_shipped")
    assert line.delivered == 4


FULL = {"ordered": 10, "confirmed": 10, "shipped": 10, "delivered": 10}


@pytest.mark.parametrize(
    ("lines", "also", "status"),
    [
        ([{"ordered": 10}], {}, "received"),
        ([{"ordered": 10, "confirmed": 10}], {}, "confirmed"),
        ([{"ordered": 10, "confirmed": 10}], {"shipments": ["planned"]}, "confirmed"),
        ([{"ordered": 10, "confirmed": 10}], {"shipments": ["unknown"]}, "confirmed"),
        ([{"ordered": 10, "allocated": 1}], {}, "processing"),
        ([{"ordered": 10}], {"shipments": ["picking"]}, "processing"),
        ([{"ordered": 10, "shipped": 4}], {}, "partially_shipped"),
        ([{"ordered": 10, "shipped": 10}, {"ordered": 1}], {}, "partially_shipped"),
        ([{"ordered": 10, "shipped": 10}], {}, "shipped"),
        ([{"ordered": 10, "cancelled": 4, "shipped": 6}], {}, "shipped"),
        ([{"ordered": 10, "shipped": 10, "delivered": 4}], {}, "partially_delivered"),
        ([FULL, {"ordered": 5}], {}, "partially_delivered"),
        ([FULL], {}, "delivered"),
        ([FULL, {"ordered": 5, "cancelled": 5}], {}, "delivered"),
        ([FULL], {"invoiced": True}, "closed"),
        ([{"ordered": 10, "shipped": 10}], {"invoiced": True}, "shipped"),
        ([{"ordered": 10, "cancelled": 10}], {}, "cancelled"),
        ([FULL], {"on_hold": True}, "on_hold"),
        ([], {}, "received"),
        ([], {"invoiced": True}, "closed"),
        ([{"ordered": 0}], {}, "received"),
    ],
)
def test_the_status_follows_the_units(
    lines: list[dict[str, int]], also: dict[str, Any], status: str
) -> None:
    given = {"shipments": [], "on_hold": False, "invoiced": False, **also}
    assert status_of([shown(**line) for line in lines], **given) == status


def term(day: int, quantity: int | None = None, kind: str = "confirmed") -> Term:
    return Term(kind, date(2026, 11, day), None, None if quantity is None else Decimal(quantity))


def test_what_is_due_next_and_when_the_last_comes() -> None:
    split = (term(26, 4), term(28, 6), term(20, kind="requested"))
    lines = [(shown(ordered=10, shipped=4, delivered=4), split), (shown(ordered=1), (term(27),))]
    assert due_of(lines) == date(2026, 11, 27)
    assert promised_of(lines) == date(2026, 11, 28)


def test_nothing_is_due_once_all_is_delivered_or_cancelled() -> None:
    lines = [(shown(**FULL), (term(26),)), (shown(ordered=1, cancelled=1), (term(26),))]
    assert (due_of(lines), promised_of(lines)) == (None, None)


def test_an_estimate_counts_where_nothing_is_confirmed() -> None:
    assert due_of([(shown(ordered=1), (term(25, kind="estimated"),))]) == date(2026, 11, 25)
    both = (term(25, kind="estimated"), term(27))
    assert due_of([(shown(ordered=1), both)]) == date(2026, 11, 27)


def test_a_day_is_kept_until_it_is_over_at_the_customer_s() -> None:
    zone = ZoneInfo("America/New_York")
    day = date(2026, 11, 26)
    assert not is_late(day, datetime(2026, 11, 27, 4, 0, tzinfo=UTC), zone)
    assert is_late(day, datetime(2026, 11, 27, 5, 0, tzinfo=UTC), zone)
    assert not is_late(None, datetime(2026, 11, 27, 5, 0, tzinfo=UTC), zone)
    assert is_late(
        datetime(2026, 11, 26, 12, tzinfo=UTC), datetime(2026, 11, 26, 13, tzinfo=UTC), zone
    )
