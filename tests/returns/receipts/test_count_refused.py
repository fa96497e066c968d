"""The ERP said no to the count, or never took it: it hears of no decision before it has one."""

from __future__ import annotations

from typing import Any

import pytest

from oms_portal.erp.outbox.models import Command
from oms_portal.erp.outbox.moves import move, together
from oms_portal.notifications.models import Alert
from oms_portal.returns import history
from oms_portal.returns.receipts import actions
from oms_portal.returns.receipts.judgement import verdicts
from oms_portal.returns.receipts.judgement.verdicts import VerdictWish
from oms_portal.returns.receipts.models import Finding, Receipt
from tests.returns.scene import NOW, again, new_key

from .found import grades
from .scene import Desk, set_up


pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(settings: Any) -> Desk:
    made = set_up(settings)
    grades()
    made.here.beep(made.codes[0])
    made.here.beep("SN1")
    finish(made)
    return made


def finish(desk: Desk) -> Receipt:
    return actions.finish(desk.rma, desk.lead, now=NOW, key=new_key())


def judge(desk: Desk) -> None:
    found = Finding.objects.get(receipt__rma=desk.rma)
    wish = VerdictWish("1", grade="a")
    verdicts.judge(found, desk.lead, wish, key=new_key(), now=NOW)


def told() -> list[tuple[str, int]]:
    """Kind and version of each command, as they go."""
    rows = Command.objects.filter(kind__startswith="return_").order_by("pk")
    return [(command.kind, command.payload["version"]) for command in rows]


def answer(kind: str, state: str) -> None:
    newest = Command.objects.filter(kind=kind).order_by("-pk")[0]
    with together():
        assert move(newest.pk, state=state) is not None


@pytest.mark.parametrize("state", ["rejected", "dead"])
def test_what_is_judged_then_waits_for_the_count(desk: Desk, state: str) -> None:
    answer("return_receipt", state)
    judge(desk)
    assert told() == [("return_receipt", 2)]
    assert desk.receipt().refused == (state == "rejected")

    finish(desk)

    assert told()[1:] == [("return_receipt", 4), ("return_decision", 4)]
    assert not desk.receipt().refused


def test_sending_it_again_sends_the_count_first(desk: Desk) -> None:
    answer("return_receipt", "rejected")
    judge(desk)

    verdicts.send(desk.rma, desk.lead, now=NOW)

    assert [kind for kind, _version in told()[1:]] == ["return_receipt", "return_decision"]
    versions = [version for kind, version in told() if kind == "return_receipt"]
    assert versions == sorted(set(versions))
    rma = again(desk.rma)
    assert history.folded(rma.events.all()) == history.row_of(rma, rma.lines.all())


def test_a_yes_to_the_decision_hides_no_refused_count(desk: Desk) -> None:
    judge(desk)
    answer("return_receipt", "rejected")
    answer("return_decision", "applied")

    assert desk.receipt().refused
    assert Alert.objects.get(kind="receipt_refused").done_at is None
    finish(desk)
    assert [kind for kind, _version in told()].count("return_receipt") == 2
