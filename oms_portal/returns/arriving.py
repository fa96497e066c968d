"""What comes back: a parcel's first scan. What a carrier saw is a fact, whatever was believed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from oms_portal.erp.outbox.moves import together

from . import life
from .holding import Held, hold
from .kinds import MOVING, OPEN, Reception, ReturnState
from .moving import By, move, say
from .parcels import ReturnParcel
from .receipts.judgement import outward
from .standing import Facts, LineFacts, state_of


CARRIER = By("carrier")
_NOT_UNDER_WAY = (Reception.AWAITING, Reception.CANCELLED, Reception.NOT_RETURNED)


def scanned(parcel: ReturnParcel, at: datetime, by: By = CARRIER) -> None:
    """A carrier, or our own desk, has the parcel since ``at``: its label is used, and nobody takes
    the return back any more. The same scan again changes nothing; one of a parcel that goes back to
    the customer says nothing of what they sent."""
    with together():
        held = hold(parcel.rma)
        is_news = life.use(parcel, at)
        if parcel.outward and is_news:
            outward.want(held.rma, timezone.now())
            say(held.rma)
        elif not parcel.outward and (is_news or by.source == "staff"):
            bring(held, at, by)


def bring(held: Held, at: datetime, by: By) -> None:
    """Goods of it are under way since ``at``, or, where ``by`` is our own desk, here: so is the
    return, whatever was believed of it, also one that is over. In the caller's transaction."""
    rma = held.rma
    if rma.scanned_at is not None and rma.state in OPEN:
        say(rma)
        return
    lines = {
        line.ref: {"reception": Reception.IN_TRANSIT}
        for line in held.lines
        if line.reception in _NOT_UNDER_WAY
    }
    for line in held.lines:
        line.reception = lines.get(line.ref, {}).get("reception", line.reception)
    to = state_of(facts_of(held, scanned=True))
    if rma.state == ReturnState.CLOSED and to not in OPEN:
        # Of its lines nothing is missing: what is at the desk is for people to look at.
        to = ReturnState.RECEIVED if by.source == "staff" else ReturnState.CLOSED
    columns: dict[str, Any] = {"scanned_at": rma.scanned_at or at}
    if to in (*MOVING, ReturnState.RECEIVED):
        columns |= {"answer_code": "", "answer_text": ""}
    move(held, "scan", to, by, timezone.now(), lines=lines, **columns)


def facts_of(held: Held, *, scanned: bool = False, closed: bool = False) -> Facts:
    """What ``standing.state_of`` asks, read from the rows. ``scanned``: a scan is being noted;
    ``closed``: the return was closed and stays so."""
    rma = held.rma
    return Facts(
        state=rma.state,
        lines=[
            LineFacts(
                expected=line.expected,
                received=line.received,
                accepted=line.accepted,
                rejected=line.rejected,
                reception=line.reception,
            )
            for line in held.lines
        ],
        scanned=scanned or rma.scanned_at is not None or rma.state == ReturnState.IN_TRANSIT,
        settled=bool(rma.credit_note or rma.replacement_order_ref),
        closed=closed,
    )
