"""What a connector is: it carries a command to one ERP and says what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol


class Outcome(StrEnum):
    """``ACCEPTED``: the ERP has it and will tell. ``NEEDS_CONFIRMATION``: it offers something else
    (``Result.counter``). ``RETRY``: not now; the same command is sent again under the same key."""

    ACCEPTED = "accepted"
    APPLIED = "applied"
    REJECTED = "rejected"
    NEEDS_CONFIRMATION = "needs_confirmation"
    RETRY = "retry"


@dataclass(frozen=True)
class Wish:
    """A command as a connector sees it (WIRE section 3). ``key`` is its id and idempotency key,
    for ever; ``order`` the order's ref; people are named as they sign in."""

    key: str
    kind: str
    order: str
    payload: Mapping[str, Any]
    requested_by: str
    on_behalf_of: str = ""


@dataclass(frozen=True)
class Result:
    """``code`` and ``text`` are the ERP's own, never shown to customers as they are.

    Of a RETRY: ``retry_after`` is what the ERP asked for, in seconds; ``unknown`` says the ERP may
    have carried it out (the answer was lost); ``refused`` that it did not let us in (401, 403), so
    that nothing is tried before somebody has looked; ``status`` the HTTP status, if there was one.
    """

    outcome: Outcome
    code: str = ""
    text: str = ""
    reference: str = ""
    counter: Mapping[str, Any] | None = None
    retry_after: float | None = None
    unknown: bool = False
    refused: bool = False
    status: int | None = None
    detail: str = field(default="", repr=False)


class Connector(Protocol):
    """Made once per process from OMS_PORTAL["CONNECTORS"]; ``push`` is called from several threads.

    ``capabilities`` say what pages may offer: "push.address", "push.date", "push.method",
    "push.cancel", "push.return", "push.order".
    """

    capabilities: frozenset[str]

    def push(self, command: Wish, key: str) -> Result:
        """Carry it out at the ERP, at most once for a key. Takes 15 s at most and raises nothing:
        whatever goes wrong is a Result."""
