"""``make demo``: one command that starts all of it, and ends all of it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.demo import ROOT, get
from tests.services import end_with_parent, free_port, listens, wait_until


pytestmark = pytest.mark.once
# On a machine of two cores that does nothing else it takes about 20 s.
START_SECONDS = 240


class Demo:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port, erp = free_port(), free_port()
        self.ports = [self.port, erp]
        self.erp_url = f"http://127.0.0.1:{erp}"
        kept = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")}
        self.environment = kept | {
            "PORT": str(self.port),
            "ERP_URL": self.erp_url,
            "DEMO_DIR": str(folder / "demo"),
            "SANDBOX_ORDERS": "5",
            "DJANGO_SETTINGS_MODULE": "example_site.settings",
        }

    def start(self) -> subprocess.Popen[bytes]:
        log = self.folder / "out.log"
        with open(log, "wb") as out:
            demo = subprocess.Popen(
                [sys.executable, "-m", "example_site.demo"],
                cwd=ROOT,
                env=self.environment,
                stdout=out,
                stderr=out,
                preexec_fn=end_with_parent,
            )
        wait_until(lambda: "Ready." in self.said(), "it is ready", START_SECONDS, demo, log)
        return demo

    def said(self) -> str:
        return (self.folder / "out.log").read_text(errors="replace")

    def child(self, demo: subprocess.Popen[bytes], word: str) -> int:
        pids = Path(f"/proc/{demo.pid}/task/{demo.pid}/children").read_text().split()
        return next(int(p) for p in pids if word in Path(f"/proc/{p}/cmdline").read_text())


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    yield Demo(tmp_path)


def test_it_starts_from_nothing_and_ends_as_one(demo: Demo) -> None:
    running = demo.start()
    try:
        assert "Machines that keep turning" in (get(f"http://127.0.0.1:{demo.port}/") or "")
        state = f"{demo.erp_url}/api/state"

        def told_all() -> bool:
            return json.loads(get(state) or "{}").get("unsent") == 0

        # The ERP goes on deciding by itself.
        wait_until(told_all, "the ERP told all", 120)
        running.send_signal(signal.SIGTERM)
        assert running.wait(90) == 0
        assert not any(listens(port) for port in demo.ports)

        # The second start finds its data; a child that dies takes the others along, with a word.
        running = demo.start()
        os.kill(demo.child(running, "oms_worker"), signal.SIGKILL)
        assert running.wait(90) == 1
        assert "The worker process ended" in demo.said()
        assert not any(listens(port) for port in demo.ports)
    finally:
        running.kill()
