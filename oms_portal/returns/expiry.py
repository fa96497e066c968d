"""What the clock does: goods that were not handed over, settled returns, drafts nobody came back to."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db.models import Max
from django.utils import timezone

from oms_portal.conf import settings
from oms_portal.erp.inbox import TRANSIENT, writing
from oms_portal.erp.worker import every
from oms_portal.orders.moments import day_of, zone_of

from . import commands, evidence
from .holding import Held, hold
from .kinds import ReturnState
from .models import Return
from .moving import By, move, say
from .refusals import Refused


log = logging.getLogger(__name__)

S = ReturnState
CLOCK = By("clock")
# So long after it was settled nothing more is expected to come of a return.
SETTLED = timedelta(days=14)


@every(60, "returns too late")
def run() -> None:
    expire(timezone.now())


@every(3600, "returns that are done")
def tidy() -> None:
    now = timezone.now()
    finish(now)
    forget_drafts(now)


def expire(now: datetime) -> int:
    """End the returns whose goods were not handed over by their last day, in the company's zone;
    how many. What a carrier has, or what needs no sending, is not among them."""
    # East of Greenwich a day is over before it is at Greenwich.
    late = Return.objects.filter(
        state=S.APPROVED, scanned_at=None, expires_on__lt=(now + timedelta(days=1)).date()
    )

    def end(held: Held) -> None:
        rma = held.rma
        if rma.state == S.APPROVED and rma.scanned_at is None and _is_over(rma, now):
            move(held, "expire", S.EXPIRED, CLOCK, now, answer_code="too_late")
            commands.recall(held)

    return _each((rma for rma in late.select_related("company") if _is_over(rma, now)), end)


def finish(now: datetime) -> int:
    """Close returns that were settled some time ago; how many."""
    done = Return.objects.filter(state=S.SETTLED, closed_at__lt=now - SETTLED)

    def end(held: Held) -> None:
        if held.rma.state == S.SETTLED:
            move(held, "finish", S.CLOSED, CLOCK, now)

    return _each(done, end)


def forget_drafts(now: datetime) -> int:
    """Delete drafts that were not touched for some days; how many."""
    before = now - timedelta(days=settings().DRAFT_DAYS)
    drafts = Return.objects.filter(state=S.DRAFT).annotate(touched=Max("events__at"))

    def forget(held: Held) -> None:
        if held.rma.state == S.DRAFT:
            say(held.rma)
            evidence.forget(held.rma)
            held.rma.delete()

    return _each(drafts.filter(touched__lt=before), forget)


def _is_over(rma: Return, now: datetime) -> bool:
    zone = zone_of(rma.company.time_zone)
    return rma.expires_on is not None and day_of(now, zone) > rma.expires_on


def _each(rmas: Iterable[Return], does: Callable[[Held], None]) -> int:
    """Do it to each, in a transaction of its own; how many it could be done to."""
    return sum(_one(rma, does) for rma in list(rmas))


def _one(rma: Return, does: Callable[[Held], None]) -> bool:
    try:
        with writing():
            does(hold(rma))
    except Refused:
        return False
    except TRANSIENT:
        raise
    except Exception:
        log.exception("the clock can't move return %s", rma.number)
        return False
    return True
