"""The sandbox ERP by itself: what it makes is the wire's, and its mischief is what it says."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest

from example_site.sandbox_erp.erp import Erp
from example_site.sandbox_erp.lines import to_ship
from example_site.sandbox_erp.page import Page
from example_site.sandbox_erp.past import fill
from example_site.sandbox_erp.running import Sandbox
from example_site.sandbox_erp.scene import Impossible
from example_site.sandbox_erp.sending import sign
from example_site.sandbox_erp.store import Store
from example_site.sandbox_erp.verbs import VERBS
from oms_portal.erp.schemas import TYPES


@pytest.fixture
def erp(tmp_path: Path) -> Erp:
    erp = Erp(Store(tmp_path / "erp.sqlite3"), Random(1))
    fill(erp, 60)
    return erp


def events(erp: Erp) -> list[dict[str, Any]]:
    rows = erp.store.connection.execute("SELECT body FROM event ORDER BY seq").fetchall()
    return [json.loads(body) for (body,) in rows]


def test_every_event_of_its_past_is_one_the_wire_knows(erp: Erp) -> None:
    for event in events(erp):
        kind, schema = TYPES[event["type"]]
        schema.model_validate(event["data"][kind])


def test_its_past_is_the_same_whenever_it_is_made(erp: Erp, tmp_path: Path) -> None:
    other = Erp(Store(tmp_path / "other.sqlite3"), Random(2))
    fill(other, 60)
    assert [e["id"] for e in events(other)] == [e["id"] for e in events(erp)]


def test_the_branch_speaks_only_for_its_own_customer(erp: Erp) -> None:
    of_branch = [e["data"]["order"] for e in events(erp) if e["source"] == "/erp/lyon"]
    assert {order["customer_ref"] for order in of_branch} == {"C-20001"}


def test_an_example_stands_split_with_one_delivery_picked_and_one_planned(erp: Erp) -> None:
    for number in ("SO-110001", "SO-110002"):
        order = erp.order(number)
        picked, planned = order["shipments"]
        assert (picked["status"], planned["status"]) == ("picking", "planned")
        assert planned["planned_on"] > datetime.now(UTC).date().isoformat()
        assert any(to_ship(order, line) for line in order["lines"])
    assert Decimal(erp.order("SO-110007")["totals"]["net"]) > 10_000
    assert erp.order("LY-110009")["_source"] == "lyon"


def test_no_order_ever_ships_or_delivers_more_than_was_ordered(erp: Erp) -> None:
    erp.burst(200)
    for order in erp.store.all("order"):
        for line in order["lines"]:
            counted = {key: float(value) for key, value in line["quantities"].items()}
            assert counted.get("shipped", 0) + counted.get("cancelled", 0) <= counted["ordered"]
            assert counted.get("delivered", 0) <= counted.get("shipped", 0)


def test_twice_is_the_same_bytes_twice_and_newest_first_is_backwards(erp: Erp) -> None:
    number = erp.place("C-10001").order
    before = len(events(erp))
    erp.twice("confirm", number)
    first, second = events(erp)[before:]
    assert first == second
    before = len(events(erp))
    erp.out_of_order("ship", number)
    orders = [e for e in events(erp)[before:] if "order" in e["data"]]
    versions = [event["data"]["version"] for event in orders]
    assert versions == sorted(versions, reverse=True) and len(versions) == 2


def test_what_cannot_happen_is_said_and_changes_nothing(erp: Erp) -> None:
    number = erp.place("C-10001").order
    before = len(events(erp))
    with pytest.raises(Impossible, match="nothing is on its way"):
        erp.do("deliver", number)
    assert len(events(erp)) == before


def test_every_verb_can_happen_to_some_order(erp: Erp) -> None:
    for verb in VERBS:
        for order in erp.store.all("order"):
            try:
                erp.do(verb, order["number"])
                break
            except Impossible:
                continue
        else:
            pytest.fail(f"{verb} can happen to no order")


def test_a_signature_is_the_one_standard_webhooks_gives_as_its_example() -> None:
    signature = sign(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "1614265330",
        b'{"test": 2432232314}',
    )
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.fixture
def ask(erp: Erp) -> Callable[..., tuple[str, str]]:
    page = Page(Sandbox(erp, []))

    def request(method: str, path: str, body: bytes = b"", **environ: str) -> tuple[str, str]:
        told: list[str] = []
        path, _, query = path.partition("?")
        answer = page(
            {
                "REQUEST_METHOD": method,
                "PATH_INFO": path,
                "QUERY_STRING": query,
                "CONTENT_LENGTH": str(len(body)),
                "wsgi.input": io.BytesIO(body),
                **environ,
            },
            lambda status, headers: told.append(status),
        )
        return told[0], b"".join(answer).decode()

    return request


def test_its_page_offers_only_what_can_happen(
    erp: Erp, ask: Callable[..., tuple[str, str]]
) -> None:
    number = erp.place("C-20001").order
    status, html = ask("GET", f"/?order={number}")
    assert status == "200 OK"
    assert "Confirm" in html and "Out for delivery" not in html


def test_a_button_says_how_commands_are_treated(ask: Callable[..., tuple[str, str]]) -> None:
    assert ask("POST", "/do", b"verb=behave&mode=busy&count=1")[0] == "303 See Other"
    assert "● Be busy (503)" in ask("GET", "/")[1]
    state = json.loads(ask("GET", "/api/state?order=-")[1])
    assert (state["mode"][""]["mode"], state["mode"][""]["left"]) == ("busy", 1)
    assert state["commands"] == []
    assert ask("POST", "/api/do", b'{"verb": "behave", "mode": "sulk"}')[0] == "409 Conflict"


def test_a_press_from_another_sites_page_is_refused(ask: Callable[..., tuple[str, str]]) -> None:
    foreign = {"HTTP_ORIGIN": "http://evil.example", "HTTP_HOST": "127.0.0.1:8001"}
    assert ask("POST", "/api/do", b'{"verb": "burst"}', **foreign)[0] == "403 Forbidden"


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"verb": 3}', b'{"verb": "ship"}'])
def test_a_wish_it_does_not_understand_is_no_crash(
    ask: Callable[..., tuple[str, str]], body: bytes
) -> None:
    assert ask("POST", "/api/do", body)[0][:3] in ("400", "409")
