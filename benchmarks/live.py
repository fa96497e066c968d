"""Live push beside bare Channels on the same daphne and layer, beside node's ``ws``, and in chaos.

The measuring programs need a site, so they run in processes of their own and answer in JSON.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from .figures import Figure, Skipped
from .meter import ROOT


# Seconds that each program may take on a busy machine.
LONGEST = {"live_push": 600, "live_chaos": 240}


def figures() -> Iterator[Figure | Skipped]:
    if shutil.which("redis-server") is None:
        yield Skipped("live", "Redis is not installed (Debian: apt-get install redis-server)")
        return
    with tempfile.TemporaryDirectory(prefix="oms-bench-") as folder:
        for program in LONGEST:
            yield from _measured(program, folder)


def _measured(program: str, folder: str) -> Iterator[Figure | Skipped]:
    """What a program under ``peers`` prints, a figure on a line."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "benchmarks.peers.live_settings",
        "DATABASE_URL": f"sqlite://{folder}/{program}.sqlite3",
        "BENCH_FOLDER": folder,
    }
    log = Path(folder) / f"{program}.log"
    try:
        with open(log, "wb") as errors:
            done = subprocess.run(
                [sys.executable, "-m", f"benchmarks.peers.{program}"],
                cwd=ROOT,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=errors,
                timeout=LONGEST[program],
            )
    except subprocess.TimeoutExpired:
        yield Skipped(program, f"took more than {LONGEST[program]} s on this machine")
        return
    for line in done.stdout.splitlines():
        answer = json.loads(line)
        yield Skipped(**answer) if "why" in answer else Figure(**answer)
    if done.returncode:
        yield Skipped(program, log.read_text(errors="replace")[-600:] or "the program failed")
