"""Every command that ever came, by its key: how often, what was answered, what it did."""

from __future__ import annotations

import json
import time
from typing import Any, NamedTuple

from .store import Store


SCHEMA = """
CREATE TABLE IF NOT EXISTS command (
    key TEXT PRIMARY KEY, source TEXT NOT NULL, ref TEXT NOT NULL, kind TEXT NOT NULL,
    digest TEXT NOT NULL, body TEXT NOT NULL, status INTEGER, answer TEXT,
    outcome TEXT NOT NULL DEFAULT '', effects INTEGER NOT NULL DEFAULT 0, due REAL,
    then_outcome TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS delivery (
    key TEXT NOT NULL, at REAL NOT NULL, mode TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS delivery_key ON delivery (key, at);
"""


class Command(NamedTuple):
    """``status`` None: nothing was answered that a repetition would have to be answered again."""

    key: str
    source: str
    ref: str
    kind: str
    digest: str
    body: dict[str, Any]
    status: int | None = None
    answer: str = ""


class Book:
    """All methods are called inside a transaction of the store."""

    def __init__(self, store: Store) -> None:
        self.store = store
        store.connection.executescript(SCHEMA)

    def note(self, command: Command) -> Command:
        """Write down that it came; gives what is known of its key."""
        self.store.rows(
            "INSERT INTO command (key, source, ref, kind, digest, body) VALUES (?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (key) DO NOTHING",
            *command[:5],
            json.dumps(command.body),
        )
        known = self.get(command.key)
        assert known is not None
        return known

    def count(self, key: str, mode: str) -> None:
        self.store.rows("INSERT INTO delivery VALUES (?, ?, ?)", key, time.time(), mode)

    def get(self, key: str) -> Command | None:
        sql = (
            "SELECT key, source, ref, kind, digest, body, status, COALESCE(answer, '') "
            "FROM command WHERE key = ?"
        )
        return next((_command(row) for row in self.store.rows(sql, key)), None)

    def answered(self, key: str, status: int, answer: str, outcome: str) -> None:
        self.store.rows(
            "UPDATE command SET status = ?, answer = ?, outcome = ? WHERE key = ?",
            status,
            answer,
            outcome,
            key,
        )

    def told(self, key: str, outcome: str) -> None:
        """What was told of it by an event later; nothing more will be."""
        sql = "UPDATE command SET outcome = ?, due = NULL, then_outcome = '' WHERE key = ?"
        self.store.rows(sql, outcome, key)

    def effected(self, key: str) -> None:
        self.store.rows("UPDATE command SET effects = effects + 1 WHERE key = ?", key)

    def put_off(self, key: str, due: float | None, then: str) -> None:
        sql = "UPDATE command SET due = ?, then_outcome = ? WHERE key = ?"
        self.store.rows(sql, due, then, key)

    def due(self, now: float | None) -> list[tuple[Command, str]]:
        """What was put off until now, or all of it; each with the outcome it is to have."""
        sql = (
            "SELECT key, source, ref, kind, digest, body, status, COALESCE(answer, ''), then_outcome "
            "FROM command WHERE then_outcome != '' AND (? IS NULL OR due <= ?) ORDER BY rowid"
        )
        return [(_command(row[:8]), row[8]) for row in self.store.rows(sql, now, now)]

    def list(self, ref: str = "", limit: int = 1000) -> list[dict[str, Any]]:
        """The newest commands: how often each came, when, and what it did."""
        sql = (
            "SELECT c.key, c.ref, c.kind, COUNT(d.key), c.effects, c.outcome, MIN(d.at), MAX(d.at) "
            "FROM command c LEFT JOIN delivery d ON d.key = c.key WHERE ? IN ('', c.ref) "
            "GROUP BY c.key ORDER BY c.rowid DESC LIMIT ?"
        )
        names = ("key", "order", "kind", "deliveries", "effects", "answered", "first_at", "last_at")
        return [dict(zip(names, row, strict=True)) for row in self.store.rows(sql, ref, limit)]


def _command(row: tuple[Any, ...]) -> Command:
    return Command(*row[:5], json.loads(row[5]), row[6], row[7])
