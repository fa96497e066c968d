"""Checks of databases and caches: that writers wait for each other, and what is kept in common."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.db import connections

from . import TAG


PER_PROCESS_CACHES = (
    "django.core.cache.backends.locmem.LocMemCache",
    "django.core.cache.backends.dummy.DummyCache",
)
# Seconds a writer waits for the lock of SQLite before it gives up.
SQLITE_TIMEOUT = 20


@register(TAG)
def check_transactions(**kwargs: Any) -> list[CheckMessage]:
    return [
        Error(
            f"ATOMIC_REQUESTS is on for the database {alias!r}.",
            hint="The portal commits each event for itself, and a page that only reads would hold "
            "SQLite's one write lock. Turn it off and use atomic() where you need it.",
            id="oms_portal.E002",
        )
        for alias in connections
        if connections[alias].settings_dict["ATOMIC_REQUESTS"]
    ]


@register(TAG)
def check_sqlite(**kwargs: Any) -> list[CheckMessage]:
    return [
        Warning(
            f"SQLite ({alias}) would fail under several writers: {', '.join(missing)}.",
            hint='OPTIONS: {"transaction_mode": "IMMEDIATE", "timeout": 20, '
            '"init_command": "PRAGMA journal_mode=WAL;"}',
            id="oms_portal.W004",
        )
        for alias in connections
        if connections[alias].vendor == "sqlite"
        if (missing := list(_sqlite_gaps(connections[alias].settings_dict["OPTIONS"])))
    ]


def _sqlite_gaps(options: dict[str, Any]) -> Iterator[str]:
    pragmas = str(options.get("init_command", "")).lower().replace(" ", "")
    if "journal_mode=wal" not in pragmas:
        yield "no WAL"
    if str(options.get("transaction_mode", "")).upper() != "IMMEDIATE":
        yield "transactions not IMMEDIATE"
    if options.get("timeout", 5) < SQLITE_TIMEOUT:
        yield f"timeout under {SQLITE_TIMEOUT} s"


@register(TAG)
def check_cache(**kwargs: Any) -> list[CheckMessage]:
    if settings.DEBUG or settings.CACHES["default"]["BACKEND"] not in PER_PROCESS_CACHES:
        return []
    return [
        Warning(
            "Rate limits are kept in a cache of each process and end with it.",
            hint="Use Redis or django.core.cache.backends.db.DatabaseCache as default cache.",
            id="oms_portal.W005",
        )
    ]
