"""The sandbox ERP hears what the returns desk counted and decided, and makes good by itself."""

from __future__ import annotations

import time
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from example_site.sandbox_erp.lines import count
from example_site.sandbox_erp.running import Sandbox

from .test_sandbox_returns import (
    NUMBER,
    Post,
    Record,
    answers,
    counters,
    order,
    post,
    press,
    said,
    sandbox,
    told,
    wish,
)


__all__ = ["order", "post", "sandbox"]
pytestmark = pytest.mark.once


@pytest.fixture
def approved(sandbox: Sandbox, order: Record, post: Post) -> None:
    """Three belts at 27.75 for a credit, two pulleys at 34.10 for new ones."""
    asked = wish(order, "3", "2", expected={"fee": "5.00", "shipping": "6.90"})
    asked["lines"][1]["outcome"] = "replacement"
    post("return", asked)
    press(sandbox, "approve")


def receipt(*counted: str, version: int = 1, **more: Any) -> Record:
    lines = [
        {"ref": f"L{index}", "counted": quantity, "damaged": "0", "wrong": []}
        for index, quantity in enumerate(counted, 1)
    ]
    return {"number": NUMBER, "version": version, "lines": lines, "unexpected": [], **more}


def decision(*judged: tuple[str, str], version: int = 1, **more: Any) -> Record:
    lines = [
        {"ref": f"L{index}", "accepted": yes, "rejected": no, "disposition": "restock"}
        for index, (yes, no) in enumerate(judged, 1)
    ]
    outcomes = {"L1": "credit", "L2": "replacement"}
    told = {"number": NUMBER, "version": version, "lines": lines, "fee": "0", "currency": "EUR"}
    return {**told, "outcomes": outcomes, **more}


def settle(sandbox: Sandbox) -> None:
    sandbox.do({"verb": "settle"})


@pytest.mark.usefixtures("approved")
def test_a_count_is_taken_in_once_however_often_it_is_said(
    sandbox: Sandbox, order: Record, post: Post
) -> None:
    key = str(uuid4())
    first, second = (post("return_receipt", receipt("2", "3"), key) for _ in range(2))
    assert first == second and said(first)["outcome"] == "accepted"
    assert answers(sandbox)[-1] == (key, "applied")
    assert counters(sandbox) == [["2", "0", "0"], ["3", "0", "0"]]
    now = sandbox.erp.order(order["ref"])
    assert [count(line, "returned") for line in now["lines"]] == [2, 3]
    assert len(told(sandbox, "return.updated.v1")) == 1


@pytest.mark.usefixtures("approved")
def test_the_newest_count_holds_whichever_comes_last(
    sandbox: Sandbox, order: Record, post: Post
) -> None:
    post("return_receipt", receipt("3", "2", version=4))
    post("return_receipt", receipt("1", "0", version=3))
    assert counters(sandbox) == [["3", "0", "0"], ["2", "0", "0"]]
    assert answers(sandbox)[-1][1] == "applied"
    post("return_receipt", receipt("1", "0", version=5))
    assert counters(sandbox) == [["1", "0", "0"], ["0", "0", "0"]]
    now = sandbox.erp.order(order["ref"])
    assert [count(line, "returned") for line in now["lines"]] == [1, 0]


@pytest.mark.usefixtures("approved")
def test_what_came_instead_is_told_and_what_nobody_announced_is_kept(
    sandbox: Sandbox, post: Post
) -> None:
    strange = {"sku": "RS-BASL-40", "description": "Shaft seal", "quantity": "2"}
    counted = receipt("0", "2", unexpected=[strange])
    counted["lines"][0]["wrong"] = [{"sku": "VB-SPB-2240", "description": "", "quantity": "3"}]
    post("return_receipt", counted)
    lines = told(sandbox, "return.updated.v1")[-1]["lines"]
    assert [line["disposition"] for line in lines] == ["wrong_item", ""]
    assert sandbox.intake.clerk.all()[0]["unexpected"] == [strange]


@pytest.mark.usefixtures("approved")
def test_what_was_decided_is_credited_less_the_fee_and_replaced_after_a_while(
    sandbox: Sandbox, order: Record, post: Post
) -> None:
    sandbox.do({"verb": "return_pace", "seconds": 0.01})
    post("return_receipt", receipt("3", "2"))
    key = str(uuid4())
    post("return_decision", decision(("2", "1"), ("2", "0"), fee="4.50"), key)
    assert answers(sandbox)[-1] == (key, "applied")
    assert counters(sandbox) == [["3", "2", "1"], ["2", "2", "0"]]
    assert "credit_note" not in told(sandbox, "return.updated.v1")[-1]

    time.sleep(0.02)
    assert sandbox.intake.settle_due() == 1
    last = told(sandbox, "return.updated.v1")[-1]
    assert Decimal(last["credit_note"]["amount"]) == 2 * Decimal("27.75") - Decimal("11.40")
    made = sandbox.erp.order(last["replacement_order_ref"])
    assert [(x["sku"], x["quantities"]["ordered"]) for x in made["lines"]] == [("TP-HTD8-36", "2")]
    assert sandbox.intake.settle_due() == 0


@pytest.mark.usefixtures("approved")
def test_of_a_short_line_the_rest_does_not_come_unless_a_parcel_is_missing(
    sandbox: Sandbox, post: Post
) -> None:
    post("return_receipt", receipt("2", "2", missing_parcels=["R123456789020"]))
    post("return_decision", decision(("2", "0"), ("2", "0")))
    settle(sandbox)
    lines = told(sandbox, "return.updated.v1")[-1]["lines"]
    assert [line["disposition"] for line in lines] == ["restock", "restock"]

    first = told(sandbox, "return.updated.v1")[-1]
    post("return_receipt", receipt("2", "2", version=2, missing_parcels=[]))
    post("return_decision", decision(("2", "0"), ("2", "0"), version=2))
    settle(sandbox)
    last = told(sandbox, "return.updated.v1")[-1]
    assert [line["disposition"] for line in last["lines"]] == ["not_returned", "restock"]
    # Nothing is made good twice.
    assert Decimal(first["credit_note"]["amount"]) == Decimal("48.60")
    assert last["credit_note"] == first["credit_note"]
    assert last["replacement_order_ref"] == first["replacement_order_ref"]


@pytest.mark.usefixtures("approved")
def test_it_says_no_at_once_or_later_when_it_is_told_to(sandbox: Sandbox, post: Post) -> None:
    sandbox.do({"verb": "behave", "mode": "refuse", "count": 1, "code": "STOCKTAKING"})
    refused = post("return_receipt", receipt("3", "2"))
    assert (refused.status, said(refused)["code"]) == (422, "STOCKTAKING")
    assert told(sandbox, "return.updated.v1") == []

    sandbox.do({"verb": "behave", "mode": "accept_only", "count": 1, "then": "rejected"})
    key = str(uuid4())
    post("return_receipt", receipt("3", "2"), key)
    settle(sandbox)
    assert answers(sandbox)[-1] == (key, "rejected")
    assert told(sandbox, "return.updated.v1") == []

    sandbox.do({"verb": "behave", "mode": "accept_only", "count": 1})
    post("return_receipt", receipt("3", "2", version=2), key := str(uuid4()))
    assert told(sandbox, "return.updated.v1") == []
    settle(sandbox)
    assert answers(sandbox)[-1] == (key, "applied")
    assert counters(sandbox) == [["3", "0", "0"], ["2", "0", "0"]]


@pytest.mark.usefixtures("approved")
def test_it_looks_for_itself_what_can_be(sandbox: Sandbox, post: Post) -> None:
    assert said(post("return_decision", decision(("1", "0"))))["code"] == "NOT_COUNTED"
    assert said(post("return_receipt", receipt("1", version=0)))["code"] == "MALFORMED"
    assert said(post("return_receipt", receipt("many")))["code"] == "MALFORMED"
    assert said(post("return_receipt", receipt("1", "1", "1")))["code"] == "UNKNOWN_LINE"
    assert said(post("return_receipt", {**receipt("1"), "lines": 3}))["code"] == "MALFORMED"
    post("return_receipt", receipt("1", "0"))
    assert said(post("return_decision", decision(("2", "0"))))["code"] == "NOT_COUNTED"


def test_one_that_is_cancelled_is_not_counted_in_and_one_that_nobody_decided_is(
    sandbox: Sandbox, order: Record, post: Post
) -> None:
    key = str(uuid4())
    post("return", wish(order, "3"), key)
    post("return_receipt", receipt("3"))
    assert (key, "applied") in answers(sandbox)

    cancelled = {"number": "R9876543219"}
    post("return", wish(order, "2", **cancelled))
    post("return_cancel", cancelled)
    assert said(post("return_receipt", {**receipt("2"), **cancelled}))["code"] == "CANCELLED"
