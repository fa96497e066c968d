"""The example site as somebody starts it by hand: its processes, credentials and sandbox ERP."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from fcntl import LOCK_EX, flock
from functools import cached_property
from pathlib import Path
from shutil import copytree
from typing import Any

from .services import end_with_parent, free_port, listens, wait_until


ROOT = Path(__file__).resolve().parent.parent
MANAGE = str(ROOT / "example_site" / "manage.py")


def get(url: str) -> str | None:
    """The body of a page, None where nobody answers or the answer is an error."""
    try:
        with urllib.request.urlopen(url, timeout=60) as response:
            return str(response.read().decode())
    except (OSError, urllib.error.HTTPError):
        return None


class Site:
    """Web processes, worker and sandbox ERP on free ports, with data in ``folder``."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.ports = [free_port(), free_port()]
        self.erp_url = f"http://127.0.0.1:{free_port()}"
        self.environment = os.environ | {
            "DEMO_DIR": str(folder),
            "PORT": str(self.ports[0]),
            "ERP_URL": self.erp_url,
            "PYTHONPATH": str(ROOT),
            "DJANGO_SETTINGS_MODULE": "example_site.settings",
            **environment,
        }
        if "DATABASE_URL" not in environment:
            for name in ("DATABASE_URL", "REDIS_URL"):
                self.environment.pop(name, None)
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def url(self, web: int = 0) -> str:
        return f"http://127.0.0.1:{self.ports[web]}"

    def manage(self, *command: str) -> str:
        done = subprocess.run(
            [sys.executable, MANAGE, *command],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr[-4000:]
        return done.stdout

    def prepare(self) -> None:
        if "DATABASE_URL" in self.environment:
            self.migrate()
        else:
            self.copy_migrated()
        self.manage("load_example_data")

    def migrate(self) -> None:
        self.manage("migrate", "-v", "0")
        self.manage("createcachetable")

    def copy_migrated(self) -> None:
        """Migrating takes 20 s of CPU, so the sites of one test run share the empty database."""
        workers = self.folder.parent
        shared = workers.parent if "PYTEST_XDIST_WORKER" in os.environ else workers
        made = shared / "migrated"
        with open(shared / "migrated.lock", "w") as lock:
            flock(lock, LOCK_EX)
            if not made.exists():
                self.migrate()
                copytree(self.folder, made)
        copytree(made, self.folder, dirs_exist_ok=True)

    def start_web(self, web: int = 0) -> None:
        command = ["-m", "daphne", "-b", "127.0.0.1", "-p", str(self.ports[web])]
        process = self.start(f"web{web}", *command, "example_site.asgi:application")
        log = self.folder / f"web{web}.log"
        port = self.ports[web]
        wait_until(lambda: listens(port), "the site listens", 120, process, log)

    def start_worker(self) -> None:
        self.start("worker", MANAGE, "oms_worker")

    def start_erp(self, orders: int = 12, **options: str) -> None:
        command = [MANAGE, "oms_sandbox_erp", "--orders", str(orders)]
        for name, value in options.items():
            command += [f"--{name}", value]
        process = self.start("erp", *command)
        log = self.folder / "erp.log"
        wait_until(lambda: get(f"{self.erp_url}/"), "the sandbox answers", 120, process, log)

    def wait_until_told(self) -> None:
        wait_until(
            lambda: self.state().get("unsent") == 0,
            "the sandbox told all",
            120,
            self.processes["erp"],
            self.folder / "erp.log",
        )

    def state(self, **asked: str) -> Any:
        query = "&".join(f"{key}={value}" for key, value in asked.items())
        return json.loads(get(f"{self.erp_url}/api/state?{query}") or "{}")

    def press(self, verb: str, **wish: Any) -> Any:
        """Press a button of the sandbox; ``wait=True`` until the portal answered its events."""
        request = urllib.request.Request(
            f"{self.erp_url}/api/do",
            data=json.dumps({"verb": verb, **wish}).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as response:
            return json.loads(response.read())

    @cached_property
    def credentials(self) -> Any:
        """What ``make demo-credentials`` prints, as of the first time it was asked for."""
        return json.loads(self.manage("demo_credentials"))

    def password_of(self, email: str) -> str:
        found = (user for user in self.credentials["users"] if user["email"] == email)
        return str(next(found)["password"])

    def start(self, name: str, *command: str) -> subprocess.Popen[bytes]:
        with open(self.folder / f"{name}.log", "ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, *command],
                env=self.environment,
                cwd=ROOT,
                stdout=log,
                stderr=log,
                preexec_fn=end_with_parent,
            )
        return self.processes[name]

    def kill(self, name: str) -> None:
        """As a crash ends it."""
        process = self.processes.pop(name)
        process.send_signal(signal.SIGKILL)
        process.wait(30)

    def stop(self) -> None:
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
