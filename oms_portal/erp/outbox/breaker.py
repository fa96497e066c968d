"""Whether an ERP is worth trying now: one row per source, shared by all processes.

Five failures in a row, or two in which it was not even reached, open it. Then single attempts
probe, 2 s apart, then 4 s, up to a minute; they cost the waiting commands nothing. Once one gets
through, attempts start a little apart, so that an ERP that comes back is not run over.
All of this is called inside the transaction that claims a command or writes its result.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from oms_portal.erp.connectors.contract import Result

from .models import Breaker, Command
from .moves import shortened


FAILURES, UNREACHED = 5, 2
FIRST_WAIT, LONGEST_WAIT = 2.0, 60.0
# Somebody has to look at it first; until then so long between two knocks on the door.
REFUSED_WAIT = 120.0
# A probe is over by then; should its worker have died, the next one starts.
PROBE = 20.0
# Seconds between two starts after an outage: 4 in the first second, and twice as many in the third.
GAP, SHRINK, LEAST_GAP = 0.3, 0.9, 0.05


def resting(now: datetime) -> Exists:
    """Whether the source of a command starts no attempt now, for a query of commands."""
    return Exists(Breaker.objects.filter(pk=OuterRef("source_id"), free_at__gt=now))


def admits(source_id: int, now: datetime) -> bool:
    """Whether an attempt may start now; whoever is admitted has moved ``free_at`` on."""
    row = Breaker.objects.filter(pk=source_id).first()
    if row is None or (row.opened_at is None and not row.gap):
        return True
    step = max(row.wait, PROBE) if row.opened_at else row.gap
    free = Breaker.objects.filter(pk=source_id, free_at__lte=now)
    return bool(free.update(free_at=now + timedelta(seconds=step)))


def succeeded(source_id: int, now: datetime) -> None:
    """The ERP answered, whatever it said."""
    row = Breaker.objects.select_for_update().filter(pk=source_id).first()
    if row is None or not (row.opened_at or row.gap or row.failures):
        return
    if row.opened_at:
        row.gap = GAP
        row.free_at = now + timedelta(seconds=GAP)
    else:
        row.gap = row.gap * SHRINK if row.gap * SHRINK >= LEAST_GAP else 0
    row.failures, row.opened_at, row.wait, row.trouble = 0, None, 0, ""
    row.save()


def failed(command: Command, result: Result, started_at: datetime, now: datetime) -> Breaker:
    """Count a failure; the row as it stands then. An attempt that began before the breaker opened
    says nothing new."""
    new = Breaker(source_id=command.source_id, free_at=now)
    Breaker.objects.bulk_create([new], ignore_conflicts=True)
    row = Breaker.objects.select_for_update().get(pk=command.source_id)
    if row.opened_at and started_at < row.opened_at:
        return row
    unreached = result.status is None and not result.unknown
    row.failures += 1
    enough = row.failures >= (UNREACHED if unreached else FAILURES)
    if result.refused or row.opened_at or enough:
        row.opened_at = row.opened_at or now
        row.wait = _next_wait(row, result)
        row.free_at = now + timedelta(seconds=random.uniform(0.5, 1) * row.wait)
        row.gap, row.trouble = 0, shortened(result.detail)
    row.save()
    return row


def _next_wait(row: Breaker, result: Result) -> float:
    if result.refused:
        return REFUSED_WAIT
    asked = min(result.retry_after or 0, LONGEST_WAIT)
    return max(asked, min(LONGEST_WAIT, max(FIRST_WAIT, row.wait * 2)))
