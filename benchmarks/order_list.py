"""The order list, 20 of 100,000 orders of one company, beside django-oscar's order history.

Both pages are asked for by a signed-in customer through Django's test client, whole stack, on the
same kind of database with the same number of orders; the two programs take turns. CPU is that of
the process that answers, so PostgreSQL's own share counts for neither.
OSCAR_PYTHON names an interpreter that has django-oscar and spares its installation.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from .engines import ENGINES, Missing, database
from .figures import Figure, Skipped
from .meter import Peer


NAME = "order list"
ROUNDS = 9
MAX_QUERIES = 8
REQUIREMENTS = ("django-oscar[sorl-thumbnail]", "psycopg[binary]")


def figures() -> Iterator[Figure | Skipped]:
    try:
        with _oscar_python() as python:
            for engine in ENGINES:
                try:
                    yield from _on(engine, python)
                except Missing as reason:
                    yield Skipped(f"{NAME}, {engine}", str(reason))
    except subprocess.CalledProcessError as error:
        yield Skipped(NAME, f"django-oscar can't be installed: {error.stderr.strip()[-200:]}")


def _on(engine: str, oscar_python: str) -> Iterator[Figure]:
    with (
        database(engine) as ours_url,
        database(engine) as oscar_url,
        Peer("order_list", DATABASE_URL=ours_url) as ours,
        Peer("oscar_shop", oscar_python, DATABASE_URL=oscar_url) as oscar,
    ):
        theirs = oscar.ask("queries")
        for page in ("fragment", "page"):
            queries = ours.ask(f"queries {page}")
            name = f"{NAME} {page}, {engine}, queries"
            yield Figure(name, queries, theirs, "queries", at_most=MAX_QUERIES / theirs)
        names = ("many fragment", "many page", "few fragment", "many due", "few due")
        taken: dict[str, list[float]] = {name: [] for name in (*names, "oscar")}
        for _ in range(ROUNDS):
            for name in names:
                taken[name].append(ours.ask(name))
            taken["oscar"].append(oscar.ask("cpu"))
    cpu = {name: median(values) for name, values in taken.items()}
    for page in ("fragment", "page"):
        name = f"{NAME} {page}, {engine}, CPU beside oscar's"
        yield Figure(name, cpu[f"many {page}"], cpu["oscar"], "ms", at_most=0.8)
    for page, words in (("fragment", "fragment"), ("due", "fragment by due date")):
        name = f"{NAME} {words}, {engine}, CPU at 100,000 beside 1,000"
        yield Figure(name, cpu[f"many {page}"], cpu[f"few {page}"], "ms", at_most=1.1)


@contextmanager
def _oscar_python() -> Iterator[str]:
    if given := os.environ.get("OSCAR_PYTHON"):
        yield given
        return
    with TemporaryDirectory(prefix="oms-oscar-") as folder:
        python = Path(folder) / "bin" / "python"
        for command in (
            [sys.executable, "-m", "venv", folder],
            [str(python), "-m", "pip", "install", "--quiet", *REQUIREMENTS],
        ):
            subprocess.run(command, check=True, capture_output=True, text=True)
        yield str(python)
