"""Taking commands to be sent: one at a time, never two of an order, each under a lease.

A claim takes a lease and grows the row's fence; a worker that lost its lease finds another fence
and writes nothing. One that died in the middle is taken over, under the same key.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import Error, IntegrityError
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from oms_portal.erp.connectors.contract import Wish
from oms_portal.erp.inbox import writing

from . import answers, breaker
from .actions import patience
from .models import Attempt, Command
from .moves import ACTIVE, State


log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
HEARTBEAT = timedelta(seconds=20)
# Other workers look at the same rows: so many are tried before the next look.
_LOOKED_AT = 5


@dataclass(frozen=True)
class Claim:
    """A command that is ours until its lease runs out; ``started_at`` by our clock, in UTC."""

    pk: int
    fence: int
    attempt: int
    source: str
    started_at: datetime
    wish: Wish


def due(now: datetime) -> QuerySet[Command]:
    """Commands that may be sent now, the longest waiting first: none whose deadline passed, none
    behind an earlier one of its order, none of a source that rests."""
    free = ~Q(state=State.SENT) | Q(lease_until__lt=now)
    worth = Q(deadline__isnull=True) | Q(deadline__gt=now)
    earlier = _unsettled(now).filter(
        source=OuterRef("source"), order_ref=OuterRef("order_ref"), pk__lt=OuterRef("pk")
    )
    return (
        Command.objects.filter(free, worth, state__in=ACTIVE, next_attempt_at__lte=now)
        .filter(~Exists(earlier), ~breaker.resting(now), source__active=True)
        .order_by("next_attempt_at", "pk")
    )


def claim(slugs: Collection[str], worker: str) -> Claim | None:
    """Take one command of these sources, for LEASE from now; None where there is none to take."""
    if not slugs:
        return None
    found = due(timezone.now()).filter(source__slug__in=slugs).values_list("pk", "order_ref")
    for pk, order_ref in found[:_LOOKED_AT]:
        try:
            with writing():
                answers.hold(order_ref)
                if taken := _take(pk, worker):
                    return taken
        except IntegrityError:
            # Somebody else was faster with another command of the order.
            continue
        except Error:
            raise
        except Exception:
            # Who follows it failed: no other command waits for that.
            log.exception("command %s can't be claimed", pk)
            Command.objects.filter(pk=pk).update(next_attempt_at=timezone.now() + LEASE)
    return None


def extend(claims: Iterable[Claim], now: datetime) -> None:
    """The heartbeat: hold on to what is still under way."""
    for held in claims:
        until = now + LEASE
        mine(held).update(lease_until=until, next_attempt_at=until)


def mine(held: Claim) -> QuerySet[Command]:
    """The command, as long as nobody took it over and no answer came another way."""
    return Command.objects.filter(pk=held.pk, fence=held.fence, state=State.SENT)


def _unsettled(now: datetime) -> QuerySet[Command]:
    heard = Q(state=State.ACCEPTED, accepted_at__gt=now - patience())
    return Command.objects.filter(Q(state__in=ACTIVE) | heard)


def _take(pk: int, worker: str) -> Claim | None:
    """Inside a transaction. What was being sent when its worker went may have reached the ERP."""
    now = timezone.now()
    rows = due(now).select_for_update(skip_locked=True, of=("self",)).select_related("source")
    row = rows.filter(pk=pk).first()
    if row is None or not breaker.admits(row.source_id, now):
        return None
    until = now + LEASE
    Command.objects.filter(pk=pk).update(
        state=State.SENT,
        lease_until=until,
        next_attempt_at=until,
        fence=F("fence") + 1,
        attempts=F("attempts") + 1,
        first_sent_at=row.first_sent_at or now,
        uncertain=row.uncertain or row.state == State.SENT,
    )
    row.refresh_from_db(from_queryset=Command.objects.select_related("source"))
    attempt = Attempt.objects.create(
        command=row, number=row.attempts, fence=row.fence, worker=worker, started_at=now
    )
    answers.tell(row)
    return Claim(row.pk, row.fence, attempt.pk, row.source.slug, now, wish_of(row))


def wish_of(command: Command) -> Wish:
    return Wish(
        key=str(command.key),
        kind=command.kind,
        order=command.order_ref,
        payload=command.payload,
        requested_by=command.requested_by,
        on_behalf_of=command.on_behalf_of,
    )
