"""All is counted: what the ERP is told of it, and what becomes of its answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from oms_portal import live
from oms_portal.erp.outbox.models import Command
from oms_portal.erp.outbox.moves import move, together
from oms_portal.notifications.models import Alert
from oms_portal.returns import history
from oms_portal.returns.kinds import ReturnState
from oms_portal.returns.models import Return
from oms_portal.returns.receipts import actions
from oms_portal.returns.receipts.judgement.verdicts import VerdictWish, judge
from oms_portal.returns.receipts.models import Receipt
from oms_portal.returns.refusals import KeyReused, Refused
from tests.returns.scene import NOW, again, new_key

from .found import grades
from .scene import Desk, set_up


pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(settings: Any) -> Desk:
    return set_up(settings)


def finish(desk: Desk, key: str = "", note: str = "") -> Receipt:
    return actions.finish(desk.rma, desk.here.user, now=NOW, key=key or new_key(), note=note)


def commands() -> list[Command]:
    return list(Command.objects.filter(kind="return_receipt").order_by("pk"))


def answer(command: Command, state: str, **values: Any) -> None:
    with together():
        assert move(command.pk, state=state, **values) is not None


def test_the_erp_is_told_all_that_came(desk: Desk) -> None:
    desk.here.beep(desk.codes[0])
    desk.here.beep("SKU-L1")
    desk.here.beep("SN1")
    desk.here.key("damaged", line="1")
    desk.here.key("add", line="2", quantity="2.75")
    desk.here.key("wrong", line="3", sku="B-9", description="A brick")
    desk.here.key("unexpected", description="Cable", quantity="2")
    receipt = finish(desk, note="The box was wet.")
    (command,) = commands()
    assert command.payload == {
        "number": desk.rma.number,
        "version": 2,
        "lines": [
            {"ref": "1", "counted": "2", "damaged": "1", "wrong": []},
            {"ref": "2", "counted": "2.75", "damaged": "0", "wrong": []},
            {
                "ref": "3",
                "counted": "0",
                "damaged": "0",
                "wrong": [{"sku": "B-9", "description": "A brick", "quantity": "1"}],
            },
        ],
        "unexpected": [{"sku": "", "description": "Cable", "quantity": "2"}],
        "parcels": [desk.codes[0]],
        "missing_parcels": [desk.codes[1]],
        "note": "The box was wet.",
    }
    assert (receipt.counted_at, receipt.command, receipt.version) == (NOW, command, 2)
    assert command.deadline - NOW == timedelta(days=30)
    assert command.order_ref == "SO-1"
    assert command.requested_by == desk.here.user.email
    # What arrived is told first, and what was received is the ERP's word alone.
    rma = again(desk.rma)
    assert rma.state == ReturnState.IN_TRANSIT
    assert {line.received for line in rma.lines.all()} == {0}
    event = rma.events.last()
    assert (event.verb, event.source, event.actor) == ("counted", "staff", desk.here.user)
    assert history.folded(rma.events.all()) == history.row_of(rma, rma.lines.all())


def test_open_pages_and_lists_follow(desk: Desk) -> None:
    desk.here.beep(desk.codes[0])
    topics = [f"return:{desk.rma.pk}", f"returns:{desk.rma.company_id}", "desk:returns"]
    before = live.versions(topics)
    finish(desk)
    after = live.versions(topics)
    assert all(after[topic] > before[topic] for topic in topics)


def test_the_same_form_and_another_with_nothing_new_tell_nothing_more(desk: Desk) -> None:
    desk.here.beep(desk.codes[0])
    finish(desk, "the-same-form")
    finish(desk, "the-same-form")
    finish(desk)
    assert len(commands()) == 1
    with pytest.raises(KeyReused):
        finish(desk, "the-same-form", note="Something else")


def test_it_is_told_again_when_more_came(desk: Desk) -> None:
    desk.here.beep(desk.codes[0])
    finish(desk)
    desk.there.beep(desk.codes[1])
    desk.there.beep("SKU-L1")
    receipt = finish(desk)
    first, second = commands()
    assert second.payload["version"] == receipt.version > first.payload["version"]
    assert second.payload["missing_parcels"] == []
    assert second.payload["lines"][0]["counted"] == "1"


def test_a_parcel_more_is_told_although_nothing_of_it_is_counted(desk: Desk) -> None:
    desk.here.beep(desk.codes[0])
    finish(desk)
    desk.here.beep(desk.codes[1])
    assert desk.receipt().counted_at is None
    finish(desk)
    first, second = commands()
    assert (first.payload["parcels"], second.payload["parcels"]) == (desk.codes[:1], desk.codes)


def test_what_was_counted_and_taken_back_is_no_news(desk: Desk) -> None:
    desk.here.beep(desk.codes[0])
    finish(desk)
    desk.here.beep("SKU-L1")
    desk.here.key("undo")
    assert desk.receipt().counted_at is None
    receipt = finish(desk)
    (command,) = commands()
    assert receipt.counted_at == desk.receipt().counted_at == command.queued_at
    assert again(desk.rma).events.filter(verb="counted").count() == 1
    # To say something more of it is.
    finish(desk, note="The box was wet.")
    assert len(commands()) == 2


def test_a_decision_holds_where_the_count_it_is_about_does(desk: Desk) -> None:
    def kinds() -> list[str]:
        rows = Command.objects.filter(kind__startswith="return_").order_by("pk")
        return list(rows.values_list("kind", flat=True))

    grades()
    desk.here.beep(desk.codes[0])
    desk.here.beep("SKU-L1")
    finish(desk)
    found = desk.receipt().findings.get()
    judge(found, desk.lead, VerdictWish("1", grade="a"), key=new_key(), now=NOW)
    desk.here.beep("SKU-L1")
    desk.here.key("undo")
    assert desk.receipt().decided_at is None
    finish(desk)
    assert kinds() == ["return_receipt", "return_decision"]
    assert desk.receipt().decided_at == Command.objects.get(kind="return_decision").queued_at
    # Of another count the ERP hears both.
    desk.here.beep(desk.codes[1])
    finish(desk)
    assert kinds()[2:] == ["return_receipt", "return_decision"]


def test_an_empty_parcel_is_told_too_but_nothing_at_all_is_not(desk: Desk) -> None:
    with pytest.raises(Refused) as refused:
        finish(desk)
    assert refused.value.code == "nothing_came"
    desk.here.beep(desk.codes[0])
    finish(desk)
    assert {line["counted"] for line in commands()[0].payload["lines"]} == {"0"}


def test_where_nobody_takes_it_nothing_is_written(desk: Desk) -> None:
    desk.here.beep(desk.codes[0])
    Return.objects.filter(pk=desk.rma.pk).update(source=None)
    with pytest.raises(Refused):
        finish(desk)
    assert desk.receipt().counted_at is None
    assert not again(desk.rma).events.filter(verb="counted").exists()


def test_a_no_of_the_erp_is_for_people_until_it_is_told_anew(desk: Desk) -> None:
    desk.here.beep(desk.codes[0])
    finish(desk)
    before = live.versions(["desk:returns"])["desk:returns"]
    answer(commands()[0], "rejected", code="PERIOD_CLOSED", text="The books are closed.")
    assert desk.receipt().refused
    assert Alert.objects.get(kind="receipt_refused").done_at is None
    assert live.versions(["desk:returns"])["desk:returns"] > before
    receipt = finish(desk)
    assert not receipt.refused
    assert not desk.receipt().refused
    assert Alert.objects.get(kind="receipt_refused").done_at is not None
    # A late no to the old one says nothing of the new one.
    answer(commands()[0], "rejected")
    assert not desk.receipt().refused
    answer(commands()[1], "applied")
    assert not desk.receipt().refused


def test_a_decision_that_was_refused_can_be_taken_back(desk: Desk) -> None:
    desk.here.beep(desk.codes[0])
    receipt = desk.receipt()
    command = Command.objects.create(
        source=desk.rma.source,
        kind="return_decision",
        order_ref="SO-1",
        customer_ref="C1",
        payload={"number": desk.rma.number},
        queued_at=NOW,
        next_attempt_at=NOW,
        deadline=NOW,
    )
    Receipt.objects.filter(pk=receipt.pk).update(decided_at=NOW, command=command)
    answer(command, "rejected")
    assert (desk.receipt().refused, desk.receipt().decided_at) == (True, None)
    assert desk.receipt().counted_at == receipt.counted_at
