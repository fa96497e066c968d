"""Commands that are no longer worth sending are given up, and what became of old ones goes."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import Error
from django.db.models import Q
from django.utils import timezone

from oms_portal.conf import settings
from oms_portal.erp.inbox import writing
from oms_portal.erp.worker import every

from .models import Attempt, Command
from .moves import SETTLED, WAITING, State, move


log = logging.getLogger(__name__)

CHUNK = 500
NEVER_SENT = "deadline"
PERHAPS_DONE = "deadline; the ERP may have it"


@every(2, "deadlines")
def expire(now: datetime | None = None) -> int:
    """Give up what waits past its deadline; how many that were. What the ERP may have is marked:
    nobody but the ERP knows whether it was done, and its answer still counts."""
    now = now or timezone.now()
    waits = Q(state__in=WAITING) | Q(state=State.SENT, lease_until__lt=now)
    # In an order that leaves the index of states the best way to the few that wait.
    overdue = Command.objects.filter(waits, deadline__lte=now).order_by("deadline")
    return sum(_give_up(pk, now) for pk in overdue.values_list("pk", flat=True)[:CHUNK])


@every(3600, "attempts")
def prune(now: datetime | None = None) -> int:
    """Drop attempts at commands that were settled more than EVENT_DAYS ago; how many."""
    now = now or timezone.now()
    ended = now - timedelta(days=settings().EVENT_DAYS)
    old = Attempt.objects.filter(command__state__in=SETTLED, command__settled_at__lt=ended)
    count = 0
    while chunk := list(old.values_list("pk", flat=True)[:CHUNK]):
        with writing():
            count += Attempt.objects.filter(pk__in=chunk).delete()[0]
    return count


def _give_up(pk: int, now: datetime) -> bool:
    overdue = Q(deadline__lte=now)
    clear = Q(state__in=WAITING, uncertain=False)
    unsure = Q(state__in=WAITING, uncertain=True) | Q(state=State.SENT, lease_until__lt=now)
    values = {"state": State.DEAD, "settled_at": now, "next_attempt_at": None, "lease_until": None}
    try:
        with writing():
            return bool(
                move(pk, overdue, clear, trouble=NEVER_SENT, **values)
                or move(pk, overdue, unsure, trouble=PERHAPS_DONE, uncertain=True, **values)
            )
    except Error:
        raise
    except Exception:
        log.exception("command %s can't be given up", pk)
        return False
