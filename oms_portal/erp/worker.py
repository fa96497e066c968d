"""What runs beside the web: pending events under a lease, and jobs by the clock.

A claim takes a lease and grows the row's fence; a worker that lost its lease finds another fence
and writes nothing. Killed at any instant it loses nothing: the lease runs out.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import Error, close_old_connections, connections
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from . import inbox, retries
from .inbox import TRANSIENT, writing
from .models import InboundEvent


log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
HEARTBEAT = timedelta(seconds=20)
CLAIM = 20
IDLE_SECONDS = 0.5
_MAX_RECONNECT = 5.0

Job = TypeVar("Job", bound=Callable[[], Any])


@dataclass(frozen=True)
class Periodic:
    name: str
    seconds: float
    run: Callable[[], Any]


@dataclass(frozen=True)
class Claim:
    pk: int
    fence: int


_jobs: dict[str, Periodic] = {}


def every(seconds: float, name: str) -> Callable[[Job], Job]:
    """Register a job. Each worker runs it, so it must bear being run twice at once; it is called
    outside of any transaction and must return in a few seconds."""

    def register(job: Job) -> Job:
        _jobs[name] = Periodic(name, seconds, job)
        return job

    return register


def jobs() -> list[Periodic]:
    return list(_jobs.values())


def claim(now: datetime, limit: int = CLAIM) -> list[Claim]:
    """Take pending events that are due and that nobody holds, for LEASE from now."""
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    due = _pending().filter(free, next_attempt_at__lte=now).order_by("next_attempt_at", "pk")
    if not due.exists():
        return []
    with writing():
        taken = due.select_for_update(skip_locked=True).values_list("pk", "fence")
        rows = list(taken[:limit])
        pks = [pk for pk, _ in rows]
        InboundEvent.objects.filter(pk__in=pks).update(
            lease_until=now + LEASE, fence=F("fence") + 1
        )
    return [Claim(pk, fence + 1) for pk, fence in rows]


def extend(claims: list[Claim], now: datetime) -> None:
    """The heartbeat: hold on to claims that are still to be worked on."""
    for held in claims:
        _held(held).update(lease_until=now + LEASE)


def release(claims: list[Claim]) -> None:
    for held in claims:
        _held(held).update(lease_until=None)


class Worker:
    """One loop in one thread. ``stop`` ends it after the event or job at hand."""

    def __init__(self, idle: float = IDLE_SECONDS) -> None:
        self.stopping = threading.Event()
        self.idle = idle
        self._due: dict[str, float] = {}

    def stop(self) -> None:
        self.stopping.set()

    def run(self) -> None:
        """Work until stopped; a database that goes away is waited for."""
        failures = 0
        while not self.stopping.is_set():
            try:
                close_old_connections()
                busy = self.turn()
                failures = 0
            except Error:
                failures += 1
                log.warning("the database is away", exc_info=True)
                connections.close_all()
                self.stopping.wait(min(_MAX_RECONNECT, inbox.backoff(failures, base=0.5)))
                continue
            if not busy:
                self.stopping.wait(self.idle)

    def turn(self) -> bool:
        """One pass over what is due; whether there was any event."""
        claims = claim(timezone.now())
        self._work(claims)
        self._run_jobs(time.monotonic())
        return bool(claims)

    def _work(self, claims: list[Claim]) -> None:
        beat = timezone.now()
        for at, held in enumerate(claims):
            now = timezone.now()
            if self.stopping.is_set():
                return release(claims[at:])
            if now - beat > HEARTBEAT:
                extend(claims[at:], now)
                beat = now
            retries.retry(held.pk, held.fence)

    def _run_jobs(self, now: float) -> None:
        for job in jobs():
            if self.stopping.is_set():
                return
            if now < self._due.get(job.name, 0):
                continue
            self._due[job.name] = now + job.seconds
            try:
                job.run()
            except TRANSIENT:
                raise
            except Exception:
                log.exception("the job %s failed", job.name)


def _pending() -> QuerySet[InboundEvent]:
    return InboundEvent.objects.filter(state=InboundEvent.State.PENDING)


def _held(held: Claim) -> QuerySet[InboundEvent]:
    return _pending().filter(pk=held.pk, fence=held.fence)
