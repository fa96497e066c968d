"""What no browser of ours sends, and some do: nothing fails, and nothing stays unreadable."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from oms_portal.returns.receipts.models import DeskScan
from tests.desk.conftest import client_of, staff
from tests.returns.receipts.scene import Desk, set_up


pytestmark = pytest.mark.django_db
HOME = "/admin/oms/returns"


@pytest.fixture
def desk(settings: Any) -> Desk:
    return set_up(settings)


@pytest.fixture
def clerk(desk: Desk) -> Client:
    return client_of(staff("clerk@shop.example", "view_return", "receive_return"))


def post(client: Client, **told: Any) -> dict[str, Any]:
    body = json.dumps({"scans": [{"id": str(uuid4()), **told}]})
    answer = client.post(f"{HOME}/scans/", body, "application/json")
    assert answer.status_code == 200
    (found,) = answer.json()["answers"]
    return dict(found)


@pytest.mark.parametrize("at", ["9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59"])
def test_a_clock_beyond_all_calendars_is_ours(desk: Desk, clerk: Client, at: str) -> None:
    assert post(clerk, text=desk.codes[0], at=at)["result"] == "arrived"
    scan = DeskScan.objects.get()
    assert scan.scanned_at == scan.at


@pytest.mark.parametrize("days", [-400, 400])
def test_a_clock_that_is_wrong_changes_nothing_but_what_it_said(
    desk: Desk, clerk: Client, days: int
) -> None:
    moment = timezone.now() + timedelta(days=days)
    sent = {"tab": "t", "at": moment.isoformat()}
    first = int(moment.timestamp() * 1000)
    assert post(clerk, text=desk.codes[0], sequence=first, **sent)["result"] == "arrived"
    assert post(clerk, text="SKU-L1", sequence=first + 1, **sent)["number"] == desk.rma.number
    scan = DeskScan.objects.get(result="arrived")
    assert (scan.scanned_at, scan.at == desk.parcels[0].arrived_at) == (moment, True)


def test_ten_kilobytes_are_one_scan_that_nobody_knows(desk: Desk, clerk: Client) -> None:
    assert post(clerk, text="SKU-L1" * 1700, tab="t", sequence=1)["result"] == "unknown"
    assert len(DeskScan.objects.get().text) == 250


def test_arrays_within_arrays_without_end_are_no_scans(clerk: Client) -> None:
    answer = clerk.post(f"{HOME}/scans/", "[" * 100_000, "application/json")
    assert answer.status_code == 400


def test_more_than_can_be_kept_is_no_quantity_and_leaves_the_return_readable(
    desk: Desk, clerk: Client
) -> None:
    told = {"verb": "add", "rma": desk.rma.pk, "line": "2", "quantity": "9" * 13}
    assert post(clerk, **told)["result"] == "over"

    beyond = post(clerk, **told)

    assert (beyond["result"], beyond["say"]) == ("refused", "This is no quantity.")
    assert desk.counted("2") == "9" * 13
    assert clerk.get(f"{HOME}/receive/{desk.rma.pk}/").status_code == 200


def test_without_a_tab_nobody_takes_back_what_others_counted(desk: Desk, clerk: Client) -> None:
    other = client_of(staff("second@shop.example", "view_return", "receive_return"))
    post(other, verb="add", rma=desk.rma.pk, line="1", quantity="2", sequence=5)

    assert post(clerk, verb="undo", sequence=6)["say"] == "There is nothing to take back."
    assert desk.counted() == "2"


@pytest.mark.parametrize(
    "path",
    [
        f"labels/?returns={'9' * 20}",
        f"labels/?returns={'9' * 5000}",
        f"labels/preview/goods/{'9' * 20}/",
        f"photo/{'9' * 20}/x/",
        f"unknown/{'9' * 20}/x/",
    ],
)
def test_keys_longer_than_any_are_of_nothing(clerk: Client, path: str) -> None:
    assert clerk.get(f"{HOME}/{path}").status_code in (200, 404)


def test_signs_that_nobody_prints_are_named_and_not_put_on_the_form(
    desk: Desk, clerk: Client
) -> None:
    post(clerk, text=desk.codes[0])
    told = {"verb": "finish", "id": uuid4().hex, "note": "Wet \N{UMBRELLA WITH RAIN DROPS}"}
    stray = {"key": uuid4().hex, "contents": "A \N{UMBRELLA WITH RAIN DROPS}"}

    finished = clerk.post(f"{HOME}/receive/{desk.rma.pk}/", told, follow=True)
    written = clerk.post(f"{HOME}/unknown/new/", stray)

    for page in (finished, written):
        assert "could not be read" not in page.content.decode()
        assert "\N{UMBRELLA WITH RAIN DROPS}" in page.content.decode()
