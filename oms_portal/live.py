"""Topics and their versions: what changed, told to whoever listens.

A topic is the key of a thing that changes (``order:42``, ``orders:7``). Its version grows in the
transaction of the change; after the commit a hint "these topics changed" goes to the listeners.
Hints may be lost: the version is the truth. This module knows no consumer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db import connections, models, router, transaction
from django.utils import timezone


# What a topic that never changed counts as: 0 on the wire means "nothing held yet".
FIRST_VERSION = 1
RIGHTS = "rights"

Listener = Callable[[frozenset[str]], None]
_listeners: list[Listener] = []


class Topic(models.Model):
    """The version of one topic; a topic without a row stands at FIRST_VERSION."""

    key = models.CharField(max_length=200, primary_key=True)
    version = models.BigIntegerField()
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.key} v{self.version}"


def changed(*keys: str) -> None:
    """Grow the versions of these topics now; hint at them when the transaction commits.

    Rows are taken in sorted order, so that two transactions that share topics never deadlock.
    """
    if not keys:
        return
    topics = sorted(set(keys))
    using = router.db_for_write(Topic)
    table = Topic._meta.db_table
    now = timezone.now()
    values = ", ".join(["(%s, %s, %s)"] * len(topics))
    connection = connections[using]
    stamp = connection.ops.adapt_datetimefield_value(now)
    params = [value for key in topics for value in (key, FIRST_VERSION + 1, stamp)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (key, version, changed_at) VALUES {values} "
            f"ON CONFLICT (key) DO UPDATE SET version = {table}.version + 1, "
            "changed_at = excluded.changed_at",
            params,
        )
    hint = frozenset(topics)
    transaction.on_commit(lambda: _tell(hint), using=using, robust=True)


def versions(keys: Iterable[str]) -> dict[str, int]:
    """The committed version of each of these topics, in one query (or a few, for thousands)."""
    wanted = list(keys)
    found = dict.fromkeys(wanted, FIRST_VERSION)
    for start in range(0, len(wanted), 500):
        chunk = wanted[start : start + 500]
        found.update(Topic.objects.filter(key__in=chunk).values_list("key", "version"))
    return found


def listen(listener: Listener) -> None:
    """Call ``listener`` with the keys of every committed change of this process, in its thread."""
    if listener not in _listeners:
        _listeners.append(listener)


def unlisten(listener: Listener) -> None:
    if listener in _listeners:
        _listeners.remove(listener)


def _tell(keys: frozenset[str]) -> None:
    for listener in tuple(_listeners):
        listener(keys)
