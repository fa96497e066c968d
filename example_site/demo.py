"""The whole demo in the foreground: ``python -m example_site.demo`` (that is ``make demo``).

Prepares the database, starts web, worker and sandbox ERP, and stops all of them together.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

from .environment import ROOT, demo_dir


MANAGE = [sys.executable, str(ROOT / "example_site" / "manage.py")]
PREPARE = [["migrate", "-v", "0"], ["createcachetable"], ["load_example_data"]]
READY_SECONDS = 300


class Stopped(Exception):
    """Somebody asked for the end, or a child came to its own."""


class Demo:
    def __init__(self, port: int, folder: Path) -> None:
        self.port, self.folder = port, folder
        self.logs = folder / "logs"
        self.logs.mkdir(exist_ok=True)
        (folder / "port").write_text(str(port))
        self.erp_url = os.environ.get("ERP_URL") or f"http://127.0.0.1:{port + 1}"
        self.children: dict[str, subprocess.Popen[bytes]] = {}

    def run(self) -> int:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _stop)
        try:
            self._prepare()
            self._start()
            self._wait_until_ready()
            self._send_back()
            self._tell()
            while True:
                self._look_after()
                time.sleep(0.3)
        except Stopped as reason:
            say(str(reason.args[0]))
            return 0 if reason.args[1:] else 1
        finally:
            self._end()

    def _prepare(self) -> None:
        for port in (self.port, urlsplit(self.erp_url).port or 80):
            if _listens(port):
                raise Stopped(f"Port {port} is taken. Choose another: make demo PORT=8100")
        for step in PREPARE:
            say(f"manage.py {' '.join(step)}")
            done = subprocess.run([*MANAGE, *step], cwd=ROOT)
            if done.returncode:
                raise Stopped(f"manage.py {step[0]} failed; see above.")

    def _start(self) -> None:
        web = [sys.executable, "-m", "daphne", "-b", "127.0.0.1", "-p", str(self.port)]
        web += ["--access-log", str(self.logs / "access.log"), "example_site.asgi:application"]
        self._child("web", web)
        self._child("worker", [*MANAGE, "oms_worker"])
        self._until(lambda: _answers(f"{self._site}/portal/api/v1/healthz"))
        self._child("erp", [*MANAGE, "oms_sandbox_erp"])

    @property
    def _site(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def _child(self, name: str, command: list[str]) -> None:
        with open(self.logs / f"{name}.log", "ab") as log:
            self.children[name] = subprocess.Popen(
                command,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=os.environ | {"PYTHONPATH": str(ROOT)},
                start_new_session=True,
                preexec_fn=_end_with_parent,
            )

    def _wait_until_ready(self) -> None:
        say("The sandbox ERP tells the orders of the last months …")
        self._until(lambda: _unsent(self.erp_url) == 0)

    def _send_back(self) -> None:
        """Some returns to look at; without them the demo is one all the same."""
        say("Some of it is sent back …")
        done = subprocess.run([*MANAGE, "load_example_returns"], cwd=ROOT)
        if done.returncode:
            say("Not all returns could be made; see above.")
        self._until(lambda: _unsent(self.erp_url) == 0)

    def _until(self, true: Callable[[], object]) -> None:
        end = time.monotonic() + READY_SECONDS
        while not true():
            self._look_after()
            if time.monotonic() > end:
                raise Stopped(f"Not ready after {READY_SECONDS} s; see {self.logs}.")
            time.sleep(0.2)

    def _look_after(self) -> None:
        for name, child in self.children.items():
            if child.poll() is not None:
                tail = (self.logs / f"{name}.log").read_text(errors="replace")[-1500:]
                raise Stopped(
                    f"{tail}\nThe {name} process ended ({child.returncode}); stopping all."
                )

    def _tell(self) -> None:
        say(
            f"\nReady.\n"
            f"  The site          {self._site}/\n"
            f"  Orders            {self._site}/my-orders/   (sign in: make demo-credentials)\n"
            f"  Returns           {self._site}/returns/\n"
            f"  Sandbox ERP       {self.erp_url}/   press a button, watch the page\n"
            f"  Wagtail's admin   {self._site}/admin/\n"
            f"  Data and logs     {self.folder}\n"
            "Ctrl-C stops all of it.\n"
        )

    def _end(self) -> None:
        for child in reversed(self.children.values()):
            if child.poll() is None:
                child.terminate()
        end = time.monotonic() + 10
        for child in self.children.values():
            try:
                child.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        say("Stopped.")


def say(text: str) -> None:
    print(text, flush=True)


def _stop(number: int, frame: FrameType | None) -> None:
    for again in (signal.SIGINT, signal.SIGTERM):
        signal.signal(again, signal.SIG_IGN)
    raise Stopped("\nStopping …", "asked")


def _end_with_parent() -> None:
    """Linux: even when this process is killed outright, no child stays behind."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=3) as response:
            return bool(response.status == 200)
    except OSError:
        return False


def _unsent(erp_url: str) -> int | None:
    try:
        with urllib.request.urlopen(f"{erp_url}/api/state?order=-", timeout=5) as response:
            return int(json.loads(response.read())["unsent"])
    except (OSError, ValueError):
        return None


if __name__ == "__main__":
    sys.exit(Demo(int(os.environ.get("PORT") or 8000), demo_dir()).run())
