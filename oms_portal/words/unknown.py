"""Codes that a source sent and that nobody gave a word to yet: noted for staff, a bounded number.

A code is written down once in PAUSE seconds at most, however often it comes; what was counted
meanwhile is added then.
"""

from __future__ import annotations

import time
from collections.abc import Iterable

from django.db import connections, router, transaction
from django.utils import timezone

from .book import CODE_LENGTH
from .models import UnknownCode
from .queries import knows


PAUSE = 5.0
# What one event, and one source, may fill the list with.
PER_EVENT = 10
PER_SOURCE = 500
_REMEMBERED = 2000

Seen = tuple[str, str, int]
_times: dict[Seen, int] = {}
_resting: dict[Seen, float] = {}


def note(codes: Iterable[tuple[str, str]], source_id: int, example: str) -> None:
    """Note these codes, (kind, code), once the event's transaction commits; ``example`` says where
    they stood. What fails here is logged and harms no event."""
    told = {(str(kind), code.strip()[:CODE_LENGTH]) for kind, code in codes if code.strip()}
    found = sorted(told)[:PER_EVENT]
    if found:
        # No partial: Django asks for the name of what failed.
        transaction.on_commit(lambda: _note(found, source_id, example), robust=True)


def _note(codes: list[tuple[str, str]], source_id: int, example: str) -> None:
    if max(len(_times), len(_resting)) > _REMEMBERED:
        _times.clear()
        _resting.clear()
    now = time.monotonic()
    new = [(kind, code, source_id) for kind, code in codes if not knows(kind, code)]
    for seen in new:
        _times[seen] = _times.get(seen, 0) + 1
    due = [seen for seen in new if _resting.get(seen, 0.0) <= now]
    if due:
        _resting.update(dict.fromkeys(due, now + PAUSE))
        with transaction.atomic(using=router.db_for_write(UnknownCode)):
            for seen in due:
                _write(seen, _times.pop(seen), example)


def _write(seen: Seen, times: int, example: str) -> None:
    """One statement: count on, or add the code while the source has room for it."""
    connection = connections[router.db_for_write(UnknownCode)]
    table = UnknownCode._meta.db_table
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} "
            "(kind, code, source_id, times, first_seen_at, last_seen_at, example) "
            "SELECT %s, %s, %s, %s, %s, %s, %s "
            f"WHERE (SELECT count(*) FROM {table} WHERE source_id = %s) < %s OR EXISTS "
            f"(SELECT 1 FROM {table} WHERE kind = %s AND code = %s AND source_id = %s) "
            f"ON CONFLICT (kind, code, source_id) DO UPDATE SET times = {table}.times + "
            "excluded.times, last_seen_at = excluded.last_seen_at, example = excluded.example",
            [*seen, times, now, now, example[:200], seen[2], PER_SOURCE, *seen],
        )
