"""Mails that are done with and alerts that are finished go after EVENT_DAYS."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from oms_portal.conf import settings
from oms_portal.erp.inbox import writing
from oms_portal.erp.pruning import CHUNK
from oms_portal.erp.worker import every

from .models import Alert, Mail


@every(3600, "prune mails and alerts")
def prune(now: datetime | None = None) -> int:
    """How many rows went. A mail's key keeps repeats out for as long as the row is there."""
    before = (now or timezone.now()) - timedelta(days=settings().EVENT_DAYS)
    mails = Mail.objects.filter(next_attempt_at=None, created_at__lt=before)
    return _drop(mails) + _drop(Alert.objects.filter(done_at__lt=before))


def _drop(rows: QuerySet[Any]) -> int:
    gone = 0
    while chunk := list(rows.order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        with writing():
            gone += rows.filter(pk__in=chunk).delete()[0]
    return gone
