"""Commands out, on the example site with its real processes, against an ERP that can hang.

Pages beside a hanging ERP and a healthy one, in turn; how long a submitted change takes to the ERP;
how gently the portal comes back after an outage, with two workers and 200 commands waiting.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.demo import Site

from .engines import ENGINES, Missing, database
from .figures import Figure, Skipped
from .meter import ROOT


LONGEST = 300


def figures() -> Iterator[Figure | Skipped]:
    for engine in ENGINES:
        try:
            with database(engine) as url, TemporaryDirectory(prefix="oms-bench-") as folder:
                yield from _on(engine, url, Path(folder))
        except Missing as reason:
            yield Skipped(f"commands, {engine}", str(reason))


def _on(engine: str, url: str, folder: Path) -> Iterator[Figure | Skipped]:
    # SQLite lies in the site's own folder.
    site = Site(folder, **({} if engine == "SQLite" else {"DATABASE_URL": url}))
    site.environment.pop("REDIS_URL", None)
    try:
        site.prepare()
        site.start_web()
        # The orders come from the sandbox; then another ERP answers in its place.
        site.start_erp(orders=30)
        site.wait_until_told()
        site.kill("erp")
        for name in ("worker", "worker2"):
            site.start(name, str(ROOT / "example_site" / "manage.py"), "oms_worker")
        yield from _measured(engine, site)
    finally:
        site.stop()


def _measured(engine: str, site: Site) -> Iterator[Figure | Skipped]:
    """What ``peers.commands`` prints, a figure on a line."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.peers.commands"],
        cwd=ROOT,
        env=site.environment,
        capture_output=True,
        text=True,
        timeout=LONGEST,
    )
    for line in done.stdout.splitlines():
        answer = json.loads(line)
        answer["name"] = f"{answer['name']}, {engine}"
        yield Figure(**answer)
    if done.returncode:
        yield Skipped(f"commands, {engine}", done.stderr[-600:] or "the program failed")
