"""Which command may go, and who has it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from oms_portal.erp.connectors.contract import Outcome, Result
from oms_portal.erp.outbox import actions, claims, delivery
from oms_portal.erp.outbox.claims import LEASE, claim, extend
from oms_portal.erp.outbox.models import Attempt, Command
from tests import factories


def take():
    return claim(["main"], "w")


def taken(count=9):
    """The orders of what can be claimed now, in turn."""
    found = [take() for _ in range(count)]
    return [held.wish.order for held in found if held]


def run_out(**filters):
    past = timezone.now() - timedelta(seconds=1)
    Command.objects.filter(**filters).update(lease_until=past, next_attempt_at=past)


def test_a_claim_is_an_attempt_that_everybody_can_see(queue, told):
    command = queue()

    held = take()

    command.refresh_from_db()
    assert held.wish.key == str(command.key)
    assert (command.state, command.attempts, command.fence) == ("sent", 1, 1)
    assert command.lease_until > timezone.now() + LEASE / 2
    assert not command.uncertain
    assert command.first_sent_at
    attempt = Attempt.objects.get()
    assert (attempt.number, attempt.worker, attempt.ended_at) == (1, "w", None)
    assert told == ["sent"]
    assert take() is None


def test_the_longest_waiting_goes_first_and_what_is_not_due_stays(queue):
    queue("SO-1", at=-1)
    queue("SO-2", at=-5)
    queue("SO-3", at=60)

    assert taken() == ["SO-2", "SO-1"]


@pytest.mark.parametrize("earlier", ["queued", "retrying", "sent"])
def test_an_order_waits_for_its_earlier_command(queue, earlier):
    queue("SO-1", at=600, state=earlier, lease_until=timezone.now() + LEASE)
    queue("SO-1", at=-60)
    queue("SO-2")

    assert taken() == ["SO-2"]


@pytest.mark.parametrize(
    "earlier", ["applied", "rejected", "countered", "dead", "superseded", "accepted"]
)
def test_it_goes_once_the_earlier_one_is_settled(queue, earlier):
    long_ago = timezone.now() - timedelta(hours=1)
    queue("SO-1", state=earlier, accepted_at=long_ago)
    queue("SO-1")

    assert taken() == ["SO-1"]


def test_what_the_erp_took_a_moment_ago_is_waited_for(queue):
    queue("SO-1", state="accepted", accepted_at=timezone.now() - timedelta(seconds=60))
    queue("SO-1")

    assert taken() == []


def test_orders_of_two_erps_that_share_a_number_do_not_wait_for_each_other(queue):
    queue("SO-1", source=factories.source("second"), at=600)
    queue("SO-1")

    assert taken() == ["SO-1"]


def test_nothing_is_sent_past_its_deadline_or_to_an_erp_that_is_switched_off(queue, main):
    queue("SO-1", deadline=timezone.now() - timedelta(seconds=1))
    assert taken() == []

    queue("SO-2")
    main.active = False
    main.save()
    assert taken() == []
    assert claim([], "w") is None


def test_a_claim_that_ran_out_is_taken_over_as_one_that_may_have_arrived(queue):
    command = queue()
    dead = take()
    run_out()

    heir = take()

    command.refresh_from_db()
    assert (heir.pk, heir.fence, heir.wish.key) == (dead.pk, dead.fence + 1, dead.wish.key)
    assert command.uncertain
    assert command.attempts == 2


def test_a_zombies_late_result_is_refused(queue, told):
    command = queue()
    zombie = take()
    run_out()
    heir = take()

    assert not delivery.settle(zombie, Result(Outcome.REJECTED, code="x"))
    command.refresh_from_db()
    assert (command.state, command.code) == ("sent", "")

    assert delivery.settle(heir, Result(Outcome.APPLIED))
    assert not delivery.settle(zombie, Result(Outcome.REJECTED, code="x"))
    command.refresh_from_db()
    assert (command.state, command.code) == ("applied", "")
    assert told == ["sent", "sent", "applied"]
    assert "too late" in Attempt.objects.get(number=1).detail


def test_a_heartbeat_keeps_a_claim_and_a_zombies_does_not(queue):
    queue()
    zombie = take()
    run_out()
    extend([zombie], timezone.now())
    assert take() is None

    run_out()
    heir = take()
    extend([zombie], timezone.now() + 10 * LEASE)
    assert Command.objects.get().lease_until < timezone.now() + 2 * LEASE
    assert heir


def test_two_commands_of_an_order_are_never_under_way_at_once(queue):
    queue("SO-1", state="sent")
    second = queue("SO-1")

    with pytest.raises(IntegrityError), transaction.atomic():
        Command.objects.filter(pk=second.pk).update(state="sent")


def test_who_loses_the_race_for_an_order_takes_another(queue, monkeypatch):
    """Both saw the order free; the constraint decides, and the loser goes on."""
    queue("SO-1", state="sent", lease_until=timezone.now() + LEASE, at=60)
    queue("SO-1", at=-5)
    queue("SO-2")
    monkeypatch.setattr(claims, "_unsettled", lambda now: Command.objects.none())

    assert taken(1) == ["SO-2"]
    assert Attempt.objects.count() == 1


def test_a_replayed_command_goes_before_the_later_ones_of_its_order(queue):
    first = queue("SO-1", state="dead")
    queue("SO-1", at=-60)
    actions.replay(first.pk)

    assert take().pk == first.pk
    assert take() is None
