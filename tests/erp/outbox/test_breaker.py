"""An ERP that is away is left alone, and not run over when it is back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from oms_portal.erp.connectors.contract import Outcome, Result
from oms_portal.erp.outbox import breaker, delivery, queries
from oms_portal.erp.outbox.claims import claim
from oms_portal.erp.outbox.models import Breaker, Command
from tests import factories


BROKEN = Result(Outcome.RETRY, status=500, unknown=True, detail="It answered 500.")
AWAY = Result(Outcome.RETRY, detail="Not reached.")
WELL = Result(Outcome.ACCEPTED, status=202)


@pytest.fixture
def attempt(queue, monkeypatch):
    """Make an attempt with this result at that second; None where none may start."""
    start = timezone.now()
    numbers = iter(range(1000))

    def make(result, at=0.0):
        now = start + timedelta(seconds=at)
        for module in ("claims", "delivery"):
            monkeypatch.setattr(f"oms_portal.erp.outbox.{module}.timezone.now", lambda: now)
        command = queue(f"SO-{next(numbers)}")
        Command.objects.update(next_attempt_at=start)
        held = claim(["main"], "w")
        if held is None:
            Command.objects.filter(pk=command.pk).delete()
            return None
        delivery.settle(held, result)
        return Breaker.objects.filter(pk=command.source_id).first()

    return make


def test_five_failures_in_a_row_open_it(attempt):
    for _ in range(4):
        assert attempt(BROKEN).opened_at is None
    assert attempt(BROKEN).opened_at
    assert attempt(WELL) is None


def test_a_success_between_them_counts_from_the_start(attempt):
    for result in [BROKEN] * 4 + [WELL] + [BROKEN] * 4:
        assert attempt(result).opened_at is None


def test_a_refusal_of_a_command_is_a_sign_of_life(attempt):
    rejected = Result(Outcome.REJECTED, status=422)
    for result in [BROKEN] * 4 + [rejected] + [BROKEN] * 4:
        assert attempt(result).opened_at is None


def test_one_that_is_not_there_is_given_up_at_the_second_knock(attempt):
    assert attempt(AWAY).opened_at is None
    assert attempt(AWAY).opened_at


def test_probes_go_out_ever_further_apart_and_never_more_than_a_minute(attempt, monkeypatch):
    monkeypatch.setattr(breaker.random, "uniform", lambda low, high: high)
    attempt(AWAY)
    attempt(AWAY)
    at, gaps = 0.0, []
    for gap in (2, 4, 8, 16, 32, 60, 60):
        assert attempt(WELL, at + gap - 0.1) is None
        at += gap
        assert attempt(AWAY, at).opened_at
        gaps.append(gap)
    assert len(gaps) == 7


def test_waiting_commands_pay_nothing_for_it(attempt, queue):
    for _ in range(5):
        attempt(BROKEN)
    waiting = [queue(f"W-{n}") for n in range(5)]
    Command.objects.update(next_attempt_at=timezone.now())

    assert claim(["main"], "w") is None
    assert not any(Command.objects.filter(pk__in=[w.pk for w in waiting], attempts__gt=0))


def test_while_a_probe_is_under_way_there_is_no_other(attempt, queue, monkeypatch):
    attempt(AWAY)
    attempt(AWAY)
    queue("SO-A")
    queue("SO-B")
    Command.objects.update(next_attempt_at=timezone.now())
    Breaker.objects.update(free_at=timezone.now())

    assert claim(["main"], "w")
    assert claim(["main"], "w") is None


def test_once_it_is_back_the_first_second_sees_five_attempts_at_most(attempt, main):
    attempt(AWAY)
    attempt(AWAY)
    back = Breaker.objects.get().free_at
    starts = []
    for tick in range(400):
        now = back + timedelta(seconds=tick / 100)
        if breaker.admits(main.pk, now):
            starts.append(tick / 100)
            breaker.succeeded(main.pk, now)

    assert starts[0] == 0
    assert 2 <= sum(start < 1 for start in starts) <= 5
    assert Breaker.objects.get().gap == 0
    assert queries.away_since("main") is None


def test_what_began_before_it_opened_does_not_lengthen_the_wait(queue):
    late = [claim(["main"], "w") for n in range(3) if queue(f"SO-{n}")]
    for n in range(3, 5):
        queue(f"SO-{n}")
        delivery.settle(claim(["main"], "w"), AWAY)
    wait = Breaker.objects.get().wait

    for held in late:
        delivery.settle(held, BROKEN)

    assert Breaker.objects.get().wait == wait


def test_each_erp_has_its_own(attempt, queue):
    attempt(AWAY)
    attempt(AWAY)
    second = factories.source("second")
    queue("SO-X", source=second)

    assert claim(["main", "second"], "w").source == "second"
    assert queries.away_since("second") is None


def test_of_two_who_look_at_once_one_is_admitted(attempt, main):
    attempt(AWAY)
    attempt(AWAY)
    now = Breaker.objects.get().free_at

    assert [breaker.admits(main.pk, now), breaker.admits(main.pk, now)] == [True, False]
