"""What is kept for how long: bodies hold names and addresses, ids only keep repeats out."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from oms_portal.conf import settings

from .inbox import writing
from .models import InboundEvent, Record
from .worker import every


CHUNK = 500


@every(3600, "prune")
def prune(now: datetime | None = None) -> tuple[int, int]:
    """Drop bodies, then whole rows, of events that are neither pending nor a record's newest;
    how many of each. In small transactions, so that nobody waits."""
    now = now or timezone.now()
    bodies = rows = 0
    old = _old(now, settings().RAW_BODY_DAYS).filter(body__isnull=False)
    while chunk := _chunk(old):
        with writing():
            bodies += InboundEvent.objects.filter(pk__in=chunk).update(body=None)
    ended = _old(now, settings().EVENT_DAYS)
    while chunk := _chunk(ended):
        with writing():
            rows += _free(InboundEvent.objects.filter(pk__in=chunk)).delete()[0]
    return bodies, rows


def _old(now: datetime, days: int) -> QuerySet[InboundEvent]:
    return _free(InboundEvent.objects.filter(received_at__lt=now - timedelta(days=days)))


def _free(events: QuerySet[InboundEvent]) -> QuerySet[InboundEvent]:
    newest = Exists(Record.objects.filter(event=OuterRef("pk")))
    return events.exclude(state=InboundEvent.State.PENDING).exclude(newest)


def _chunk(events: QuerySet[InboundEvent]) -> list[int]:
    return list(events.order_by("received_at").values_list("pk", flat=True)[:CHUNK])
