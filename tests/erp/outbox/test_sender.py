"""Threads that send, against real sockets and a real database."""

from __future__ import annotations

import random
import threading
import time

import pytest
from django.db import OperationalError

from oms_portal.erp.connectors import registry
from oms_portal.erp.outbox import breaker, claims, delivery, sender
from oms_portal.erp.outbox.models import Attempt, Breaker, Command
from oms_portal.erp.outbox.sender import Sender
from tests import factories
from tests.erp.flaky import flaky
from tests.services import wait_until


pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def start():
    """Start a sender; all of them are stopped at the end."""
    started = []

    def run(**options):
        running = Sender(idle=0.02, **options)
        started.append(running)
        running.start()
        return running

    yield run
    for running in started:
        running.stop()
    for running in started:
        running.join()


@pytest.fixture
def quick(monkeypatch):
    """Waits that a test has the time for."""
    monkeypatch.setattr(delivery, "backoff", lambda attempts: random.uniform(0, 0.1))
    monkeypatch.setattr(breaker, "FIRST_WAIT", 0.1)
    monkeypatch.setattr(breaker, "LONGEST_WAIT", 0.4)


def all_are(state, **filters):
    return not Command.objects.filter(**filters).exclude(state=state).exists()


def test_each_order_is_served_in_turn_however_often_its_erp_fails(queue, erp, start, quick):
    commands = [queue(f"SO-{n % 3}") for n in range(12)]
    erp.mode = "apply"
    erp.next = ["500", "apply", "drop", "apply", "cut", "html", "apply", "500"]

    start()
    wait_until(lambda: all_are("applied"), "all is applied")

    assert erp.effects == {str(command.key): 1 for command in commands}
    assert set(erp.most_at_once.values()) == {1}
    for order in ("SO-0", "SO-1", "SO-2"):
        queued = [str(command.key) for command in commands if command.order_ref == order]
        heard = [each.key for each in erp.heard if each.wish["order"] == order]
        assert sorted(heard, key=queued.index) == heard


def test_an_erp_that_hangs_holds_up_no_other(queue, erp, start, settings):
    with flaky(mode="apply") as healthy:
        settings.OMS_PORTAL = {"CONNECTORS": {"main": erp.setting, "second": healthy.setting}}
        second = factories.source("second")
        erp.mode = "hang"
        for number in range(9):
            queue(f"SO-{number}", at=-60)
        start(threads=3)
        wait_until(lambda: len(erp.heard) == 2, "the first hangs, in all the threads it gets")
        for number in range(5):
            queue(f"X-{number}", source=second)

        wait_until(lambda: all_are("applied", source=second), "the other is served")

        assert len(erp.heard) == 2
        erp.mode = "apply"
        erp.released.set()
        wait_until(lambda: all_are("applied"), "the first is served")


@pytest.mark.parametrize(
    ("threads", "erps", "expected"),
    [(4, 1, (4, 4)), (4, 2, (4, 3)), (4, 3, (4, 1)), (4, 6, (6, 1))],
)
def test_there_is_a_thread_left_for_each_erp(threads, erps, expected, monkeypatch):
    monkeypatch.setattr(registry, "slugs", lambda: tuple("abcdef"[:erps]))
    running = Sender(threads)
    assert (running.threads, running.share) == expected
    assert running.share * (erps - 1) < running.threads


def test_after_an_outage_the_first_second_sees_five_attempts_at_most(queue, erp, start, quick):
    erp.stop()
    commands = [queue(f"SO-{n}") for n in range(20)]
    start()
    start()
    wait_until(lambda: Breaker.objects.filter(opened_at__isnull=False), "it is given up")
    spent = Attempt.objects.count()
    time.sleep(0.5)
    assert Attempt.objects.count() <= spent + 10

    erp.mode = "apply"
    erp.start()
    wait_until(lambda: all_are("applied"), "all is applied")

    first = erp.heard[0].at
    assert sum(heard.at < first + 1 for heard in erp.heard) <= 5
    assert erp.effects == {str(command.key): 1 for command in commands}
    assert len(erp.heard) == 20


def test_told_to_stop_it_ends_what_is_under_way_and_begins_nothing(queue, erp, start):
    erp.mode = "hang"
    queue("SO-1", at=-60)
    running = start(threads=1)
    wait_until(lambda: erp.heard, "it is at it")
    queue("SO-2")

    running.stop()
    erp.released.set()
    running.join()

    assert set(Command.objects.values_list("order_ref", "state")) == {
        ("SO-1", "applied"),
        ("SO-2", "queued"),
    }


def test_a_database_that_goes_away_is_waited_for_and_nothing_is_sent_twice(
    queue, erp, start, monkeypatch
):
    monkeypatch.setattr(sender.inbox, "backoff", lambda *args, **kwargs: 0.01)
    faults = {"claim": 3, "settle": 3}

    def faulty(module, name):
        real = getattr(module, name)

        def call(*args):
            faults[name] -= 1
            if faults[name] >= 0:
                raise OperationalError("the database system is shutting down")
            return real(*args)

        monkeypatch.setattr(module, name, call)

    faulty(claims, "claim")
    faulty(delivery, "settle")
    queue()
    start()
    wait_until(lambda: all_are("accepted"), "it is delivered")

    assert len(erp.heard) == 1


def test_a_slip_of_ours_does_not_end_the_sending(queue, erp, start, monkeypatch):
    monkeypatch.setattr(sender.inbox, "backoff", lambda *args, **kwargs: 0.01)
    real, slips = claims.claim, [KeyError("x"), ValueError("y")]

    def slip(*args):
        if slips:
            raise slips.pop()
        return real(*args)

    monkeypatch.setattr(claims, "claim", slip)
    queue()
    start()
    wait_until(lambda: all_are("accepted"), "it is delivered")


def test_while_a_push_runs_its_lease_is_kept(queue, erp, start, monkeypatch):
    monkeypatch.setattr(claims, "HEARTBEAT", claims.HEARTBEAT / 1000)
    erp.mode = "hang"
    command = queue()
    start()
    wait_until(lambda: erp.heard, "it is at it")
    command.refresh_from_db()
    lease = command.lease_until

    wait_until(lambda: Command.objects.get().lease_until > lease, "the lease is prolonged")
    assert Command.objects.get().next_attempt_at > lease
    erp.released.set()


def test_without_a_connector_nothing_runs(db, settings):
    settings.OMS_PORTAL = {}
    before = threading.active_count()
    running = Sender()
    running.start()
    assert threading.active_count() == before
    running.stop()
    running.join()
