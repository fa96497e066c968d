"""CPU time of a piece of work, and measuring programs that take turns.

Things that are compared run in processes of their own (other environments, other settings) and
are asked in turn, so that a busy minute of the machine falls on all of them alike.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any


ROOT = Path(__file__).resolve().parent.parent


def cpu_ms(work: Callable[[], object], times: int) -> float:
    """CPU of this process, in milliseconds, for one call, as the mean of ``times`` calls."""
    started = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - started) * 1000 / times


def serve(answers: Mapping[str, Callable[[], Any]]) -> None:
    """Answer each name that comes in on a line with the JSON of what its function returns."""
    for line in sys.stdin:
        print(json.dumps(answers[line.strip()]()), flush=True)


class Peer:
    """A measuring program: ``python -m benchmarks.peers.<name>`` with ``serve`` at its end."""

    def __init__(self, name: str, python: str = sys.executable, **env: str) -> None:
        self._process = subprocess.Popen(
            [python, "-m", f"benchmarks.peers.{name}"],
            cwd=ROOT,
            env={**os.environ, **env},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, name: str) -> Any:
        assert self._process.stdin and self._process.stdout
        with suppress(BrokenPipeError):
            self._process.stdin.write(f"{name}\n")
            self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError(f"the measuring program ended while asked for {name!r}")
        return json.loads(answer)

    def __enter__(self) -> Peer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process.stdin and self._process.stdout
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
