"""What the supplier's people decide about returns. Whether they may is the desk's to ask; ``key``
is that of the form that did it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib.auth.models import AbstractBaseUser

from oms_portal.erp.inbox import writing

from . import approving, commands, ledger, life, quantities, vouching
from .holding import Held, hold
from .kinds import FREED, Reception, ReturnState
from .models import Return, ReturnLine
from .moving import By, move, require
from .refusals import Refused, Short


S = ReturnState
ZERO = Decimal(0)


def approve(
    rma: Return,
    user: AbstractBaseUser,
    *,
    now: datetime,
    quantities: Mapping[str, str] | None = None,
    reason: str = "",
    key: str = "",
) -> Return:
    """Let it come. ``quantities`` are those approved, by ReturnLine.ref, where they are fewer than
    asked for; the rest is free again."""
    return _let(rma, "approve", By("staff", user, reason=reason, key=key), now, quantities)


def override(
    rma: Return,
    user: AbstractBaseUser,
    *,
    now: datetime,
    reason: str,
    quantities: Mapping[str, str] | None = None,
    key: str = "",
) -> Return:
    """Let come what the rules, or a no, stand against; with a reason, which stays in its history.
    Short where the goods of one that was over are on another return by now.

    From RETURN_SECOND_PERSON_FROM on it takes two people (``vouching``): it does not move for the
    first of them, and is Refused "own" where that one asks again."""
    if not reason.strip():
        raise Refused("override_reason", fields={"reason": "override_reason"})
    return _let(rma, "override", By("staff", user, reason=reason, key=key), now, quantities)


def decline(
    rma: Return, user: AbstractBaseUser, reason: str, *, now: datetime, key: str = ""
) -> Return:
    """Say no, with a reason in words for the customer."""
    words = _words(reason, "decline_reason")
    with writing():
        held = hold(rma)
        columns: dict[str, Any] = {"answer_code": "staff", "answer_text": words}
        by = By("staff", user, reason=words, key=key)
        move(held, "decline", S.REJECTED, by, now, **columns)
        commands.recall(held)
    return held.rma


def ask(
    rma: Return, user: AbstractBaseUser, question: str, *, now: datetime, key: str = ""
) -> Return:
    """Ask the customer something; from then on it is staff who decide."""
    words = _words(question, "question")
    with writing():
        held = hold(rma)
        columns: dict[str, Any] = {"question": words, "reply": "", "approval": "agent"}
        by = By("staff", user, reason=words, key=key)
        move(held, "ask", S.INFO_NEEDED, by, now, **columns)
    return held.rma


def close(
    rma: Return, user: AbstractBaseUser, *, now: datetime, reason: str, key: str = ""
) -> Return:
    """End it: what has not come by now does not come, and may be returned another time."""
    words = _words(reason, "decline_reason")
    with writing():
        held = hold(rma)
        missing = {
            line.ref: {"reception": Reception.NOT_RETURNED}
            for line in held.lines
            if line.reception in (Reception.AWAITING, Reception.IN_TRANSIT, Reception.WRONG_ITEM)
            and line.received < line.approved
        }
        code = "closed_short" if missing else ""
        by = By("staff", user, reason=words, key=key)
        # What nobody has yet nobody is to send any more.
        life.void(held.rma)
        move(held, "close", S.CLOSED, by, now, lines=missing, answer_code=code)
    return held.rma


def _let(rma: Return, verb: str, by: By, now: datetime, asked: Mapping[str, str] | None) -> Return:
    with writing():
        held = hold(rma)
        require(held.rma, verb)
        counts = _counts(held, asked or {})
        if held.rma.state in FREED:
            _still_there(held, counts)
        if verb == "override" and not vouching.is_agreed(held, counts, by, now):
            return held.rma
        lines: dict[str, dict[str, Any]] = {ref: {"approved": n} for ref, n in counts.items()}
        if held.rma.state in FREED:
            for line in held.lines:
                back = line.terms.get("goods_back", True) and held.rma.is_goods_back
                lines[line.ref]["reception"] = (
                    Reception.AWAITING if back else Reception.NOT_REQUIRED
                )
        for line in held.lines:
            line.approved = counts[line.ref]
        columns: dict[str, Any] = {"answer_code": "", "answer_text": ""}
        if not commands.is_told(held):
            columns["command"] = commands.send(held)
        approving.approve(held, verb, by, now, lines=lines, **columns)
    return held.rma


def _counts(held: Held, asked: Mapping[str, str]) -> dict[str, Decimal]:
    """What is approved of each line; Refused where it is more than asked for, or nothing at all."""
    found, faults = {}, {}
    for line in held.lines:
        try:
            found[line.ref] = _count(line, asked.get(line.ref))
        except Refused as refused:
            faults[line.ref] = refused.code
    if not faults and not any(found.values()):
        faults = dict.fromkeys(found, "quantity")
    if faults:
        raise Refused("quantity", lines=faults)
    return found


def _count(line: ReturnLine, asked: str | None) -> Decimal:
    if asked is None:
        return line.requested
    try:
        if Decimal(asked) == 0:
            return ZERO
    except InvalidOperation:
        raise Refused("quantity") from None
    count = quantities.read(asked, line.unit, line.requested)
    if count > line.requested:
        raise Refused("short")
    return count


def _still_there(held: Held, counts: Mapping[str, Decimal]) -> None:
    """Whether what was given back to the ledger can be taken again; the orders' rows are held."""
    short: dict[str, Decimal] = {}
    for order in held.orders.values():
        own = [line for line in held.lines if line.returnable.order_id == order.pk]
        places = [(line.returnable.line_ref, line.returnable.thread) for line in own]
        rows = ledger.open_lines(order, places)
        for line, place in zip(own, places, strict=True):
            row = rows.get(place)
            left = row.cap - row.reserved if row else ZERO
            if counts[line.ref] > left:
                short[line.ref] = max(ZERO, left)
    if short:
        raise Short(short)


def _words(text: str, code: str) -> str:
    words = text.strip().replace("\0", "")
    if not words:
        raise Refused(code, fields={code: code})
    return words
