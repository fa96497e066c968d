"""What is no longer worth sending, and what is kept of what was sent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from oms_portal.erp.outbox import answers
from oms_portal.erp.outbox.claims import LEASE, claim
from oms_portal.erp.outbox.deadlines import expire, prune
from oms_portal.erp.outbox.models import Attempt, Command
from oms_portal.erp.outbox.sender import deliver_due


@pytest.fixture
def overdue(queue):
    def make(order="SO-1", **values):
        return queue(order, deadline=timezone.now() - timedelta(seconds=1), **values)

    return make


@pytest.mark.parametrize("state", ["queued", "retrying"])
def test_what_never_got_there_is_given_up_and_never_sent(overdue, told, erp, state):
    command = overdue(state=state)

    assert expire() == 1

    command.refresh_from_db()
    assert (command.state, command.trouble, command.uncertain) == ("dead", "deadline", False)
    assert command.settled_at
    assert told == ["dead"]
    assert deliver_due("w") == 0
    assert not erp.heard


@pytest.mark.parametrize(
    "values",
    [
        {"state": "retrying", "uncertain": True},
        {"state": "sent", "lease_until": timezone.now() - timedelta(seconds=1)},
    ],
)
def test_what_may_have_got_there_is_given_up_and_says_so(overdue, told, values):
    command = overdue(**values)

    assert expire() == 1

    command.refresh_from_db()
    assert command.state == "dead"
    assert "the ERP may have it" in command.trouble
    assert command.uncertain
    assert told == ["dead"]


@pytest.mark.parametrize(
    "values",
    [{"state": "sent", "lease_until": timezone.now() + 99 * LEASE}]
    + [{"state": state} for state in ("accepted", "applied", "rejected", "dead")],
)
def test_what_is_under_way_or_over_is_left_alone(overdue, told, values):
    overdue(**values)
    assert expire() == 0
    assert told == []


def test_it_frees_what_waits_behind_it(overdue, queue):
    overdue("SO-1")
    later = queue("SO-1")
    assert claim(["main"], "w") is None

    expire()

    assert claim(["main"], "w").pk == later.pk


def test_a_follower_that_fails_keeps_none_of_the_others_alive(overdue, monkeypatch):
    monkeypatch.setattr(answers, "_followers", {"change": lambda command: 1 / 0})
    overdue("SO-1")
    overdue("SO-2", kind="cancel")

    assert expire() == 1
    assert set(Command.objects.values_list("order_ref", "state")) == {
        ("SO-1", "queued"),
        ("SO-2", "dead"),
    }


def test_attempts_go_once_their_command_is_long_settled(queue, settings):
    settings.OMS_PORTAL |= {"EVENT_DAYS": 10}
    old, long_settled = timezone.now() - timedelta(days=11), queue("SO-1")
    for number in range(3):
        Attempt.objects.create(command=long_settled, number=number, fence=1, worker="w")
    Command.objects.filter(pk=long_settled.pk).update(state="applied", settled_at=old)
    fresh = queue("SO-2", state="applied", settled_at=timezone.now())
    open_still = queue("SO-3", state="accepted", accepted_at=old, queued_at=old)
    kept = [
        Attempt.objects.create(command=command, number=1, fence=1, worker="w")
        for command in (fresh, open_still)
    ]

    assert prune() == 3

    assert list(Attempt.objects.order_by("pk")) == kept
    assert Command.objects.count() == 3
