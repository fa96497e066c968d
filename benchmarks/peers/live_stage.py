"""What the live benchmarks run against: servers, Redis, a signed-in person, a writer."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.meter import ROOT


APPLICATION = "benchmarks.peers.live_app:application"


def say(**figure: Any) -> None:
    print(json.dumps(figure), flush=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_port(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise RuntimeError(f"nothing listens: {process.args}")


class Program:
    """A program that listens on a port; ``cpu`` and ``memory`` are what the kernel says of it."""

    def __init__(self, port: int, *command: str) -> None:
        self.port = port
        self.command = command
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=sys.stderr
        )
        wait_for_port(self.port, self.process)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    @property
    def cpu(self) -> float:
        """Seconds of CPU in all its threads so far."""
        stat = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")

    @property
    def memory(self) -> float:
        """Kilobytes resident."""
        pages = Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE") / 1024


@contextmanager
def running(*command: str, port: int) -> Iterator[Program]:
    program = Program(port, *command)
    try:
        yield program
    finally:
        program.kill()


def redis(port: int) -> Any:
    options = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    return running(
        "redis-server",
        "--port",
        str(port),
        "--dir",
        os.environ["BENCH_FOLDER"],
        *options,
        port=port,
    )


def daphne(port: int) -> Any:
    # Deliveries are counted in bytes: no pings in between.
    where = ["-e", f"tcp:{port}:interface=127.0.0.1:backlog=4096", "-v", "0"]
    where += ["--ping-interval", "3600", "--ping-timeout", "7200"]
    return running(sys.executable, "-m", "daphne", *where, APPLICATION, port=port)


def uvicorn(port: int) -> Any:
    options = [
        "--loop",
        "uvloop",
        "--ws",
        "websockets-sansio",
        "--lifespan",
        "off",
        "--log-level",
        "error",
    ]
    where = ["--host", "127.0.0.1", "--port", str(port), "--ws-ping-interval", "3600"]
    return running(sys.executable, "-m", "uvicorn", *where, *options, APPLICATION, port=port)


@contextmanager
def layer_sender() -> Iterator[Callable[[str, dict[str, Any]], None]]:
    """Send to a group over one lasting connection, the cheapest way Channels has."""
    from channels.layers import get_channel_layer

    loop = asyncio.new_event_loop()
    layer = get_channel_layer()
    yield lambda group, message: loop.run_until_complete(layer.group_send(group, message))
    loop.run_until_complete(asyncio.sleep(0))


def signed_in_cookie(user: Any) -> str:
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
