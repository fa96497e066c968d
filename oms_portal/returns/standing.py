"""Where a return stands, from what came of its lines; and what of them is bound. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from .kinds import ASKED, FREED, PRIVATE, Acceptance, Reception, ReturnState


S = ReturnState
ZERO = Decimal(0)
# Nothing more of a line comes.
OVER = frozenset(
    {Reception.LOST, Reception.NOT_RETURNED, Reception.NOT_REQUIRED, Reception.CANCELLED}
)


@dataclass(frozen=True)
class LineFacts:
    """``expected`` is what was approved."""

    expected: Decimal
    received: Decimal = ZERO
    accepted: Decimal = ZERO
    rejected: Decimal = ZERO
    reception: str = Reception.AWAITING

    @property
    def is_in(self) -> bool:
        """Whether all of it came, or no more comes: of what came instead, people see to it."""
        return self.reception in (*OVER, Reception.WRONG_ITEM) or self.received >= self.expected

    @property
    def is_judged(self) -> bool:
        if self.reception == Reception.WRONG_ITEM:
            return False
        due = self.expected if self.reception == Reception.NOT_REQUIRED else self.received
        return self.is_in and self.accepted + self.rejected >= due


@dataclass(frozen=True)
class Facts:
    """``state`` is the word that was last spoken; ``scanned``: a carrier or we have a parcel of it;
    ``settled``: the ERP told of a credit note or a replacement; ``closed``: nothing more comes."""

    state: str
    lines: Sequence[LineFacts]
    scanned: bool = False
    settled: bool = False
    closed: bool = False


def state_of(facts: Facts) -> ReturnState:
    """The header's state. What came is stronger than any word: goods of a return that was
    withdrawn or too late make it one that is received."""
    state, lines = S(facts.state), facts.lines
    came = any(line.received > 0 or line.reception == Reception.WRONG_ITEM for line in lines)
    judged = any(line.accepted + line.rejected > 0 for line in lines)
    if state in PRIVATE or not (came or judged or facts.settled or facts.scanned or facts.closed):
        return state
    if state in FREED and not (came or judged or facts.settled or facts.scanned):
        return state
    if facts.closed:
        return S.CLOSED
    if not all(line.is_in for line in lines):
        return _under_way(facts, came=came)
    if facts.settled:
        return S.SETTLED
    if not all(line.is_judged for line in lines):
        return S.RECEIVED if came or state not in (*ASKED, S.APPROVED) else state
    # Of what nothing is accepted nothing is to be settled.
    return S.INSPECTED if any(line.accepted for line in lines) else S.CLOSED


def _under_way(facts: Facts, *, came: bool) -> ReturnState:
    if came:
        return S.PARTLY_RECEIVED
    if facts.settled:
        return S.SETTLED
    return S.IN_TRANSIT if facts.scanned else S(facts.state)


def freed(
    state: str, requested: Decimal, approved: Decimal, received: Decimal, reception: str
) -> Decimal:
    """How much of a line has gone back to the ledger when its return is in this state: all of it
    where none came to be; what was not approved; what does not come."""
    if state in FREED:
        return requested
    if state in PRIVATE or state in ASKED:
        return ZERO
    kept = min(requested, max(approved, received))
    if reception in (Reception.NOT_RETURNED, Reception.CANCELLED):
        kept = min(requested, received)
    return requested - kept


def acceptance_of(received: Decimal, accepted: Decimal, rejected: Decimal) -> Acceptance:
    if accepted and (rejected or accepted < received):
        return Acceptance.PARTLY_ACCEPTED
    if accepted:
        return Acceptance.ACCEPTED
    return Acceptance.REJECTED if rejected else Acceptance.PENDING
