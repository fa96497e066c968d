"""What the customer is told before a change is sent."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from oms_portal.changes.impact import Impact, impact_of, read_all
from oms_portal.changes.models import Aspect
from oms_portal.changes.standing import Part
from oms_portal.changes.wishes import Scope, Wish

from .standings import part, standing


ADDRESS = {"address": {"city": "Bremen"}}


def told(parts: list[Part], requested: Any = ADDRESS, **scope: Any) -> list[dict[str, Any]]:
    return [one.data() for one in impact_of(standing(*parts), Wish(requested, **scope))]


def cancel(**counts: str) -> dict[str, Any]:
    return {"cancel": [{"line_ref": ref, "quantity": count} for ref, count in counts.items()]}


def test_what_is_done_as_asked_has_nothing_to_tell() -> None:
    assert told([part("D1"), part("D2"), part()]) == []


def test_each_delivery_that_is_too_late_is_named_with_its_reason() -> None:
    parts = [
        part("D1", closed="packed"),
        part("D2"),
        part("D3", closed="past", limit={"words": "!"}),
    ]
    assert told(parts) == [
        {"kind": "excluded", "thread": "t-D1", "number": "D1", "reason": "packed"},
        {"kind": "excluded", "thread": "t-D3", "number": "D3", "reason": "past", "words": "!"},
        {"kind": "split", "aspect": "address"},
    ]


def test_a_delivery_that_came_long_ago_is_no_news_and_does_not_split_an_order() -> None:
    assert told([part("D1", closed="delivered"), part("D2")]) == []


def test_one_of_two_deliveries_alone_goes_elsewhere() -> None:
    scope: Any = {"scope": Scope.SHIPMENT, "thread": "t-D1"}
    both = {**ADDRESS, "requested": {"from": "2026-12-01"}}
    assert told([part("D1"), part("D2")], both, **scope) == [
        {"kind": "split", "aspect": "address"},
        {"kind": "split", "aspect": "date"},
    ]
    assert told([part("D1"), part("D2")], {"contact": "Anna"}, **scope) == []
    assert told([part("D1")], **scope) == []


@pytest.mark.parametrize(
    ("lines", "split"),
    [
        ([{"ref": "L1"}, {"ref": "L2"}], False),
        ([{"ref": "L1"}], True),
        ([{"ref": "L1", "quantity": "9"}, {"ref": "L2"}], True),
        ([{"ref": "L1", "quantity": "10"}, {"ref": "L2"}], False),
    ],
)
def test_some_items_of_a_delivery_go_elsewhere(lines: Any, split: bool) -> None:
    parts = [part("D1", lines={"L1": Decimal(10), "L2": Decimal(1)})]
    found = told(parts, scope=Scope.LINES, lines=tuple(lines))
    assert found == ([{"kind": "split", "aspect": "address"}] if split else [])


def test_fees_add_up_over_deliveries_and_days_do_not() -> None:
    def costs(fee: str, currency: str = "EUR", later: int = 0) -> dict[str, Any]:
        return {"fee": Decimal(fee), "fee_currency": currency, "later": later}

    parts = [
        part("D1", limit=costs("15.00", later=1)),
        part("D2", limit=costs("5.50", later=3)),
        part("D3", limit=costs("2", "USD")),
        part("D4", closed="dispatched", limit=costs("99", later=9)),
    ]
    assert told(parts)[2:] == [
        {"kind": "fee", "amount": "20.50", "currency": "EUR"},
        {"kind": "fee", "amount": "2", "currency": "USD"},
        {"kind": "later", "days": 3},
    ]
    # Two respects of one delivery are one change of it.
    both = {**ADDRESS, "instructions": "Ring twice."}
    assert told(parts[:1], both) == [
        {"kind": "fee", "amount": "15.00", "currency": "EUR"},
        {"kind": "later", "days": 1},
    ]


def test_to_cancel_all_that_is_left_is_said() -> None:
    arrived = part("D0", closed="delivered", lines={"L0": Decimal(1)})
    parts = [arrived, part("D1"), part(lines={"L2": Decimal("1.5")})]
    assert told(parts, cancel(L1="10", L2="1.5")) == [{"kind": "whole"}]
    assert told(parts, cancel(L1="10", L2="1")) == []
    assert told(parts, cancel(L1="10")) == []


def test_to_cancel_an_item_tells_of_its_deliveries_only() -> None:
    dear = {"fee": Decimal(5), "fee_currency": "EUR"}
    parts = [
        part("D1", closed="packed"),
        part("D2", closed="packed", lines={"L2": Decimal(1)}),
        part("D3", lines={"L2": Decimal(1)}, limit=dear),
        part(),
    ]
    assert told(parts, cancel(L1="10")) == [
        {"kind": "excluded", "thread": "t-D1", "number": "D1", "reason": "packed"}
    ]


def test_what_the_erp_does_not_take_is_left_out_with_that_reason() -> None:
    order = standing(part("D1"), aspects=frozenset({Aspect.DATE}))
    found = impact_of(order, Wish(ADDRESS))
    assert [one.reason for one in found] == ["not_offered"]
    assert found[0].why == "This can’t be changed online."


def test_it_is_kept_as_json_and_read_again() -> None:
    parts = [part("D1", closed="packed"), part("D2", limit={"later": 2, "fee": Decimal("1.5")})]
    found = impact_of(standing(*parts), Wish(ADDRESS))
    kept = json.loads(json.dumps([one.data() for one in found]))
    assert read_all([{"kind": "suggestion", "id": "x"}, *kept]) == found
    assert Impact.of(kept[0] | {"later": "more"}).why == "It has already been packed."
