"""The sandbox ERP plays its part in returns: decides, counts what comes, and makes good."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import pytest

from example_site.sandbox_erp.commands import Answer
from example_site.sandbox_erp.erp import Erp
from example_site.sandbox_erp.lines import count
from example_site.sandbox_erp.page import Page
from example_site.sandbox_erp.returns.codes import parcel_code
from example_site.sandbox_erp.running import Sandbox
from example_site.sandbox_erp.scene import Impossible
from example_site.sandbox_erp.store import Store
from oms_portal.erp import signatures
from oms_portal.erp.schemas import TYPES


pytestmark = pytest.mark.once
SECRETS = {"main": signatures.encode(b"m" * 32), "lyon": signatures.encode(b"l" * 32)}
NUMBER, EDITED = "R1234567897", "R9876543219"
Record = dict[str, Any]
Post = Callable[..., Answer]


@pytest.fixture
def sandbox(tmp_path: Path) -> Sandbox:
    """Nothing is approved by itself."""
    sandbox = Sandbox(Erp(Store(tmp_path / "erp.sqlite3"), Random(1)), [], secrets=SECRETS)
    sandbox.do({"verb": "return_pace", "seconds": 0})
    return sandbox


@pytest.fixture
def order(sandbox: Sandbox) -> Record:
    """Delivered: 12 belts at 27.75 and 4 pulleys at 34.10."""
    wanted = [("TB-HTD8-1200", 12), ("TP-HTD8-36", 4)]
    number = sandbox.erp.place("C-10001", wanted=wanted).order
    for verb in ("confirm", "ship", "deliver"):
        sandbox.erp.do(verb, number)
    return sandbox.erp.order(number)


@pytest.fixture
def post(sandbox: Sandbox, order: Record) -> Post:
    def send(kind: str, payload: Record, key: str = "", source: str = "main") -> Answer:
        key = key or str(uuid4())
        told = {"id": key, "kind": kind, "order": order["ref"], "payload": payload}
        body = json.dumps(told).encode()
        signed = signatures.sign(SECRETS[source], key, int(time.time()), body)
        return sandbox.intake.take({**signed, "idempotency-key": f'"{key}"'}, body)

    return send


def wish(order: Record, *quantities: str, **more: Any) -> Record:
    """So many of the first lines of the order's one delivery."""
    delivery = order["shipments"][0]["number"]
    lines = [
        {
            "ref": line["ref"],
            "order_ref": order["ref"],
            "line_ref": line["ref"],
            "delivery": delivery,
            "quantity": quantity,
            "unit": line["unit"],
            "sku": line["sku"],
            "reason": "too_many",
            "outcome": "credit",
        }
        for line, quantity in zip(order["lines"], quantities, strict=False)
    ]
    return {"number": NUMBER, "kind": "return", "method": "parcel_shop", "lines": lines, **more}


def said(answer: Answer) -> Any:
    return json.loads(answer.body)


def told(sandbox: Sandbox, type: str) -> list[Any]:
    """What events of this type said, the oldest first; each is one that the wire knows."""
    rows = sandbox.store.rows("SELECT body FROM event ORDER BY seq")
    kind, schema = TYPES[type]
    found = [e["data"][kind] for (body,) in rows if (e := json.loads(body))["type"] == type]
    for record in found:
        schema.model_validate(record)
    return found


def answers(sandbox: Sandbox) -> list[tuple[str, str]]:
    found = told(sandbox, "command.answered.v1")
    return [(answer["command_id"], answer["outcome"]) for answer in found]


def press(sandbox: Sandbox, verb: str, **more: Any) -> str:
    return sandbox.do({"verb": f"return_{verb}", "return": NUMBER, **more}).said


def counters(sandbox: Sandbox) -> list[list[str]]:
    lines = told(sandbox, "return.updated.v1")[-1]["lines"]
    return [[line["received"], line["accepted"], line["rejected"]] for line in lines]


def test_a_return_is_taken_once_however_often_it_is_said_and_approved_by_a_button(
    sandbox: Sandbox, order: Record, post: Post
) -> None:
    key = str(uuid4())
    first, second = (post("return", wish(order, "2"), key) for _ in range(2))
    assert first == second and said(first)["outcome"] == "accepted"
    assert answers(sandbox) == []
    assert said(first)["reference"] == sandbox.intake.clerk.all()[0]["ref"]
    assert sandbox.intake.book.list(order["ref"])[0]["effects"] == 1
    assert said(post("return", wish(order, "2")))["code"] == "KNOWN"

    assert "approved" in press(sandbox, "approve")
    assert answers(sandbox) == [(key, "applied")]
    with pytest.raises(Impossible):
        press(sandbox, "approve")


def test_what_nobody_decides_is_approved_after_a_while(
    sandbox: Sandbox, order: Record, post: Post
) -> None:
    sandbox.do({"verb": "return_pace", "seconds": 0.01})
    post("return", wish(order, "2"))
    time.sleep(0.02)
    assert sandbox.intake.settle_due() == 1
    assert [outcome for _, outcome in answers(sandbox)] == ["applied"]
    assert sandbox.intake.settle_due() == 0


def test_one_that_was_cancelled_comes_after_all_under_its_number(
    sandbox: Sandbox, order: Record, post: Post
) -> None:
    first = said(post("return", wish(order, "2")))
    post("return_cancel", {"number": NUMBER})
    again = said(post("return", wish(order, "1")))
    assert (again["outcome"], again["reference"]) == ("accepted", first["reference"])
    assert "approved" in press(sandbox, "approve")
    assert len(sandbox.intake.clerk.all()) == 1


def test_more_than_they_have_or_from_elsewhere_is_refused(order: Record, post: Post) -> None:
    assert said(post("return", wish(order, "13")))["code"] == "TOO_MUCH"
    assert said(post("return", wish(order, "0")))["code"] == "TOO_MUCH"
    assert said(post("return", wish(order)))["code"] == "NOTHING"
    assert said(post("return", wish(order, "many")))["code"] == "MALFORMED"
    assert said(post("return", {"number": NUMBER, "lines": [{}]}))["code"] == "MALFORMED"
    assert post("return", wish(order, "1"), source="lyon").status == 404
    assert post("return_cancel", {"number": NUMBER}).status == 404
    strange = wish(order, "1")
    strange["lines"][0]["line_ref"] = "L99"
    assert said(post("return", strange))["code"] == "UNKNOWN_LINE"


def test_a_question_is_answered_and_then_the_return_is_approved(
    sandbox: Sandbox, order: Record, post: Post
) -> None:
    key, reply = str(uuid4()), str(uuid4())
    post("return", wish(order, "2"), key)
    assert post("return_reply", {"number": NUMBER, "reply": "Line 4."}).status == 409
    press(sandbox, "ask", text="Which line?")
    asked = told(sandbox, "command.answered.v1")[-1]
    assert (asked["outcome"], asked["counter"]["text"]) == ("countered", "Which line?")

    assert post("return_reply", {"number": NUMBER, "reply": "Line 4."}, reply).status == 202
    assert sandbox.intake.clerk.all()[0]["reply"] == "Line 4."
    press(sandbox, "approve")
    assert answers(sandbox) == [(key, "countered"), (reply, "applied")]


def test_it_says_no_at_once_or_later_and_asks_by_itself_when_it_is_told_to(
    sandbox: Sandbox, order: Record, post: Post
) -> None:
    sandbox.do({"verb": "behave", "mode": "refuse", "count": 1, "code": "FINAL_SALE"})
    assert said(post("return", wish(order, "2")))["code"] == "FINAL_SALE"
    assert sandbox.intake.clerk.all() == []

    sandbox.do({"verb": "behave", "mode": "counter", "count": 1})
    post("return", wish(order, "2"))
    assert sandbox.intake.clerk.all()[0]["stage"] == "asked"
    press(sandbox, "decline", code="WORN", text="It was used.")
    last = told(sandbox, "command.answered.v1")[-1]
    assert (last["outcome"], last["code"], last["text"]) == ("rejected", "WORN", "It was used.")
    with pytest.raises(Impossible):
        press(sandbox, "receive")


def test_one_that_is_withdrawn_is_over_and_one_that_came_in_can_t_be(
    sandbox: Sandbox, order: Record, post: Post
) -> None:
    key, cancel = str(uuid4()), str(uuid4())
    post("return", wish(order, "2"), key)
    assert post("return_cancel", {"number": NUMBER}, cancel).status == 202
    assert post("return_cancel", {"number": NUMBER}, cancel).status == 202
    assert answers(sandbox) == [(key, "applied"), (cancel, "applied")]
    assert sandbox.do({"verb": "settle"}).said == "0 carried out"
    with pytest.raises(Impossible):
        press(sandbox, "approve")

    post("return", wish(order, "2", number=EDITED))
    press(sandbox, "receive", **{"return": EDITED})
    assert said(post("return_cancel", {"number": EDITED}))["code"] == "RECEIVED"


def test_an_edited_return_takes_the_place_of_the_old_one(
    sandbox: Sandbox, order: Record, post: Post
) -> None:
    post("return", wish(order, "2"))
    post("return", wish(order, "3", number=EDITED, replaces=NUMBER))
    assert [told["stage"] for told in sandbox.intake.clerk.all()] == ["requested", "cancelled"]


def test_goods_come_in_parts_and_are_counted_on_the_return_before_they_are_on_the_order(
    sandbox: Sandbox, order: Record, post: Post
) -> None:
    post("return", wish(order, "2", "1"))
    press(sandbox, "approve")
    press(sandbox, "receive_part")
    assert counters(sandbox) == [["1", "0", "0"], ["1", "0", "0"]]
    press(sandbox, "receive", lines={"L1": "1"})
    assert counters(sandbox)[0] == ["2", "0", "0"]
    last = [json.loads(body)["type"] for (body,) in sandbox.store.rows("SELECT body FROM event")]
    assert last[-2:] == ["return.updated.v1", "order.updated.v1"]
    now = sandbox.erp.order(order["ref"])
    assert [count(line, "returned") for line in now["lines"]] == [2, 1]
    with pytest.raises(Impossible):
        press(sandbox, "receive")
    press(sandbox, "receive_over")
    assert counters(sandbox)[0][0] == "3"


def test_goods_that_come_before_anybody_decided_are_a_yes(
    sandbox: Sandbox, order: Record, post: Post
) -> None:
    post("return", wish(order, "2"))
    press(sandbox, "receive")
    assert [outcome for _, outcome in answers(sandbox)] == ["applied"]


def test_what_is_not_what_was_announced_is_not_counted(
    sandbox: Sandbox, order: Record, post: Post
) -> None:
    post("return", wish(order, "2"))
    press(sandbox, "receive_wrong")
    line = told(sandbox, "return.updated.v1")[-1]["lines"][0]
    assert (line["received"], line["disposition"]) == ("0", "wrong_item")


def test_a_credit_note_is_over_what_was_accepted_less_the_fees(
    sandbox: Sandbox, order: Record, post: Post
) -> None:
    expected = {"credit": "89.60", "fee": "5.00", "shipping": "0", "total": "84.60"}
    post("return", wish(order, "2", "1", expected=expected))
    press(sandbox, "receive")
    press(sandbox, "reject", lines={"L1": "1"})
    assert counters(sandbox) == [["2", "1", "1"], ["1", "1", "0"]]
    press(sandbox, "credit")
    note = told(sandbox, "return.updated.v1")[-1]["credit_note"]
    assert Decimal(note["amount"]) == Decimal("27.75") + Decimal("34.10") - 5
    assert note["currency"] == "EUR"
    papers = told(sandbox, "order.updated.v1")[-1]["documents"]
    assert note["number"] in [p["number"] for p in papers if p["kind"] == "credit_note"]
    with pytest.raises(Impossible):
        press(sandbox, "credit")


def test_of_a_claim_nothing_comes_and_a_replacement_is_an_order_of_its_own(
    sandbox: Sandbox, order: Record, post: Post
) -> None:
    claim = wish(order, "2", kind="claim", method="nothing")
    claim["lines"][0] |= {"claim": "short", "outcome": "replacement"}
    post("return", claim)
    press(sandbox, "approve")
    with pytest.raises(Impossible):
        press(sandbox, "receive")
    press(sandbox, "accept")
    assert counters(sandbox) == [["0", "2", "0"]]
    press(sandbox, "replace")
    ref = told(sandbox, "return.updated.v1")[-1]["replacement_order_ref"]
    made = sandbox.erp.order(ref)
    assert [(x["sku"], x["quantities"]["ordered"]) for x in made["lines"]] == [
        ("TB-HTD8-1200", "2")
    ]
    assert made["ship_to_ref"] == order["ship_to_ref"]


def test_a_delivery_is_corrected_downward_after_the_return_was_made(
    sandbox: Sandbox, order: Record, post: Post
) -> None:
    post("return", wish(order, "12"))
    press(sandbox, "correct")
    now = told(sandbox, "order.updated.v1")[-1]
    quantities = now["lines"][0]["quantities"]
    assert (quantities["shipped"], quantities["delivered"]) == ("11", "11")
    held = [part for package in now["shipments"][0]["packages"] for part in package["lines"]]
    assert {part["line_ref"]: part["quantity"] for part in held} == {"L1": "11", "L2": "4"}
    sandbox.do({"verb": "correct_shipped", "order": order["ref"]})
    sandbox.do({"verb": "take_back", "order": order["ref"]})
    line = sandbox.erp.order(order["ref"])["lines"][0]
    assert (count(line, "delivered"), count(line, "returned")) == (10, 1)


def test_the_hub_scans_the_parcel_of_a_return(sandbox: Sandbox, order: Record, post: Post) -> None:
    post("return", wish(order, "2"))
    press(sandbox, "scan")
    press(sandbox, "scan", code="delivered")
    tracking = told(sandbox, "tracking.updated.v1")[-1]
    assert tracking["tracking_number"] == parcel_code(NUMBER, 1)
    assert [scan["code"] for scan in tracking["scans"]] == ["in_transit", "delivered"]
    assert "order_ref" not in tracking


def test_the_page_shows_a_return_with_what_can_happen_to_it(
    sandbox: Sandbox, order: Record, post: Post
) -> None:
    post("return", wish(order, "2"))
    environ = {"PATH_INFO": "/", "REQUEST_METHOD": "GET", "wsgi.input": io.BytesIO()}
    html = b"".join(Page(sandbox)(environ, lambda *_: None)).decode()
    assert f"Return {NUMBER}" in html
    assert (
        ">Approve<" in html and ">Ask a question<" in html and ">Write a credit note<" not in html
    )
