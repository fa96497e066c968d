from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection, connections
from django.utils import timezone

from oms_portal.erp import retries, worker
from oms_portal.erp.models import InboundEvent, Record
from oms_portal.erp.worker import LEASE, Worker, claim, extend, release
from tests import wire
from tests.server import ROOT, database_url
from tests.services import wait_until


def order(version=1, ref="SO-1001", **changes):
    return wire.event("order", wire.order(ref), version, **changes)


@pytest.fixture
def pending(erp, handled):
    """Make so many events that are pending and due."""

    def make(count=1):
        handled.error = KeyError("x")
        for number in range(count):
            assert erp.send(order(ref=f"SO-{number}")).json() == {"state": "pending"}
        handled.error = None
        InboundEvent.objects.update(next_attempt_at=timezone.now() - timedelta(seconds=1))
        return list(InboundEvent.objects.order_by("pk"))

    return make


@pytest.fixture
def jobs(monkeypatch):
    monkeypatch.setattr(worker, "_jobs", {})


def states():
    return set(InboundEvent.objects.values_list("state", flat=True))


def test_one_pass_applies_what_is_pending(pending, handled, jobs):
    pending(3)

    assert Worker().turn()
    assert states() == {"applied"}
    assert len(handled.messages) == 3
    assert not Worker().turn()


def test_the_command_applies_what_is_pending(pending):
    pending(25)

    call_command("oms_worker", "--once", stdout=StringIO())

    assert states() == {"applied"}


def test_what_is_not_due_yet_waits(pending, jobs):
    pending()
    InboundEvent.objects.update(next_attempt_at=timezone.now() + timedelta(hours=1))

    assert not Worker().turn()
    assert states() == {"pending"}


def test_a_claimed_event_is_nobody_elses(pending):
    pending(2)
    now = timezone.now()

    first, second = claim(now, limit=1), claim(now, limit=1)

    assert first[0].pk != second[0].pk
    assert claim(now) == []


def test_a_claim_that_ran_out_is_taken_over_and_the_first_holder_is_refused(pending, handled):
    pending()
    now = timezone.now()
    [dead] = claim(now)

    [heir] = claim(now + LEASE + timedelta(seconds=1))

    assert heir.pk == dead.pk
    assert heir.fence == dead.fence + 1
    assert not retries.retry(dead.pk, dead.fence)
    assert handled.messages == []
    assert retries.retry(heir.pk, heir.fence)
    assert not retries.retry(dead.pk, dead.fence)
    assert len(handled.messages) == 1


def test_a_heartbeat_keeps_a_claim(pending):
    pending()
    now = timezone.now()
    held = claim(now)

    extend(held, now + LEASE / 2)

    assert claim(now + LEASE + timedelta(seconds=1)) == []
    assert len(claim(now + 2 * LEASE)) == 1


def test_a_zombies_heartbeat_does_not_take_the_claim_back(pending):
    pending()
    now = timezone.now()
    dead = claim(now)
    claim(now + 2 * LEASE)

    extend(dead, now + 10 * LEASE)

    assert len(claim(now + 4 * LEASE)) == 1


def test_a_released_claim_is_free_at_once(pending):
    pending()
    now = timezone.now()

    release(claim(now))

    assert len(claim(now)) == 1


def test_told_to_stop_it_finishes_the_event_at_hand_and_frees_the_rest(
    pending, handled, jobs, monkeypatch
):
    pending(3)
    running = Worker()

    def stop_after(pk, fence, real=retries.retry):
        running.stop()
        return real(pk, fence)

    monkeypatch.setattr(retries, "retry", stop_after)
    running.turn()

    assert InboundEvent.objects.filter(state="applied").count() == 1
    assert InboundEvent.objects.filter(state="pending", lease_until=None).count() == 2


def test_a_database_that_goes_away_is_waited_for(db, jobs, monkeypatch):
    running = Worker(idle=0)
    turns = []

    def turn():
        turns.append(1)
        if len(turns) < 4:
            raise OperationalError("the database system is shutting down")
        running.stop()
        return False

    monkeypatch.setattr(running, "turn", turn)
    monkeypatch.setattr(worker.inbox, "backoff", lambda *a, **k: 0)
    monkeypatch.setattr(worker.connections, "close_all", lambda: None)
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)
    running.run()

    assert len(turns) == 4


def test_jobs_run_when_they_are_due(db, jobs):
    ran = []
    worker.every(3600, "slow")(lambda: ran.append("slow"))
    worker.every(0, "quick")(lambda: ran.append("quick"))
    running = Worker()

    running.turn()
    running.turn()

    assert ran == ["slow", "quick", "quick"]


def test_a_failing_job_stops_no_other(db, jobs):
    ran = []

    def fail():
        raise KeyError("x")

    worker.every(0, "bad")(fail)
    worker.every(0, "good")(lambda: ran.append(1))

    Worker().turn()

    assert ran == [1]


def test_the_portals_own_jobs_are_registered():
    known = {job.name for job in worker.jobs()}

    assert {"alerts", "cut-offs", "deadlines", "feed", "lateness", "prune", "today"} <= known


def process(script: str, log: Path) -> subprocess.Popen[bytes]:
    """A process on this test's database, as ``manage.py`` would start it."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.site.settings",
        "DATABASE_URL": database_url(),
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
    }
    with open(log, "ab") as out:
        return subprocess.Popen(
            [sys.executable, "-c", script], cwd=ROOT, env=environment, stdout=out, stderr=out
        )


SLOW = """
import time, django
django.setup()
from oms_portal.erp import messages
from oms_portal.erp.messages import Handler
from oms_portal.erp.worker import Worker
def apply(message):
    print("at it", flush=True)
    time.sleep(60)
messages._handlers["order.updated.v1"] = Handler(apply, lambda o: o.ref, lambda o: {o.customer_ref})
Worker().run()
"""
COMMAND = """
import django
django.setup()
from oms_portal.erp import messages
from oms_portal.erp.messages import Handler
from django.core.management import call_command
messages._handlers["order.updated.v1"] = Handler(
    lambda m: None, lambda o: o.ref, lambda o: {o.customer_ref}
)
call_command("oms_worker")
"""


@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_of_an_event_nothing_is_lost(pending, handled, jobs, tmp_path):
    pending()
    log = tmp_path / "log"
    running = process(SLOW, log)
    try:
        wait_until(lambda: b"at it" in log.read_bytes(), "it is at it", 60, running, log)
    finally:
        running.kill()
        running.wait(30)
    InboundEvent.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    wait_until(lambda: Worker().turn(), "the event is free again", 60)

    assert states() == {"applied"}
    assert len(handled.messages) == 1
    assert Record.objects.get().ref == "SO-0"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_end_the_command_ends_well(pending, tmp_path, number):
    pending(2)
    log = tmp_path / "log"
    running = process(COMMAND, log)
    try:
        wait_until(lambda: states() == {"applied"}, "all is applied", 60, running, log)
        running.send_signal(number)
        assert running.wait(60) == 0
    finally:
        running.kill()
    assert b"has stopped" in log.read_bytes()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no server to lose")
def test_when_the_database_cuts_every_connection_the_work_goes_on(pending, handled, jobs):
    running = Worker(idle=0.05)
    seen = threading.Event()
    worker.every(0, "alive")(seen.set)

    def work():
        try:
            running.run()
        finally:
            connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        assert seen.wait(60)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            assert cursor.fetchone()[0] >= 1
        pending()
        wait_until(lambda: states() == {"applied"}, "the event is applied", 60)
    finally:
        running.stop()
        thread.join(60)


def test_stopping_does_not_wait_for_the_idle_time(db, jobs, monkeypatch):
    running = Worker(idle=300)
    monkeypatch.setattr(running, "turn", lambda: False)
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)
    thread = threading.Thread(target=running.run)
    thread.start()

    running.stop()
    thread.join(60)

    assert not thread.is_alive()
