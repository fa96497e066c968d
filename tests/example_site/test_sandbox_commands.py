"""The sandbox ERP takes commands: once for a key, as an ERP would, or as badly as it is told to."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import pytest

from example_site.sandbox_erp.commands import HANG_UP, Answer
from example_site.sandbox_erp.erp import Erp
from example_site.sandbox_erp.lines import contents, count, to_ship
from example_site.sandbox_erp.manners import MODES
from example_site.sandbox_erp.running import Sandbox
from example_site.sandbox_erp.store import Store
from oms_portal.erp import signatures
from oms_portal.erp.schemas import TYPES


SECRETS = {"main": signatures.encode(b"m" * 32), "lyon": signatures.encode(b"l" * 32)}
ADDRESS = {"name": "Hall 7", "lines": ["Kai 7"], "city": "Kiel", "country": "DE"}


@pytest.fixture
def sandbox(tmp_path: Path) -> Sandbox:
    return Sandbox(Erp(Store(tmp_path / "erp.sqlite3"), Random(1)), [], secrets=SECRETS)


@pytest.fixture
def order(sandbox: Sandbox) -> dict[str, Any]:
    """Two deliveries, the first being picked, and units in neither."""
    erp = sandbox.erp
    number = erp.place("C-10001").order
    record = erp.order(number)
    record["lines"] = [
        {**record["lines"][0], "ref": ref, "quantities": {"ordered": "12"}} for ref in ("L1", "L2")
    ]
    erp.store.put("order", number, "C-10001", "main", record)
    for verb in ("confirm", "plan_part", "pick", "plan_part"):
        erp.do(verb, number)
    return erp.order(number)


Post = Callable[..., Answer]


@pytest.fixture
def post(sandbox: Sandbox, order: dict[str, Any]) -> Post:
    def send(
        payload: dict[str, Any],
        kind: str = "change",
        key: str = "",
        source: str = "main",
        order: str = order["ref"],
    ) -> Answer:
        key = key or str(uuid4())
        body = json.dumps({"id": key, "kind": kind, "order": order, "payload": payload})
        signed = signatures.sign(SECRETS[source], key, int(time.time()), body.encode())
        return sandbox.intake.take({**signed, "idempotency-key": f'"{key}"'}, body.encode())

    return send


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


def of(sandbox: Sandbox, number: str) -> dict[str, Any]:
    """What its state says of the one command of an order."""
    (command,) = sandbox.intake.book.list(number)
    return command


def test_a_delivery_goes_elsewhere_once_however_often_it_is_said(
    sandbox: Sandbox, order: dict[str, Any], post: Post
) -> None:
    planned = order["shipments"][1]["ref"]
    wish = {"scope": "shipment", "shipments": [planned], "address": ADDRESS, "contact": "E. Kern"}
    key = str(uuid4())
    first, second = post(wish, key=key), post(wish, key=key)
    assert first == second and first.status == 202 and said(first)["outcome"] == "accepted"
    assert (of(sandbox, order["ref"])["deliveries"], of(sandbox, order["ref"])["effects"]) == (2, 1)

    now = told(sandbox, "order.updated.v1")[-1]
    picked, moved = now["shipments"]
    assert moved["address"] == {**ADDRESS, "contact": "E. Kern"}
    assert "address" not in picked and now["delivery_address"] == order["delivery_address"]
    (answer,) = told(sandbox, "command.answered.v1")
    assert (answer["command_id"], answer["outcome"]) == (key, "applied")

    assert post({**wish, "contact": "Somebody else"}, key=key).status == 422
    assert of(sandbox, order["ref"])["effects"] == 1


def test_what_is_picked_stays_where_it_was_going(
    sandbox: Sandbox, order: dict[str, Any], post: Post
) -> None:
    picked = order["shipments"][0]["ref"]
    refused = post({"scope": "shipment", "shipments": [picked], "address": ADDRESS})
    assert refused.status == 409 and said(refused)["code"] == "PICKED"
    assert of(sandbox, order["ref"])["effects"] == 0

    post({"scope": "order", "address": ADDRESS})
    now = sandbox.erp.order(order["ref"])
    assert now["delivery_address"] == ADDRESS
    assert now["shipments"][0]["address"] == order["delivery_address"]
    assert "address" not in now["shipments"][1]


def test_a_date_moves_promises_and_plans(
    sandbox: Sandbox, order: dict[str, Any], post: Post
) -> None:
    day = date.today() + timedelta(days=28)
    post({"scope": "order", "requested": {"from": day.isoformat()}})
    now = sandbox.erp.order(order["ref"])
    assert now["requested"]["from"] == day.isoformat()
    assert now["shipments"][1]["planned_on"] < day.isoformat()
    assert "planned_on" not in now["shipments"][0] or (
        now["shipments"][0]["planned_on"] == order["shipments"][0]["planned_on"]
    )
    confirmed = [p for p in now["lines"][1]["promises"] if p["kind"] == "confirmed"]
    assert confirmed[0]["from"] == day.isoformat()
    assert (
        said(post({"scope": "order", "requested": {"from": "2020-01-01"}}))["code"] == "PAST_DATE"
    )


def test_a_way_of_delivery_brings_what_it_needs(
    sandbox: Sandbox, order: dict[str, Any], post: Post
) -> None:
    planned = [order["shipments"][1]["ref"]]
    wish = {"scope": "shipment", "shipments": planned, "method": "pickup", "pickup_ref": "W-REG"}
    post(wish)
    shipment = sandbox.erp.order(order["ref"])["shipments"][1]
    assert shipment["method"] == "pickup" and shipment["pickup"]["code"]
    assert shipment["from_location"]["ref"] == "W-REG" and "carrier" not in shipment
    told(sandbox, "order.updated.v1")


def test_a_part_of_a_line_is_cancelled_and_never_more_than_is_open(
    sandbox: Sandbox, order: dict[str, Any], post: Post
) -> None:
    held = contents(order["shipments"][0])
    ((ref, picked),) = held.items()
    line = next(line for line in order["lines"] if line["ref"] == ref)
    assert picked == count(line, "ordered")
    wish = {"scope": "lines", "lines": [{"line_ref": ref, "quantity": "1"}]}
    assert said(post(wish, "cancel"))["code"] == "PICKED"

    other = next(line["ref"] for line in order["lines"] if line["ref"] != ref)
    post({"scope": "lines", "lines": [{"line_ref": other, "quantity": "8"}]}, "cancel")
    now = sandbox.erp.order(order["ref"])
    line = next(line for line in now["lines"] if line["ref"] == other)
    assert (count(line, "cancelled"), count(line, "confirmed")) == (8, 4)
    assert contents(now["shipments"][1]) == {other: 4}
    wish = {"scope": "lines", "lines": [{"line_ref": other, "quantity": "5"}]}
    assert said(post(wish, "cancel"))["code"] == "PICKED"


def test_what_waits_and_what_is_free_is_cancelled_before_what_is_planned(
    sandbox: Sandbox, post: Post
) -> None:
    number = sandbox.erp.place("C-10001").order
    record = sandbox.erp.order(number)
    record["lines"] = [{**record["lines"][0], "ref": "L1", "quantities": {"ordered": "20"}}]
    sandbox.erp.store.put("order", number, "C-10001", "main", record)
    for verb in ("confirm", "plan_part", "backorder"):
        sandbox.erp.do(verb, number)
    wish = {"scope": "order", "lines": [{"line_ref": "L1", "quantity": "7"}]}
    assert post(wish, "cancel", order=number).status == 202
    now = sandbox.erp.order(number)
    line = now["lines"][0]
    assert contents(now["shipments"][0]) == {"L1": 10}
    assert (count(line, "cancelled"), count(line, "backordered"), to_ship(now, line)) == (7, 0, 3)
    # Of one delivery only: its own units go, not those that are free.
    wish = {"scope": "shipment", "shipments": [now["shipments"][0]["ref"]]}
    post({**wish, "lines": [{"line_ref": "L1", "quantity": "4"}]}, "cancel", order=number)
    now = sandbox.erp.order(number)
    assert contents(now["shipments"][0]) == {"L1": 6} and to_ship(now, now["lines"][0]) == 3


def test_the_whole_order_is_cancelled_but_for_what_is_picked(
    sandbox: Sandbox, order: dict[str, Any], post: Post
) -> None:
    post({"scope": "order"}, "cancel")
    now = sandbox.erp.order(order["ref"])
    assert [s["status"] for s in now["shipments"]] == ["picking", "cancelled"]
    assert sorted(count(line, "cancelled") for line in now["lines"]) == [0, 12]


def test_lines_that_go_elsewhere_get_a_delivery_of_their_own(
    sandbox: Sandbox, order: dict[str, Any], post: Post
) -> None:
    planned = order["shipments"][1]
    ((ref, _),) = contents(planned).items()
    post({"scope": "lines", "lines": [{"line_ref": ref, "quantity": "8"}], "address": ADDRESS})
    now = sandbox.erp.order(order["ref"])
    assert [contents(s) for s in now["shipments"][1:]] == [{ref: 4}, {ref: 8}]
    assert now["shipments"][2]["address"] == ADDRESS


def test_another_offer_is_carried_out_when_it_is_accepted(
    sandbox: Sandbox, order: dict[str, Any], post: Post
) -> None:
    sandbox.do({"verb": "behave", "mode": "counter"})
    planned = [order["shipments"][1]["ref"]]
    wish = {"scope": "shipment", "shipments": planned, "address": ADDRESS}
    countered = said(post(wish))
    day = countered["counter"]["requested"]["from"]
    assert countered["outcome"] == "countered" and day > order["shipments"][1]["planned_on"]
    assert sandbox.erp.order(order["ref"]) == order

    assert post({**wish, "accepts": countered["counter"]["reference"]}).status == 202
    shipment = sandbox.erp.order(order["ref"])["shipments"][1]
    assert shipment["address"] == ADDRESS and shipment["eta"] == {"from": day}


def test_what_it_only_accepted_it_carries_out_later(
    sandbox: Sandbox, order: dict[str, Any], post: Post
) -> None:
    sandbox.do({"verb": "behave", "mode": "accept_only"})
    assert post({"scope": "order", "address": ADDRESS}).status == 202
    assert sandbox.intake.settle_due() == 0 and not told(sandbox, "command.answered.v1")
    assert sandbox.do({"verb": "settle"}).said == "1 carried out"
    assert told(sandbox, "command.answered.v1")[0]["outcome"] == "applied"
    assert of(sandbox, order["ref"])["effects"] == 1
    assert sandbox.do({"verb": "settle"}).said == "0 carried out"


@pytest.mark.parametrize("mode", sorted(set(MODES) - {"fine", "away", "accept_only", "counter"}))
def test_after_any_mischief_a_repetition_has_at_most_one_effect(
    sandbox: Sandbox, order: dict[str, Any], post: Post, mode: str
) -> None:
    sandbox.do({"verb": "behave", "mode": mode, "count": 1, "seconds": 0.01})
    wish, key = {"scope": "order", "address": ADDRESS}, str(uuid4())
    first = post(wish, key=key)
    second = post(wish, key=key)
    refused = mode == "refuse"
    assert second.status == (422 if refused else 202)
    assert of(sandbox, order["ref"])["effects"] == (0 if refused else 1)
    assert (first == second) is (mode in ("refuse", "slow", "hang", "drop_line"))
    assert (first == HANG_UP) is (mode in ("lose_answer", "nothing"))


def test_a_dropped_line_is_gone_or_cancelled_with_the_next_event(
    sandbox: Sandbox, order: dict[str, Any], post: Post
) -> None:
    sandbox.do({"verb": "behave", "mode": "drop_line"})
    post({"scope": "order", "address": ADDRESS})
    last = told(sandbox, "order.updated.v1")[-1]["lines"][-1]
    assert count(last, "cancelled") > 0


def test_who_is_away_sees_nothing_and_comes_back_by_the_clock(
    sandbox: Sandbox, order: dict[str, Any], post: Post
) -> None:
    sandbox.do({"verb": "behave", "mode": "away", "seconds": 60})
    assert post({"scope": "order", "address": ADDRESS}) == HANG_UP
    assert sandbox.intake.book.list(order["ref"]) == []
    sandbox.intake.manners.clock = lambda: time.time() + 61
    assert post({"scope": "order", "address": ADDRESS}).status == 202


def test_a_manner_may_be_for_one_order_and_survives_a_restart(
    sandbox: Sandbox, order: dict[str, Any], post: Post, tmp_path: Path
) -> None:
    sandbox.do({"verb": "behave", "mode": "fail", "about": "SO-of-somebody-else"})
    assert post({"scope": "order", "address": ADDRESS}).status == 202
    again = Sandbox(Erp(Store(tmp_path / "erp.sqlite3"), Random(1)), [], secrets=SECRETS)
    assert again.intake.manners.of("SO-of-somebody-else").mode == "fail"
    with pytest.raises(KeyError):
        sandbox.do({"verb": "behave", "mode": "sulk"})


def test_what_nobody_known_signed_is_not_even_written_down(
    sandbox: Sandbox, order: dict[str, Any], post: Post
) -> None:
    body = json.dumps({"id": "k", "kind": "change", "order": order["ref"], "payload": {}}).encode()
    stranger = signatures.encode(b"s" * 32)
    for secret, at in ((stranger, time.time()), (SECRETS["main"], time.time() - 600)):
        signed = signatures.sign(secret, "k", int(at), body)
        assert sandbox.intake.take({**signed, "idempotency-key": '"k"'}, body).status == 401
    assert sandbox.intake.take({}, b"").status == 401
    assert sandbox.intake.book.list() == []
    # The branch's system does not know orders of the main one.
    assert post({"scope": "order", "address": ADDRESS}, source="lyon").status == 404


@pytest.mark.parametrize("body", [b"", b"[]", b'{"id": "k"}', b"\xff", b'{"id": 1, "payload": []}'])
def test_a_signed_body_that_is_no_command_is_said_to_be_none(sandbox: Sandbox, body: bytes) -> None:
    signed = signatures.sign(SECRETS["main"], "k", int(time.time()), body)
    assert sandbox.intake.take({**signed, "idempotency-key": '"k"'}, body).status == 400
