"""What became of a return's commands moves it, in the same transaction; the ERP's codes stay codes."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any
from unicodedata import category

from django.utils import timezone

from oms_portal.erp.outbox.answers import follows
from oms_portal.erp.outbox.models import Command
from oms_portal.notifications.alerts import raise_alert

from . import approving
from .commands import CANCEL, REPLY, RETURN
from .holding import Held, hold
from .kinds import ReturnState
from .models import Return
from .moving import By, is_legal, move, say
from .refusals import Refused


log = logging.getLogger(__name__)

Columns = dict[str, Any]
S, C = ReturnState, Command.State
ERP = By("erp")
LONGEST_QUESTION = 2000


@follows(RETURN, REPLY)
def follow(command: Command) -> None:
    """Move the return whose newest command this is; older ones of it have no say any more."""
    held = held_of(command)
    if held is None or held.rma.command_id != command.pk:
        return
    if command.state == C.RETRYING:
        # Open pages say that it is kept, once its ERP is known to be away.
        say(held.rma)
    ref = command.reference[:100]
    if ref not in ("", held.rma.erp_ref) and is_legal(held.rma, "note"):
        move(held, "note", held.rma.state, ERP, timezone.now(), erp_ref=ref)
    if step := _STEPS.get(C(command.state)):
        step(held, command)


@follows(CANCEL)
def follow_cancel(command: Command) -> None:
    """An ERP that keeps a return which is over here: somebody sees to it there."""
    held = held_of(command)
    if held is not None and command.state in (C.REJECTED, C.COUNTERED):
        raise_alert("return_kept", f"return:{held.rma.pk}", order_ref=held.first_order.ref)


def held_of(command: Command) -> Held | None:
    number = str(command.payload.get("number") or "")
    rma = Return.objects.filter(number=number, source=command.source_id).first()
    try:
        return hold(rma) if rma is not None else None
    except Refused:
        return None


def _applied(held: Held, command: Command) -> None:
    """The ERP's yes decides where it is the ERP's to decide."""
    if held.rma.approval == "erp" and is_legal(held.rma, "confirm"):
        approving.approve(held, "confirm", ERP, timezone.now(), answer_code="", answer_text="")


def _rejected(held: Held, command: Command) -> None:
    """What is on its way already people must see to."""
    if is_legal(held.rma, "refuse"):
        answer: Columns = {"answer_code": command.code or "rejected", "answer_text": ""}
        move(held, "refuse", S.REJECTED, ERP, timezone.now(), **answer)
    elif held.rma.scanned_at or held.rma.state == S.IN_TRANSIT:
        raise_alert("return_review", f"return:{held.rma.pk}", order_ref=held.first_order.ref)


def _countered(held: Held, command: Command) -> None:
    """A question to the customer; where there is none to be read, staff see to it."""
    question = _question(command.counter)
    if question and is_legal(held.rma, "inquire"):
        columns: Columns = {"question": question, "reply": "", "approval": "erp"}
        move(held, "inquire", S.INFO_NEEDED, ERP, timezone.now(), **columns)
    elif is_legal(held.rma, "review"):
        _review(held, command)


def _review(held: Held, command: Command) -> None:
    """The ERP does not hear of it, or makes no sense: people decide."""
    awaited = held.rma.state == S.REQUESTED or held.rma.approval == "erp"
    if awaited and is_legal(held.rma, "review"):
        move(held, "review", S.IN_REVIEW, ERP, timezone.now(), approval="agent")


def _question(counter: object) -> str:
    """Its text without what nobody can see."""
    text = counter.get("text") if isinstance(counter, Mapping) else None
    if not isinstance(text, str):
        return ""
    kept = (c for c in text[: 4 * LONGEST_QUESTION] if c == "\n" or category(c)[0] != "C")
    return "".join(kept).strip()[:LONGEST_QUESTION]


_STEPS = {
    C.APPLIED: _applied,
    C.REJECTED: _rejected,
    C.COUNTERED: _countered,
    C.DEAD: _review,
    C.SUPERSEDED: _review,
}
