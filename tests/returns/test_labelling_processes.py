"""A worker process that is killed in the middle of making a label: the label comes all the same."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from oms_portal.returns import labelling
from oms_portal.returns.kinds import LabelState, ParcelState
from oms_portal.returns.parcels import Label
from tests.returns.parcels import approved, label_of, parcel_of, past_leases
from tests.server import ROOT, database_url
from tests.services import end_with_parent, wait_until


pytestmark = pytest.mark.django_db(transaction=True)

# A carrier that writes down what it is asked, makes a label for each key once, and hangs.
SCRIPT = """
import sys, time, django
from pathlib import Path
from django.conf import settings
settings.OMS_PORTAL = {{"RETURN_CARRIERS": {{"slow": {{"carrier": "__main__.Slow"}}}}}}
django.setup()
from oms_portal.returns.carriers.contract import Made
folder = Path({folder!r})

class Slow:
    slug, name, methods = "slow", "Slow", frozenset({{"parcel_shop"}})
    def create(self, shipping, key):
        with open(folder / "asked", "a") as asked:
            asked.write(key + "\\n")
        made = folder / key
        first = not made.exists()
        made.write_text("SL0001")
        while first and not (folder / "go").exists():
            time.sleep(0.02)
        return Made(made.read_text(), "ref-" + key)
    def void(self, *args): pass
    def track(self, *args): return []
    def points(self, *args): return []

from django.core.management import call_command
call_command("oms_worker")
"""


@pytest.fixture
def worker(tmp_path: Path) -> Any:
    started: list[subprocess.Popen[bytes]] = []

    def run() -> subprocess.Popen[bytes]:
        log = tmp_path / f"worker-{len(started)}.log"
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.site.settings",
            "DATABASE_URL": database_url(),
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
        }
        with open(log, "ab") as out:
            process = subprocess.Popen(
                [sys.executable, "-c", SCRIPT.format(folder=str(tmp_path))],
                cwd=ROOT,
                env=environment,
                stdout=out,
                stderr=out,
                preexec_fn=end_with_parent,
            )
        started.append(process)
        wait_until(lambda: b"at work" in log.read_bytes(), "it is at work", 60, process, log)
        return process

    yield run
    for process in started:
        process.kill()
        process.wait(10)


def asked(tmp_path: Path) -> list[str]:
    found = tmp_path / "asked"
    return found.read_text().split() if found.exists() else []


def test_killed_after_the_carrier_made_the_label_it_comes_once(worker, tmp_path):
    rma = approved()
    key = str(parcel_of(rma).key)
    process = worker()
    wait_until(lambda: asked(tmp_path) == [key], "the carrier was asked", 60, process)
    process.kill()
    process.wait(30)
    assert parcel_of(rma).state == ParcelState.ASKED
    assert not Label.objects.exists()
    assert not labelling.due(timezone.now()).exists()

    past_leases()
    process = worker()
    verified = Label.objects.filter(state=LabelState.VERIFIED)
    wait_until(verified.exists, "the label is there", 60, process)

    assert asked(tmp_path) == [key, key]
    assert parcel_of(rma).tracking_number == "SL0001"
    assert label_of(rma).version == 1
