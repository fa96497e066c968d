"""What an attempt makes of a command."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from oms_portal.erp.connectors import registry
from oms_portal.erp.connectors.contract import Outcome, Result
from oms_portal.erp.outbox import claims, delivery
from oms_portal.erp.outbox.models import Attempt, Breaker, Command
from oms_portal.erp.outbox.queries import away_since
from oms_portal.erp.outbox.sender import deliver, deliver_due


def send(queue, erp, mode):
    """One attempt at one command, with this answer; the next may be due at once."""
    erp.mode = mode
    command = queue()
    deliver(claims.claim(registry.slugs(), "w"))
    command.refresh_from_db()
    return command


def due_now():
    Command.objects.update(next_attempt_at=timezone.now())
    Breaker.objects.update(free_at=timezone.now())


@pytest.mark.parametrize(
    ("mode", "state"),
    [
        ("accept", "accepted"),
        ("apply", "applied"),
        ("counter", "countered"),
        ("reject", "rejected"),
    ],
)
def test_the_erps_word_settles_it(queue, erp, told, mode, state):
    command = send(queue, erp, mode)

    assert command.state == state
    assert told == ["sent", state]
    assert command.next_attempt_at is None
    assert command.lease_until is None
    assert bool(command.settled_at) == (state != "accepted")
    assert bool(command.accepted_at) == (state == "accepted")
    assert not command.uncertain
    assert Attempt.objects.get().ended_at


def test_its_code_number_and_offer_are_kept(queue, erp):
    assert send(queue, erp, "reject").code == "too-late"
    assert send(queue, erp, "apply").reference == "ERP-7"
    assert send(queue, erp, "counter").counter == {"reference": "O-1"}


@pytest.mark.parametrize(
    ("mode", "uncertain"),
    [("500", True), ("html", True), ("huge", True), ("drop", True), ("redirect", False)],
)
def test_a_failure_is_tried_again_under_the_same_key_with_one_effect(
    queue, erp, told, mode, uncertain
):
    begun = timezone.now()
    command = send(queue, erp, mode)
    assert (command.state, command.uncertain) == ("retrying", uncertain)
    assert command.trouble
    assert begun <= command.next_attempt_at < timezone.now() + timedelta(seconds=5)

    erp.mode = "apply"
    due_now()
    assert deliver_due("w") == 1

    command.refresh_from_db()
    assert (command.state, command.trouble, command.uncertain) == ("applied", "", False)
    assert erp.keys == [str(command.key)] * 2
    assert erp.effects == {str(command.key): 1}
    assert told == ["sent", "retrying", "sent", "applied"]
    assert [attempt.number for attempt in Attempt.objects.all()] == [1, 2]


def test_an_erp_that_was_not_reached_leaves_no_doubt(queue, erp):
    erp.stop()
    command = send(queue, erp, "accept")
    assert (command.state, command.uncertain) == ("retrying", False)


def test_once_in_doubt_always_in_doubt_until_the_erp_speaks(queue, erp):
    send(queue, erp, "drop")
    erp.mode = "503"
    due_now()
    deliver_due("w")
    assert Command.objects.get().uncertain


def test_the_erp_says_when_to_come_back(queue, erp):
    command = send(queue, erp, "503")
    wait = command.next_attempt_at - timezone.now()
    assert timedelta(seconds=115) < wait < timedelta(seconds=125)


def test_waits_grow_with_full_jitter(queue, monkeypatch):
    monkeypatch.setattr("oms_portal.erp.inbox.random.uniform", lambda low, high: high)
    command = queue()
    for wait in (5, 10, 20, 40):
        held = claims.claim(["main"], "w")
        before = timezone.now()
        delivery.settle(held, Result(Outcome.RETRY, status=500, detail="x"))
        command.refresh_from_db()
        asked = command.next_attempt_at - before
        assert timedelta(seconds=wait) <= asked < timedelta(seconds=wait + 2)
        due_now()


def test_who_is_not_let_in_knocks_once_and_all_others_wait_without_an_attempt(queue, erp):
    others = [queue(f"SO-{n}", at=1) for n in range(2, 5)]
    command = send(queue, erp, "401")

    Command.objects.update(next_attempt_at=timezone.now())
    assert deliver_due("w") == 0

    command.refresh_from_db()
    assert command.state == "queued"
    assert "401" in command.trouble
    assert away_since("main")
    assert Command.objects.filter(attempts=0).count() == len(others)
    wait = Breaker.objects.get().free_at - timezone.now()
    assert timedelta(seconds=50) < wait <= timedelta(minutes=2)


def test_let_in_again_everything_goes(queue, erp):
    send(queue, erp, "401")
    erp.mode = "accept"
    due_now()
    assert deliver_due("w") == 1
    assert away_since("main") is None
    assert Command.objects.get().state == "accepted"


def test_a_connector_that_raises_is_in_doubt(queue, main, settings, caplog):
    settings.OMS_PORTAL = {"CONNECTORS": {"main": {"connector": f"{__name__}.Raising"}}}
    command = queue()
    assert deliver_due("w") == 1
    command.refresh_from_db()
    assert (command.state, command.uncertain) == ("retrying", True)
    assert "buyer@" not in caplog.text


class Raising:
    capabilities = frozenset({"push.date"})

    def push(self, command, key):
        raise RuntimeError("the connector is broken")


def test_an_answer_that_came_first_is_not_overwritten_and_still_counts_as_life(queue, told):
    command = queue()
    held = claims.claim(["main"], "w")
    Command.objects.update(state="applied", lease_until=None)

    assert not delivery.settle(held, Result(Outcome.ACCEPTED, status=202))

    command.refresh_from_db()
    assert command.state == "applied"
    assert told == ["sent"]
    assert Attempt.objects.get().ended_at


@pytest.mark.parametrize(
    ("outcome", "state", "heard"),
    [
        (Outcome.REJECTED, "rejected", ["sent", "rejected"]),
        (Outcome.NEEDS_CONFIRMATION, "countered", ["sent", "countered"]),
        (Outcome.RETRY, "accepted", ["sent"]),
        (Outcome.ACCEPTED, "accepted", ["sent"]),
    ],
)
def test_the_last_word_counts_though_accepted_came_first_as_an_event(
    queue, told, outcome, state, heard
):
    command = queue()
    held = claims.claim(["main"], "w")
    Command.objects.update(state="accepted", lease_until=None, accepted_at=timezone.now())

    delivery.settle(held, Result(outcome, status=200))

    command.refresh_from_db()
    assert command.state == state
    assert told == heard
