"""The ERP's own small database: its records, every event it ever made, and what became of them."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple


SCHEMA = """
CREATE TABLE IF NOT EXISTS record (
    kind TEXT NOT NULL, ref TEXT NOT NULL, owner TEXT NOT NULL, source TEXT NOT NULL,
    version INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, ref));
CREATE TABLE IF NOT EXISTS event (
    seq INTEGER PRIMARY KEY, source TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
    not_before REAL NOT NULL DEFAULT 0, sent INTEGER NOT NULL DEFAULT 0, answer TEXT,
    truth INTEGER NOT NULL DEFAULT 1);
CREATE INDEX IF NOT EXISTS event_unsent ON event (source, seq) WHERE sent = 0;
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


class Waiting(NamedTuple):
    seq: int
    id: str
    body: str


class Store:
    """One connection, one lock: every method may be called from any thread."""

    def __init__(self, path: Path) -> None:
        self.lock = threading.RLock()
        self.connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self.connection.executescript("PRAGMA journal_mode=WAL;" + SCHEMA)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with self.lock:
            if self.connection.in_transaction:
                yield
                return
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self.connection.execute("ROLLBACK")
                raise
            self.connection.execute("COMMIT")

    def rows(self, sql: str, *values: Any) -> list[Any]:
        with self.lock:
            return self.connection.execute(sql, values).fetchall()

    def fact(self, name: str, default: str = "") -> str:
        rows = self.rows("SELECT value FROM fact WHERE name = ?", name)
        return rows[0][0] if rows else default

    def state(self, name: str, value: str) -> None:
        self.rows("INSERT OR REPLACE INTO fact VALUES (?, ?)", name, value)

    def get(self, kind: str, ref: str) -> tuple[dict[str, Any], str] | None:
        """A record and the source that speaks of it."""
        rows = self.rows("SELECT body, source FROM record WHERE kind = ? AND ref = ?", kind, ref)
        return (json.loads(rows[0][0]), rows[0][1]) if rows else None

    def all(self, kind: str, owner: str = "") -> list[dict[str, Any]]:
        where, values = ("AND owner = ?", [owner]) if owner else ("", [])
        sql = f"SELECT body FROM record WHERE kind = ? {where} ORDER BY rowid DESC"
        return [json.loads(body) for (body,) in self.rows(sql, kind, *values)]

    def put(self, kind: str, ref: str, owner: str, source: str, body: dict[str, Any]) -> int:
        """Keep the record; gives its new version."""
        rows = self.rows(
            "INSERT INTO record VALUES (?, ?, ?, ?, 1, ?) ON CONFLICT (kind, ref) DO UPDATE "
            "SET body = excluded.body, version = version + 1 RETURNING version",
            kind,
            ref,
            owner,
            source,
            json.dumps(body),
        )
        return int(rows[0][0])

    def add_event(
        self, source: str, id: str, body: str, not_before: float = 0, truth: bool = True
    ) -> None:
        """Queue an event; one that is no truth (a bad one) is not told again at the next start."""
        self.rows(
            "INSERT INTO event (source, id, body, not_before, truth) VALUES (?, ?, ?, ?, ?)",
            source,
            id,
            body,
            not_before,
            truth,
        )

    def tell_again(self) -> None:
        self.rows("UPDATE event SET sent = 0, not_before = 0 WHERE truth")

    def waiting(self, source: str, now: float, limit: int) -> list[Waiting]:
        sql = (
            "SELECT seq, id, body FROM event WHERE source = ? AND sent = 0 AND not_before <= ? "
            "ORDER BY seq LIMIT ?"
        )
        return [Waiting(*row) for row in self.rows(sql, source, now, limit)]

    def answered(self, answers: Iterable[tuple[str, int]]) -> None:
        with self.transaction():
            self.connection.executemany(
                "UPDATE event SET sent = 1, answer = ? WHERE seq = ?", list(answers)
            )

    def unsent(self) -> int:
        return int(self.rows("SELECT COUNT(*) FROM event WHERE sent = 0")[0][0])

    def answers(self, ids: Iterable[str]) -> dict[str, str | None]:
        """What the portal answered to each of these events; None while it is on its way."""
        found: dict[str, str | None] = {}
        for id in ids:
            rows = self.rows("SELECT sent, answer FROM event WHERE id = ? ORDER BY seq", id)
            found[id] = rows[-1][1] if rows and all(sent for sent, _ in rows) else None
        return found

    def latest(self, limit: int = 25) -> list[tuple[str, str, bool, str]]:
        """The newest events: source, id, sent, answer."""
        sql = "SELECT source, id, sent, COALESCE(answer, '') FROM event ORDER BY seq DESC LIMIT ?"
        return self.rows(sql, limit)
