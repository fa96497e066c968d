"""From a draft to a return: judged once more, its goods taken from the ledger, its terms frozen."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from . import approving, commands, ledger
from .holding import Held
from .judging import Judged, judge
from .kinds import Reception, ReturnState
from .money import credit_of
from .moving import By, move
from .refusals import Short


S = ReturnState


def send(held: Held, by: By, now: datetime, *, digest: str) -> None:
    """Inside the caller's transaction, with all rows held. Refused with what is wrong where; Short
    where somebody else was faster."""
    judged = judge(held, now)
    judged.check()
    take(held)
    lines = {line.ref: _frozen(held, judged, line.ref) for line in held.lines}
    columns = _columns(judged)
    if judged.approval == "auto":
        # The terms say until when, and are read again for that.
        for line in held.lines:
            line.terms = lines[line.ref]["terms"]
        held.rma.method = columns["method"]
        _tell(held, columns, lines)
        approving.approve(held, "submit", by, now, lines=lines, digest=digest, **columns)
        return
    if judged.approval == "erp":
        _tell(held, columns, lines)
    to = S.REQUESTED if judged.approval == "erp" else S.IN_REVIEW
    move(held, "submit", to, by, now, lines=lines, digest=digest, **columns)


def take(held: Held) -> None:
    """Reserve what is asked for, by caps as the ERP says them now; Short, and the caller rolls
    back."""
    for order in held.orders.values():
        places = [
            (line.returnable.line_ref, line.returnable.thread)
            for line in held.lines
            if line.returnable.order_id == order.pk
        ]
        ledger.open_lines(order, places)
    short = ledger.reserve((line.returnable_id, line.requested) for line in held.lines)
    if short:
        refs = {line.returnable_id: line.ref for line in held.lines}
        raise Short({refs[pk]: left for pk, left in short.items()})


def _tell(held: Held, columns: dict[str, Any], lines: dict[str, dict[str, Any]]) -> None:
    """Queue the command with what will be written."""
    for name, value in columns.items():
        setattr(held.rma, name, value)
    for line in held.lines:
        line.outcome = lines[line.ref]["outcome"]
    columns["command"] = commands.send(held)


def _columns(judged: Judged) -> dict[str, Any]:
    expected = judged.expected
    return {
        "approval": judged.approval,
        "method": judged.method,
        "destination": dict(judged.destination),
        "expected": expected.stored() if expected else {},
    }


def _frozen(held: Held, judged: Judged, ref: str) -> dict[str, Any]:
    terms, share = judged.terms[ref], judged.shares[ref]
    back = ref in judged.going()
    return {
        "terms": terms.frozen(),
        "outcome": judged.outcomes[ref],
        "credit": _money(credit_of(replace(share, outcome=judged.outcomes[ref]))),
        "fee": _money(terms.fee),
        "reception": Reception.AWAITING if back else Reception.NOT_REQUIRED,
    }


def _money(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else round(amount, 4)
