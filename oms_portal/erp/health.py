"""Alive and ready, with ages and lags; counts only, so that probes need no key."""

from __future__ import annotations

from datetime import datetime

from django.db import Error
from django.db.models import Count, Min, Q
from django.utils import timezone

from . import calls, queries
from .models import InboundEvent
from .outbox import queries as outbox
from .problems import Json


def readiness(now: datetime | None = None) -> tuple[bool, Json]:
    """Whether this process should get traffic, and how things stand. A lag alone does not make
    it unready: taking the web away would not make the worker faster."""
    now = now or timezone.now()
    report: Json = {"draining": calls.draining()}
    try:
        report |= {
            "database": "ok",
            "inbox": _inbox(now),
            "outbox": _outbox(now),
            "feed": _feed(now),
        }
    except Error:
        report["database"] = "unavailable"
    return not report["draining"] and report["database"] == "ok", report


def _inbox(now: datetime) -> Json:
    state = InboundEvent.State
    found = InboundEvent.objects.filter(state__in=(state.PENDING, state.QUARANTINED)).aggregate(
        pending=Count("pk", filter=Q(state=state.PENDING)),
        oldest=Min("received_at", filter=Q(state=state.PENDING)),
        quarantined=Count("pk", filter=Q(state=state.QUARANTINED)),
    )
    return {
        "pending": found["pending"],
        "oldest_pending_seconds": _age(found["oldest"], now),
        "quarantined": found["quarantined"],
    }


def _outbox(now: datetime) -> Json:
    found = outbox.lag()
    return {
        "waiting": found.waiting,
        "oldest_waiting_seconds": _age(found.oldest, now),
        "dead": found.dead,
        "away_seconds": _age(found.away_since, now),
    }


def _feed(now: datetime) -> Json:
    worst = queries.feed(now)
    return {"state": worst.state, "oldest_seconds": _age(worst.as_of, now)}


def _age(moment: datetime | None, now: datetime) -> float | None:
    return round((now - moment).total_seconds(), 1) if moment else None
