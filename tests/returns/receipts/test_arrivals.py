"""What a return hears of parcels that the desk scanned, soon after."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from oms_portal.erp import worker
from oms_portal.notifications.models import Mail
from oms_portal.returns import actions as returns
from oms_portal.returns import deciding, history
from oms_portal.returns.kinds import ParcelState, Reception, ReturnState
from oms_portal.returns.parcels import ReturnParcel
from oms_portal.returns.receipts import arrivals
from oms_portal.returns.receipts.waiting.queues import QUEUES
from oms_portal.returns.refusals import Refused
from tests.returns.scene import NOW, again, reserved

from .scene import Desk, set_up


pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(settings: Any) -> Desk:
    return set_up(settings)


def test_the_worker_tells_within_a_second() -> None:
    (job,) = (job for job in worker.jobs() if job.name == "return parcels that arrived")
    assert job.seconds <= 1


def test_the_return_is_under_way_its_label_used_and_nobody_withdraws_it(desk: Desk) -> None:
    desk.here.beep(desk.codes[0])
    assert again(desk.rma).state == ReturnState.APPROVED
    assert arrivals.tell_all() == 1
    rma = again(desk.rma)
    assert (rma.state, rma.scanned_at) == (ReturnState.IN_TRANSIT, NOW)
    assert {line.reception for line in rma.lines.all()} == {Reception.IN_TRANSIT}
    first, second = desk.parcels
    assert (first.state, first.arrival_told) == (ParcelState.DELIVERED, True)
    assert (second.state, second.arrival_told) == (ParcelState.WANTED, False)
    event = rma.events.get(verb="scan")
    assert (event.source, event.actor) == ("staff", desk.here.user)
    with pytest.raises(Refused):
        returns.withdraw(rma, desk.scene.user, now=NOW)


def test_each_parcel_is_told_once(desk: Desk) -> None:
    desk.here.beep(desk.codes[0])
    desk.there.beep(desk.codes[1])
    assert (arrivals.tell_all(), arrivals.tell_all()) == (2, 0)
    assert again(desk.rma).events.filter(verb="scan").count() == 1
    assert {parcel.state for parcel in desk.parcels} == {ParcelState.DELIVERED}


def test_topics_are_locked_after_labels(desk: Desk) -> None:
    desk.here.beep(desk.codes[0])
    arrivals.tell_all()
    desk.here.beep(desk.codes[1])
    with CaptureQueriesContext(connection) as run:
        arrivals.tell_all()
    written = [re.match(r'(?:UPDATE|INSERT INTO) "?oms_portal_(\w+)', one["sql"]) for one in run]
    tables = [found[1] for found in written if found]
    first = tables.index("topic")
    assert "label" in tables[:first] and "label" not in tables[first:]


def test_the_customer_is_written_to_once(desk: Desk) -> None:
    desk.here.beep(desk.codes[0])
    before = Mail.objects.count()
    arrivals.tell_all()
    after = Mail.objects.count()
    desk.here.beep(desk.codes[1])
    arrivals.tell_all()
    assert Mail.objects.count() == after >= before


def test_goods_of_a_return_that_was_withdrawn_bring_it_back_under_way(desk: Desk) -> None:
    returns.withdraw(desk.rma, desk.scene.user, now=NOW)
    assert desk.here.beep(desk.codes[0]).result.value == "over_already"
    arrivals.tell_all()
    assert again(desk.rma).state == ReturnState.IN_TRANSIT


@pytest.mark.parametrize("state", [ParcelState.READY, ParcelState.IN_TRANSIT])
def test_a_late_parcel_of_a_return_that_was_closed_brings_it_back_under_way(
    desk: Desk, state: str
) -> None:
    desk.here.beep(desk.codes[0])
    arrivals.tell_all()
    desk.rma.parcels.filter(code=desk.codes[1]).update(state=state)
    deciding.close(desk.rma, desk.lead, now=NOW, reason="Nothing more came.")
    assert reserved() == ("10", "0", "0")

    assert desk.here.beep(desk.codes[1]).result.value == "arrived"
    arrivals.tell_all()

    rma = again(desk.rma)
    assert (rma.state, rma.answer_code, rma.scanned_at) == (ReturnState.IN_TRANSIT, "", NOW)
    assert {line.reception for line in rma.lines.all()} == {Reception.IN_TRANSIT}
    assert reserved() == ("10", "3", "0")
    assert QUEUES["inspect"].rows(NOW).filter(pk=rma.pk).exists()
    assert history.folded(rma.events.all()) == history.row_of(rma, rma.lines.all())


def test_a_late_parcel_of_a_return_of_which_all_had_come_is_looked_at_too(desk: Desk) -> None:
    desk.here.beep(desk.codes[0])
    arrivals.tell_all()
    lines = {"1": "3", "2": "2.5", "3": "2"}
    told = {ref: {"received": count, "rejected": count} for ref, count in lines.items()}
    assert desk.scene.received(desk.rma, lines=told).state == ReturnState.CLOSED

    desk.here.beep(desk.codes[1])
    arrivals.tell_all()

    assert again(desk.rma).state == ReturnState.RECEIVED
    assert QUEUES["inspect"].rows(NOW).filter(pk=desk.rma.pk).exists()


def test_one_that_fails_holds_up_no_other(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.here.beep(desk.codes[0])
    desk.here.beep(desk.other.parcels.get().code)
    heard = arrivals.scanned

    def broken(parcel: ReturnParcel, *args: Any) -> None:
        if parcel.rma_id == desk.rma.pk:
            raise ValueError("broken")
        heard(parcel, *args)

    monkeypatch.setattr(arrivals, "scanned", broken)
    assert arrivals.tell_all() == 1
    assert again(desk.other).state == ReturnState.IN_TRANSIT
    monkeypatch.undo()
    assert arrivals.tell_all() == 1
