"""All words that staff gave, as this process holds them until one of them is edited.

Whoever reads topic versions anyway (a page, the hub) hands the one of TOPIC to ``heed``: so an
edit is noticed at once and costs no query. Everybody else asks for it every few seconds.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connections, router

from oms_portal import live

from .models import StatusWord


TOPIC = "words"
LOOK_AGAIN = 3.0
# As long as the column: longer codes of an ERP are told apart by so many characters.
CODE_LENGTH = 200

Key = tuple[str, str]


@dataclass(frozen=True)
class Entry:
    """A word and its explanation; empty ``audience``, ``language`` and ``site`` stand for all."""

    word: str
    text: str
    audience: str
    language: str
    site: str


@dataclass(frozen=True)
class Book:
    """``by_site``: some words are those of one site (brand) only."""

    version: int
    entries: Mapping[Key, tuple[Entry, ...]]
    by_site: bool = False


_held: tuple[Book | None, float] = (None, 0.0)


def key_of(kind: str, code: str) -> Key:
    """Codes are told apart without their case and the spaces around them."""
    return str(kind), code.strip()[:CODE_LENGTH].casefold()


def book() -> Book:
    """What holds now; a book that was read inside a transaction is not kept, as it may roll back."""
    held, doubted_at = _held
    if held is not None and time.monotonic() < doubted_at:
        return held
    version = live.versions([TOPIC])[TOPIC]
    if held is None or held.version != version:
        held = _read(version)
        if _in_transaction():
            return held
    keep(held)
    return held


def heed(version: int) -> bool:
    """The version of TOPIC as it was just read; whether this process held another."""
    held, _ = _held
    if held is None or held.version != version:
        drop()
        return True
    keep(held)
    return False


def keep(held: Book, seconds: float = LOOK_AGAIN) -> None:
    """Hold this book, and ask after another in so many seconds."""
    global _held
    _held = (held, time.monotonic() + seconds)


def drop() -> None:
    global _held
    _held = (None, 0.0)


def _in_transaction() -> bool:
    return connections[router.db_for_read(StatusWord)].in_atomic_block


def _read(version: int) -> Book:
    entries: dict[Key, list[Entry]] = {}
    by_site = False
    for row in StatusWord.objects.order_by("pk"):
        by_site = by_site or row.site_id is not None
        entry = Entry(row.word, row.text, row.audience, row.language, str(row.site_id or ""))
        entries.setdefault(key_of(row.kind, row.code), []).append(entry)
    return Book(version, {key: tuple(found) for key, found in entries.items()}, by_site)
