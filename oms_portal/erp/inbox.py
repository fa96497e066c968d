"""Events are kept before they are believed: stored once, applied once, never lost.

One transaction holds the row, the record's rank, the projection and the topic versions. A handler
that fails leaves the event pending for the worker, so nothing behind it waits.
"""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import (
    DatabaseError,
    IntegrityError,
    InterfaceError,
    InternalError,
    OperationalError,
    connections,
    router,
    transaction,
)
from django.utils import timezone

from . import envelopes, projector, strict_json
from .envelopes import BadData
from .models import InboundEvent, Source
from .problems import Json, Problem, Unavailable
from .schemas import Envelope
from .strict_json import BadJson


log = logging.getLogger(__name__)

State = InboundEvent.State
# The database's trouble, not the event's. PostgreSQL calls a standby's refusal an InternalError.
TRANSIENT = (OperationalError, InterfaceError, InternalError)
_TRIES = 3
_MAX_WAIT = 900
_TURN_SECONDS = 20
# SQLite has one writer and an unfair queue; waiting here first keeps the waits short.
_turn = threading.Lock()


@dataclass(frozen=True)
class Outcome:
    """What became of one event. ``status`` is the HTTP status of its answer; ``state`` is a State,
    or "duplicate", or "rejected" where nothing was stored."""

    event_id: str
    state: str
    status: int
    problem: Json | None = None


class _Repeated(Exception):
    pass


@dataclass(frozen=True)
class _Arrival:
    source: Source
    envelope: Envelope
    raw: bytes
    digest: str
    request_id: str

    def row(self, state: State, **values: Any) -> InboundEvent:
        return InboundEvent(
            source=self.source,
            event_id=self.envelope.id,
            type=self.envelope.type,
            subject=self.envelope.subject,
            occurred_at=self.envelope.time,
            body=self.raw,
            body_digest=self.digest,
            request_id=self.request_id,
            state=state,
            **values,
        )


def receive(source: Source, raw: bytes, *, strict: bool = False, request_id: str = "") -> Outcome:
    """Take one event as it came. Unavailable where the database takes no writes; every other
    refusal is an Outcome. ``strict``: bad data are refused (422) instead of quarantined."""
    try:
        payload = strict_json.loads(raw)
    except BadJson as error:
        return refused("", bad_json(error))
    return take(source, payload, raw, strict=strict, request_id=request_id)


def receive_items(
    source: Source,
    items: list[strict_json.Item],
    *,
    strict: bool = False,
    request_id: str = "",
) -> list[Outcome]:
    """Take the events of a batch, each in a transaction of its own; a bad one blocks none."""
    return [
        refused("", bad_json(BadJson(item.refusal)))
        if item.refusal
        else take(source, item.value, item.raw, strict=strict, request_id=request_id)
        for item in items
    ]


def take(
    source: Source, payload: Any, raw: bytes, *, strict: bool = False, request_id: str = ""
) -> Outcome:
    """Take an event whose JSON was parsed already; ``raw`` is what is kept of it."""
    try:
        arrival = _arrival(source, payload, raw, request_id)
        return _store(arrival, strict=strict, keep=True)
    except Unavailable:
        raise
    except Problem as problem:
        return refused(_id_of(payload), problem)


def validate(source: Source, raw: bytes) -> Outcome:
    """What ``receive`` would answer, strictly; nothing is stored."""
    try:
        arrival = _arrival(source, strict_json.loads(raw), raw, "")
        return _store(arrival, strict=True, keep=False)
    except BadJson as error:
        return refused("", bad_json(error))
    except Unavailable:
        raise
    except Problem as problem:
        return refused("", problem)


def settle(row: InboundEvent, envelope: Envelope, now: datetime, *, strict: bool = False) -> None:
    """Project a stored event and set what became of it on ``row``; the caller saves it."""
    row.problem = None
    try:
        row.state = projector.project(row, envelope, now)
    except BadData as error:
        if strict:
            raise error.problem from None
        row.state = State.QUARANTINED
        row.problem = error.problem.body()
    row.applied_at = now if row.state == State.APPLIED else None


@contextmanager
def writing() -> Iterator[None]:
    """A transaction of one event. Nothing slow belongs in here: SQLite has one writer."""
    using = router.db_for_write(InboundEvent)
    if connections[using].vendor != "sqlite":
        with transaction.atomic(using=using):
            yield
        return
    if not _turn.acquire(timeout=_TURN_SECONDS):
        raise OperationalError("another thread holds the database")
    try:
        with transaction.atomic(using=using):
            yield
    finally:
        _turn.release()


def failure(event_type: str, error: Exception) -> Json:
    """A handler's failure in words that give nothing of the inside away."""
    detail = f"The event could not be applied ({type(error).__name__})."
    return Problem(422, "not-applied", detail).body() | {"event_type": event_type}


def backoff(attempts: int, base: float = 5.0) -> float:
    """Seconds to wait after so many failed attempts, with full jitter."""
    return random.uniform(0, min(_MAX_WAIT, base * 2.0 ** min(attempts, 16)))


def refused(event_id: str, problem: Problem) -> Outcome:
    return Outcome(event_id, "rejected", problem.status, problem.body())


def bad_json(error: BadJson) -> Problem:
    return Problem(400, "bad-json", f"The body is refused: {error}.")


def unavailable() -> Unavailable:
    return Unavailable(
        "database",
        "The database takes no writes now. Send the same again later; nothing counts twice.",
    )


def _arrival(source: Source, payload: Any, raw: bytes, request_id: str) -> _Arrival:
    envelope = envelopes.read(source, payload)
    return _Arrival(source, envelope, raw, strict_json.digest(payload), request_id)


def _store(arrival: _Arrival, *, strict: bool, keep: bool) -> Outcome:
    for left in reversed(range(_TRIES)):
        row = arrival.row(State.APPLIED)
        try:
            with writing():
                _insert_settled(row, arrival, strict=strict)
                if not keep:
                    transaction.set_rollback(True, using=row._state.db)
            return Outcome(row.event_id, row.state, 202 if keep else 200, row.problem)
        except _Repeated:
            return _repeated(arrival)
        except Problem:
            raise
        except TRANSIENT as error:
            if "locked" in str(error) or "another thread" in str(error):
                raise unavailable() from error
            if left:
                continue
            return _postpone(arrival, error, keep=keep)
        except Exception as error:
            return _postpone(arrival, error, keep=keep)
    raise AssertionError("the last try returns")


def _insert_settled(row: InboundEvent, arrival: _Arrival, *, strict: bool) -> None:
    """Two statements at the least: the row goes in as applied, and is corrected where it is not."""
    now = timezone.now()
    row.applied_at = now
    _insert(row)
    settle(row, arrival.envelope, now, strict=strict)
    if row.state != State.APPLIED:
        row.save(update_fields=["state", "problem", "applied_at"])


def _insert(row: InboundEvent) -> None:
    try:
        row.save(force_insert=True)
    except IntegrityError as error:
        raise _Repeated from error


def _postpone(arrival: _Arrival, error: Exception, *, keep: bool) -> Outcome:
    """Keep an event whose handler failed, for the worker to try again."""
    log.error("event %s can't be applied", arrival.envelope.id, exc_info=error)
    problem = failure(arrival.envelope.type, error)
    if not keep and isinstance(error, TRANSIENT):
        raise unavailable() from error
    if not keep:
        return Outcome(arrival.envelope.id, "rejected", 422, problem)
    again = timezone.now() + timedelta(seconds=backoff(1))
    row = arrival.row(State.PENDING, attempts=1, next_attempt_at=again, problem=problem)
    try:
        with writing():
            _insert(row)
    except _Repeated:
        return _repeated(arrival)
    except DatabaseError as cause:
        raise unavailable() from cause
    return Outcome(row.event_id, row.state, 202)


def _repeated(arrival: _Arrival) -> Outcome:
    known = InboundEvent.objects.filter(source=arrival.source, event_id=arrival.envelope.id)
    digest = known.values_list("body_digest", flat=True).first()
    if digest is None:
        raise unavailable()
    if digest == arrival.digest:
        return Outcome(arrival.envelope.id, "duplicate", 200)
    log.warning("event id %r of %s came with other bytes", arrival.envelope.id, arrival.source.slug)
    raise Problem(409, "event-id-reused", "An event with this id came before, with other content.")


def _id_of(payload: Any) -> str:
    """The id to name a refused event by, where it has one."""
    found = payload.get("id") if isinstance(payload, dict) else None
    return found[:255] if isinstance(found, str) else ""
