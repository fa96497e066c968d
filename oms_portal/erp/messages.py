"""What an event becomes once it is checked, and who wants to hear of it.

Features above register a handler for each type they know; this package knows none of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .models import Source
from .schemas import TYPES


@dataclass(frozen=True)
class Message:
    """A checked event. ``record`` is the schema of its type; ``newest`` says whether it is ahead
    of all that was told of this record before (older ones are handed on too, for histories).

    ``rank`` orders (version, occurred_at, event id) as text; see ``rank_of``.
    """

    type: str
    kind: str
    ref: str
    rank: str
    version: int
    occurred_at: datetime
    event_id: str
    source: Source
    record: Any
    newest: bool


@dataclass(frozen=True)
class Handler:
    """``apply`` runs inside the event's transaction and does no I/O but the database's; what it
    returns overrides the state ("applied", "superseded") where the record's age alone can't tell.
    ``ref`` names the record; ``customers`` the customer refs a source must be allowed for. Where
    ``apart``, each source has records of its own, and its versions are measured against them alone.
    ``admits`` is asked before anything is written and raises BadData where the record can't be.
    """

    apply: Callable[[Message], str | None]
    ref: Callable[[Any], str]
    customers: Callable[[Any], set[str]] | None
    apart: bool = False
    admits: Callable[[Source, Any], object] | None = None


_handlers: dict[str, Handler] = {}


def handles(
    event_type: str,
    *,
    ref: Callable[[Any], str],
    customers: Callable[[Any], set[str]] | None = None,
    apart: bool = False,
    admits: Callable[[Source, Any], object] | None = None,
) -> Callable[[Callable[[Message], str | None]], Callable[[Message], str | None]]:
    """Register what applies events of a type of ``schemas.TYPES``.

    ``customers(record)`` returns all customer refs the event touches, also those of the stored
    record it would change; without it only sources allowed for all customers may send the type.
    """
    if event_type not in TYPES:
        raise ValueError(f"{event_type} is no type of the wire")

    def register(apply: Callable[[Message], str | None]) -> Callable[[Message], str | None]:
        _handlers[event_type] = Handler(apply, ref, customers, apart, admits)
        return apply

    return register


def handler_of(event_type: str) -> Handler | None:
    return _handlers.get(event_type)


def rank_of(version: int, occurred_at: datetime, event_id: str) -> str:
    """(version, time, id) as a text that any collation sorts alike: digits, then hex."""
    micros = int(occurred_at.timestamp() * 1_000_000) + 62_135_596_800_000_000
    return f"{version:017d}{micros:018d}{event_id.encode().hex()}"
