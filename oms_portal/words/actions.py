"""What happens when a word is edited, and when a source sends a code that nobody gave one."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete, post_save

from oms_portal import live

from .book import TOPIC, drop
from .models import StatusWord, UnknownCode


def connect() -> None:
    """Notice edits, also those outside our own pages; called once, when all apps are ready."""
    for signal in (post_save, post_delete):
        signal.connect(_edited, sender=StatusWord, dispatch_uid="oms_portal.words")
    live.listen(_committed)


def _edited(*, instance: StatusWord, **kwargs: Any) -> None:
    """Tell of the edit; a code that has a word now is no longer unknown."""
    live.changed(TOPIC)
    drop()
    UnknownCode.objects.filter(kind=instance.kind, code__iexact=instance.code.strip()).delete()


def _committed(topics: frozenset[str]) -> None:
    if TOPIC in topics:
        drop()
