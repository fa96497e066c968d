"""What becomes of goods, told to the ERP: command ``return_decision``, complete each time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AbstractBaseUser

from oms_portal.orders.snapshots import plain
from oms_portal.returns.holding import Held
from oms_portal.returns.models import ReturnLine

from .kinds import Found
from .models import Receipt, Verdict
from .telling import newest, queue, when_told


DECISION = "return_decision"


def decide(held: Held, receipt: Receipt, user: AbstractBaseUser | None, now: datetime) -> None:
    """Queue all verdicts of the return, in the caller's transaction, its receipt locked. Where the
    ERP was told these very ones, they hold since then, and nothing goes out."""
    told_at = None if receipt.refused else _told_at(held, receipt)
    told: dict[str, Any] = {"decided_at": told_at or now}
    if told_at is None:
        command = queue(held, DECISION, payload(held, receipt), user, now)
        verdicts_of(receipt).filter(told_at=None).update(told_at=now)
        told |= {"command": command, "refused": False}
    Receipt.objects.filter(pk=receipt.pk).update(**told)
    for name, value in told.items():
        setattr(receipt, name, value)


def _told_at(held: Held, receipt: Receipt) -> datetime | None:
    """None too where it heard of another count since."""
    decision, count = newest(held, DECISION), newest(held)
    if count is not None and decision is not None and count.pk > decision.pk:
        return None
    if verdicts_of(receipt).filter(told_at=None).exists():
        return None
    return when_told(decision, payload(held, receipt))


def payload(held: Held, receipt: Receipt) -> dict[str, Any]:
    found = list(verdicts_of(receipt).select_related("finding__line", "grade").order_by("pk"))
    by_line: dict[int | None, list[Verdict]] = {}
    for verdict in found:
        own = verdict.finding.found == Found.EXPECTED
        by_line.setdefault(verdict.finding.line_id if own else None, []).append(verdict)
    judged = [line for line in held.lines if line.pk in by_line]
    charged = (verdict.fee for verdict in found if verdict.fee and not verdict.fee_waived)
    return {
        "number": held.rma.number,
        "version": receipt.version,
        "lines": [_line(line, by_line[line.pk]) for line in judged],
        "unexpected": [_unexpected(verdict) for verdict in by_line.get(None, ())],
        "fee": plain(sum(charged, Decimal(0))),
        "currency": held.rma.currency,
        "outcomes": {line.ref: line.outcome for line in judged if line.outcome},
    }


def verdicts_of(receipt: Receipt) -> Any:
    return Verdict.objects.filter(finding__receipt=receipt.pk)


def _line(line: ReturnLine, verdicts: Sequence[Verdict]) -> dict[str, Any]:
    return {
        "ref": line.ref,
        "accepted": plain(_sum(one for one in verdicts if one.accepted)),
        "rejected": plain(_sum(one for one in verdicts if not one.accepted)),
        "disposition": usual_disposition(verdicts),
        "verdicts": [_told(verdict) for verdict in verdicts],
    }


def usual_disposition(verdicts: Sequence[Verdict]) -> str:
    """That of the most units, the first where two have as many."""
    counts: dict[str, Decimal] = {}
    for one in verdicts:
        counts[one.disposition] = counts.get(one.disposition, Decimal(0)) + one.quantity
    return max(counts, key=lambda name: counts[name], default="")


def _told(verdict: Verdict) -> dict[str, Any]:
    told: dict[str, Any] = {
        "quantity": plain(verdict.quantity),
        "accepted": verdict.accepted,
        "grade": verdict.grade.code if verdict.grade else "",
        "disposition": verdict.disposition,
        "serials": list(verdict.serials),
    }
    if verdict.fee is not None:
        told["fee"] = plain(Decimal(0) if verdict.fee_waived else verdict.fee)
    if verdict.reason:
        told["reason"] = verdict.reason
    return told


def _unexpected(verdict: Verdict) -> dict[str, Any]:
    """``ref`` is the line in whose place it came."""
    finding = verdict.finding
    told = {
        "sku": finding.sku,
        "description": finding.description,
        "quantity": plain(verdict.quantity),
        "disposition": verdict.disposition,
    }
    return told | ({"ref": finding.line.ref} if finding.line else {})


def _sum(verdicts: Iterable[Verdict]) -> Decimal:
    return sum((one.quantity for one in verdicts), Decimal(0))
