"""What features and staff do with commands."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from oms_portal.erp.outbox import actions, answers
from oms_portal.erp.outbox.claims import claim
from oms_portal.erp.outbox.models import Command
from oms_portal.erp.outbox.sender import deliver_due


def state(command):
    command.refresh_from_db()
    return command.state


def past(**delta):
    return timezone.now() - timedelta(**delta)


def test_what_is_queued_waits_and_is_worth_sending_for_three_days(queue):
    command = queue()
    assert command.state == "queued"
    assert timedelta(hours=71) < command.deadline - timezone.now() < timedelta(hours=73)


@pytest.mark.parametrize("waiting", ["queued", "retrying"])
def test_what_never_got_there_can_be_taken_back(queue, told, erp, waiting):
    command = queue(state=waiting)

    assert actions.supersede(command.pk)

    assert state(command) == "superseded"
    assert command.settled_at
    assert told == ["superseded"]
    assert deliver_due("w") == 0
    assert not erp.heard


@pytest.mark.parametrize(
    "values",
    [{"state": "sent"}, {"state": "retrying", "uncertain": True}, {"state": "accepted"}],
)
def test_what_the_erp_may_have_can_not_be_taken_back(queue, told, values):
    command = queue(**values)

    assert not actions.supersede(command.pk)

    assert state(command) == values["state"]
    assert told == []


def test_a_dead_command_is_sent_again_under_its_key_whenever_its_deadline_was(queue, told, erp):
    command = queue(state="dead", deadline=past(days=9), settled_at=past(days=8), trouble="x")

    assert actions.replay(command.pk)
    assert state(command) == "queued"
    assert (command.trouble, command.settled_at) == ("", None)
    assert deliver_due("w") == 1

    assert erp.keys == [str(command.key)]
    assert told == ["queued", "sent", "accepted"]


@pytest.mark.parametrize("other", ["queued", "sent", "applied", "superseded"])
def test_only_a_dead_command_is_replayed(queue, told, other):
    command = queue(state=other)
    assert not actions.replay(command.pk)
    assert (state(command), told) == (other, [])


@pytest.mark.parametrize(
    ("values", "ends"),
    [
        ({"state": "queued"}, "superseded"),
        ({"state": "retrying"}, "superseded"),
        ({"state": "dead"}, "superseded"),
        ({"state": "retrying", "uncertain": True}, "dead"),
        ({"state": "sent", "lease_until": past(seconds=1)}, "dead"),
        ({"state": "accepted", "accepted_at": past(hours=1)}, "dead"),
    ],
)
def test_staff_give_up_what_gets_nowhere(queue, told, values, ends):
    command = queue(**values)

    assert actions.abandon(command.pk, "Done by phone")

    assert (state(command), command.trouble) == (ends, "Done by phone")
    assert told == [ends]


@pytest.mark.parametrize(
    "values",
    [
        {"state": "sent", "lease_until": timezone.now() + timedelta(days=9)},
        {"state": "accepted", "accepted_at": timezone.now() + timedelta(days=9)},
        {"state": "applied"},
        {"state": "rejected"},
    ],
)
def test_nobody_gives_up_what_is_under_way_or_settled(queue, told, values):
    command = queue(**values)
    assert not actions.abandon(command.pk, "x")
    assert (state(command), told) == (values["state"], [])


def test_a_long_note_is_cut_not_refused(queue):
    command = queue()
    assert actions.abandon(command.pk, "x" * 1000)
    assert len(Command.objects.get().trouble) == 300


def test_what_a_follower_can_not_bear_does_not_happen(queue, monkeypatch):
    def fail(command):
        raise KeyError("x")

    command = queue()
    monkeypatch.setattr(answers, "_followers", {"change": fail})

    with pytest.raises(KeyError):
        actions.supersede(command.pk)
    assert state(command) == "queued"


def test_a_follower_that_fails_holds_up_no_other_command(queue, monkeypatch, erp):
    queue("SO-1")
    queue("SO-2", kind="cancel")
    monkeypatch.setattr(answers, "_followers", {"change": lambda command: 1 / 0})

    assert deliver_due("w") == 1

    assert erp.orders == ["SO-2"]
    assert claim(["main"], "w") is None


def test_the_order_is_locked_before_its_command(queue, told, monkeypatch):
    steps = []
    monkeypatch.setattr(answers, "_holders", [lambda ref: steps.append((ref, list(told)))])
    command = queue("SO-9")

    actions.supersede(command.pk)

    assert steps == [("SO-9", [])]
