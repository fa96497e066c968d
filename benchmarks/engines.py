"""The databases a benchmark runs on: SQLite in a file, and a PostgreSQL of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

from tests import services


ENGINES = ("SQLite", "PostgreSQL")
Missing = services.Missing


@contextmanager
def database(engine: str) -> Iterator[str]:
    """The URL of an empty database of this engine, gone at the end. Missing where there is none."""
    if engine == "PostgreSQL":
        with services.postgres() as url:
            yield url
    else:
        with TemporaryDirectory(prefix="oms-bench-") as folder:
            yield f"sqlite://{folder}/db.sqlite3"
