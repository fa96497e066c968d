"""From a checked event to the read model, inside the transaction that the caller holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import connections, router

from . import envelopes, messages
from .envelopes import BadData
from .messages import Handler, Message, rank_of
from .models import InboundEvent, Record
from .problems import Problem
from .schemas import Envelope


MAX_JUMP = 1_000_000
MAX_AHEAD = timedelta(hours=24)

NEWEST, OLDER, JUMP, EARLY = "newest", "older", "jump", "early"
State = InboundEvent.State
# Kinds that are kept as their newest record alone while no feature has a handler for them.
_BARE: dict[str, Callable[[Any], str]] = {
    "return": lambda record: str(record.ref),
    "stock": lambda record: f"{len(record.sku)}:{record.sku}:{record.location_ref}",
}


def project(row: InboundEvent, envelope: Envelope, now: datetime) -> State:
    """Apply a stored event; the state it ends in.

    The record's row is taken first, so that events of one record queue up behind each other.
    BadData where the event can't be taken, Problem 403 where its source may not send it.
    """
    if not envelopes.known(envelope):
        return State.IGNORED
    kind, record, version = envelopes.read_data(envelope)
    handler = messages.handler_of(envelope.type)
    if handler and handler.admits:
        handler.admits(row.source, record)
    ref = handler.ref(record) if handler else _BARE[kind](record)
    if handler and handler.apart:
        ref = f"{row.source_id}:{ref}"
    rank = rank_of(version, envelope.time, envelope.id)
    early = envelope.time > now + MAX_AHEAD
    standing = EARLY if early else _advance(row, kind, ref, rank, version, envelope.time)
    _check_customers(row, handler, record)
    if standing in (OLDER, JUMP) and handler and _is_squatted(row, handler, record, kind, ref):
        standing = _advance(row, kind, ref, rank, version, envelope.time, yields=True)
    _check_standing(standing)
    newest = standing == NEWEST
    told = None
    if handler:
        told = handler.apply(
            Message(
                type=envelope.type,
                kind=kind,
                ref=ref,
                rank=rank,
                version=version,
                occurred_at=envelope.time,
                event_id=envelope.id,
                source=row.source,
                record=record,
                newest=newest,
            )
        )
    return State(told) if told else State.APPLIED if newest else State.SUPERSEDED


def _is_squatted(row: InboundEvent, handler: Handler, record: Any, kind: str, ref: str) -> bool:
    """Whether what stands was told by another source that may not speak for all that this event
    touches: its claim to the ref yields, however new it called itself."""
    told = Record.objects.select_related("event__source").get(kind=kind, ref=ref)
    holder = told.event.source
    if holder == row.source or holder.all_customers or handler.customers is None:
        return False
    return not holder.speaks_for(handler.customers(record))


def _advance(
    row: InboundEvent,
    kind: str,
    ref: str,
    rank: str,
    version: int,
    occurred_at: datetime,
    *,
    yields: bool = False,
) -> str:
    """Make this event the record's newest, if it is or what stands ``yields``; where it stands
    otherwise.

    One statement, which also locks the row when it changes nothing (PostgreSQL, INSERT, ON
    CONFLICT). An event that already is the newest, and is replayed, stays it.
    """
    connection = connections[router.db_for_write(Record)]
    table = Record._meta.db_table
    stamp = connection.ops.adapt_datetimefield_value(occurred_at)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (kind, ref, rank, version, occurred_at, event_id) "
            "VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (kind, ref) DO UPDATE SET "
            "rank = excluded.rank, version = excluded.version, "
            "occurred_at = excluded.occurred_at, event_id = excluded.event_id "
            f"WHERE %s OR ({table}.rank < excluded.rank "
            f"AND excluded.version <= {table}.version + %s)",
            [kind, ref, rank, version, stamp, row.pk, yields, MAX_JUMP],
        )
        if cursor.rowcount == 1:
            return NEWEST
    stored = Record.objects.get(kind=kind, ref=ref)
    if stored.rank == rank:
        return NEWEST
    return JUMP if version > stored.version + MAX_JUMP else OLDER


def _check_customers(row: InboundEvent, handler: Handler | None, record: Any) -> None:
    source = row.source
    if source.all_customers:
        return
    if not handler or not handler.customers or not source.speaks_for(handler.customers(record)):
        raise Problem(403, "customer-not-allowed", "This source may not speak for that customer.")


def _check_standing(standing: str) -> None:
    if standing == EARLY:
        raise BadData("time-ahead", "The event's time is more than 24 hours in the future.")
    if standing == JUMP:
        raise BadData(
            "version-jump",
            f"The version is more than {MAX_JUMP} ahead of the one that is known.",
        )
