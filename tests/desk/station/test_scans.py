"""Where browsers bring their scans: taken in order, of the person they are of, and of nobody else."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from oms_portal.desk.station import scans
from oms_portal.returns.receipts.kinds import ScanKind, ScanResult
from oms_portal.returns.receipts.scanning.answers import Answer
from tests.desk.conftest import client_of, staff


pytestmark = pytest.mark.django_db
URL = "/admin/oms/returns/scans/"


@pytest.fixture
def taken(monkeypatch) -> list[str]:
    """What came through to the returns, in order."""
    found: list[str] = []

    def scan(wish: Any, user: Any, *, now: Any) -> Answer:
        found.append(wish.text)
        return Answer(wish.id, ScanKind.ARTICLE, ScanResult.COUNTED, number="R1", item="Bearing")

    monkeypatch.setattr(scans.actions, "scan", scan)
    return found


@pytest.fixture
def clerk(site) -> Any:
    return staff("clerk@shop.example", "view_return", "receive_return")


def post(client: Client, *told: Any, **more: Any) -> Any:
    return client.post(URL, json.dumps({"scans": told, **more}), "application/json")


def scan(text: str) -> dict[str, Any]:
    return {"id": str(uuid4()), "text": text, "at": "2026-11-22T09:00:00Z"}


def test_scans_are_taken_in_order_and_each_is_answered_in_words(taken, clerk):
    sent = [scan("one"), scan("two")]

    answer = post(client_of(clerk), *sent, user=clerk.pk).json()

    assert taken == ["one", "two"]
    assert answer["user"] == clerk.pk
    assert [each["id"] for each in answer["answers"]] == [each["id"] for each in sent]
    assert {(each["say"], each["tone"]) for each in answer["answers"]} == {
        ("Counted on return R1.", "ok")
    }


def test_what_is_no_scan_is_answered_and_holds_nothing_up(taken, clerk):
    answers = post(client_of(clerk), {"id": "x"}, "y", scan("one")).json()["answers"]

    assert [(each["id"], each["tone"]) for each in answers[:2]] == [("x", "bad"), (None, "bad")]
    assert taken == ["one"]


def test_another_person_s_scans_are_not_taken(taken, clerk):
    answer = post(client_of(clerk), scan("one"), user=clerk.pk + 1)

    assert (answer.status_code, answer.json()) == (409, {"user": clerk.pk})
    assert taken == []


@pytest.mark.parametrize("body", ["", "{", "[]", '{"scans": 1}', json.dumps({"scans": [{}] * 51})])
def test_what_is_no_list_of_scans_is_refused(taken, clerk, body):
    assert client_of(clerk).post(URL, body, "application/json").status_code == 400


def test_who_may_only_look_may_not_scan(taken, site):
    reader = client_of(staff("reader@shop.example", "view_return"))

    answer = post(reader, scan("one"))

    assert answer.status_code == 403
    assert "user" in answer.json()
    assert taken == []


def test_who_is_signed_out_is_sent_to_sign_in(taken):
    answer = post(Client(), scan("one"))

    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/admin/login/")


def test_a_page_older_than_its_session_asks_for_a_token_and_its_scans_are_taken(taken, clerk):
    client = Client(enforce_csrf_checks=True)
    client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    assert post(client, scan("one")).status_code == 403

    door = client.get(URL).json()
    body = json.dumps({"scans": [scan("one")]})
    answer = client.post(URL, body, "application/json", headers={"X-CSRFToken": door["csrf"]})

    assert (door["user"], answer.status_code, taken) == (clerk.pk, 200, ["one"])
