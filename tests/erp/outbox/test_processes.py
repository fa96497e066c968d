"""Worker processes that are killed, frozen and told to end, in the middle of a push."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from django.utils import timezone

from oms_portal.erp.outbox.models import Attempt, Command
from oms_portal.erp.outbox.sender import deliver_due
from tests.server import ROOT, database_url
from tests.services import end_with_parent, wait_until


pytestmark = pytest.mark.django_db(transaction=True)

SCRIPT = """
import logging, sys, django
from django.conf import settings
settings.OMS_PORTAL = {portal!r}
django.setup()
logging.basicConfig(level="INFO")
from django.core.management import call_command
call_command("oms_worker")
"""


@pytest.fixture
def worker(main, settings, tmp_path):
    """Start ``oms_worker`` as a process; gives it and its log."""
    started = []

    def run():
        log = tmp_path / f"worker-{len(started)}.log"
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.site.settings",
            "DATABASE_URL": database_url(),
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
        }
        with open(log, "ab") as out:
            process = subprocess.Popen(
                [sys.executable, "-c", SCRIPT.format(portal=settings.OMS_PORTAL)],
                cwd=ROOT,
                env=environment,
                stdout=out,
                stderr=out,
                preexec_fn=end_with_parent,
            )
        started.append(process)
        wait_until(lambda: b"at work" in log.read_bytes(), "it is at work", 60, process, log)
        return process, log

    yield run
    for process in started:
        process.kill()
        process.wait(30)


def run_out():
    past = timezone.now() - timedelta(seconds=1)
    Command.objects.update(lease_until=past, next_attempt_at=past)


def test_killed_in_the_middle_of_a_push_it_is_sent_again_with_one_effect(queue, erp, worker):
    erp.mode = "hang"
    command = queue()
    process, _ = worker()
    wait_until(lambda: erp.heard, "it is at it", 60)
    process.kill()
    process.wait(30)
    assert Command.objects.get().state == "sent"
    assert deliver_due("w") == 0

    run_out()
    erp.released.set()
    assert deliver_due("w") == 1

    command.refresh_from_db()
    assert command.state == "applied"
    assert erp.keys == [str(command.key)] * 2
    assert erp.effects == {str(command.key): 1}
    first, second = Attempt.objects.order_by("number")
    assert (first.ended_at, bool(second.ended_at)) == (None, True)


def test_frozen_past_its_lease_it_can_write_nothing_any_more(queue, erp, worker):
    erp.next = ["hang"]
    erp.mode = "reject"
    command = queue()
    process, log = worker()
    wait_until(lambda: erp.heard, "it is at it", 60)
    process.send_signal(signal.SIGSTOP)
    run_out()
    assert deliver_due("w") == 1
    assert Command.objects.get().state == "rejected"

    erp.released.set()
    process.send_signal(signal.SIGCONT)
    wait_until(lambda: b"no longer ours" in log.read_bytes(), "it comes too late", 60, process, log)

    command.refresh_from_db()
    assert (command.state, command.code, command.fence) == ("rejected", "too-late", 2)
    assert erp.keys == [str(command.key)] * 2
    assert b"buyer@" not in log.read_bytes()


def test_told_to_end_in_the_middle_of_a_push_it_writes_the_result_first(queue, erp, worker):
    erp.mode = "hang"
    queue()
    process, log = worker()
    wait_until(lambda: erp.heard, "it is at it", 60)

    process.send_signal(signal.SIGTERM)
    erp.released.set()

    assert process.wait(60) == 0
    assert b"has stopped" in log.read_bytes()
    assert Command.objects.get().state == "applied"
    assert len(erp.heard) == 1


def test_two_workers_share_the_work_and_keep_each_order_in_turn(queue, erp, worker):
    erp.mode = "slow"
    worker()
    worker()
    commands = [queue(f"SO-{number % 6}") for number in range(30)]
    wait_until(lambda: not Command.objects.exclude(state="applied").exists(), "all is done", 90)

    assert erp.effects == {str(command.key): 1 for command in commands}
    assert len(erp.heard) == 30
    assert set(erp.most_at_once.values()) == {1}
    for order in {command.order_ref for command in commands}:
        heard = [each.key for each in erp.heard if each.wish["order"] == order]
        assert heard == [str(command.key) for command in commands if command.order_ref == order]
    assert Attempt.objects.values("worker").distinct().count() == 2
