"""What people decide about goods that came: given for parts of what was counted, taken back, seconded;
told to the ERP by themselves once all that was counted has one.

Each verb is one transaction under the return's row, then its receipt's and its findings'. Whether a
person may inspect at all is the desk's to ask; what takes a lead is asked here.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import DecimalField, F, QuerySet, Value
from django.db.models.functions import Round

from oms_portal.erp.inbox import writing
from oms_portal.returns import life, moving
from oms_portal.returns.drafting import check_key
from oms_portal.returns.holding import Held, hold
from oms_portal.returns.models import Return
from oms_portal.returns.moving import By
from oms_portal.returns.refusals import KeyReused, Refused, read_text

from .. import arrivals, telling
from ..models import Finding, Receipt, Verdict
from ..telling_decision import decide, verdicts_of
from . import outward
from .judging import LONGEST_REASON, VerdictWish, grounds, verdict_of
from .second import require_lead


__all__ = ["VerdictWish", "conclude", "judge", "open_findings", "second", "send", "take_back"]

_NUMBER: DecimalField[Decimal, Decimal] = DecimalField(max_digits=19, decimal_places=6)


def open_findings(rma: Return) -> list[Finding]:
    """Of what some is still to be judged, with line, reason, return and verdicts."""
    return [one for one in findings_of(rma) if one.counted > one.judged]


def findings_of(rma: Return) -> QuerySet[Finding]:
    joined = ("line__reason__parent", "line__returnable", "line__rma", "receipt")
    rows = Finding.objects.filter(receipt__rma=rma.pk, counted__gt=0).select_related(*joined)
    return rows.prefetch_related("verdicts__grade", "serials").order_by("pk")


def judge(
    finding: Finding, user: AbstractBaseUser, wish: VerdictWish, *, key: str, now: datetime
) -> Verdict:
    """Decide about some of what was counted. Refused "judged" where less is left, and with what
    ``judging.verdict_of`` refuses; the same key again answers with the verdict it gave."""
    check_key(key)
    arrivals.tell(_return_of(finding))
    with writing():
        held, receipt = _hold(finding)
        known = Verdict.objects.filter(form_key=key).first()
        if known is not None:
            if (known.finding_id, known.actor_id) != (finding.pk, user.pk):
                raise KeyReused
            return known
        row = findings_of(held.rma).filter(pk=finding.pk).first()
        if row is None:
            raise Refused("judged")
        [ground] = grounds([row])
        verdict = verdict_of(ground, wish, user)
        _book(finding, verdict.quantity)
        verdict.form_key, verdict.at = key, now
        verdict.save(force_insert=True)
        _moved(held, receipt, "judged", By("staff", user, reason=_why(verdict), key=key), now)
    return verdict


def take_back(verdict: Verdict, user: AbstractBaseUser, *, now: datetime) -> None:
    """Undo one that the ERP was not told of, or said no to. Refused "told" else, "gone" where it was
    taken back before."""
    with writing():
        held, receipt = _hold(verdict.finding)
        _drop(held, verdict)
        _moved(held, receipt, "unjudged", By("staff", user), now)


def second(
    verdict: Verdict, user: AbstractBaseUser, *, now: datetime, agree: bool, reason: str = ""
) -> None:
    """Confirm what another person decided, or undo it with a reason. Refused "lead", "own" for who
    decided it, "seconded" where nobody is waited for."""
    require_lead(user)
    said = read_text(reason, LONGEST_REASON, "reason")
    if not agree and not said:
        raise Refused("second_reason", fields={"reason": "second_reason"})
    with writing():
        held, receipt = _hold(verdict.finding)
        waits = Verdict.objects.filter(pk=verdict.pk, needs_second=True, second=None)
        if waits.filter(actor=user.pk).exists():
            raise Refused("own")
        if not waits.update(second=user.pk, second_at=now):
            raise Refused("seconded")
        if not agree:
            _drop(held, verdict)
        verb = "seconded" if agree else "unjudged"
        _moved(held, receipt, verb, By("staff", user, reason=said), now)


def send(rma: Return, user: AbstractBaseUser, *, now: datetime) -> Receipt:
    """Tell the ERP again what it said no to, the count first where it has none. Refused "undecided"
    while something is open."""
    with writing():
        held = hold(rma)
        receipt = receipt_of(held)
        if telling.is_void(held):
            _grow(receipt)
            telling.tell(held, receipt, user, now)
        if not _is_complete(held, receipt):
            raise Refused("undecided")
        _moved(held, receipt, "judged", By("staff", user), now)
    return receipt


def conclude(held: Held, receipt: Receipt, user: AbstractBaseUser | None, now: datetime) -> bool:
    """Tell the ERP where all that was counted is judged; whether it was told. In the caller's
    transaction, return and receipt locked."""
    if not _is_complete(held, receipt):
        return False
    decide(held, receipt, user, now)
    outward.want(held.rma, now)
    life.renew(held.rma, now)
    return True


def _is_complete(held: Held, receipt: Receipt) -> bool:
    """The count has been told and not refused: the ERP is never told of goods it has not heard of."""
    own = Finding.objects.filter(receipt=receipt.pk)
    left = Round(F("counted") - F("judged"), precision=6)
    if receipt.counted_at is None or own.annotate(left=left).filter(left__gt=0).exists():
        return False
    verdicts = verdicts_of(receipt)
    waits = verdicts.filter(needs_second=True, second=None)
    return verdicts.exists() and not waits.exists() and not telling.is_void(held)


def _hold(finding: Finding) -> tuple[Held, Receipt]:
    held = hold(_return_of(finding))
    return held, receipt_of(held)


def _return_of(finding: Finding) -> Return:
    rma = Return.objects.filter(receipt__findings=finding.pk).first()
    if rma is None:
        raise Refused("gone")
    return rma


def receipt_of(held: Held, missing: str = "gone") -> Receipt:
    """Locked, after its return; Refused ``missing`` where there is none."""
    rows = Receipt.objects.select_for_update(of=("self",), no_key=True)
    receipt = rows.filter(rma=held.rma.pk).first()
    if receipt is None:
        raise Refused(missing)
    return receipt


def _book(finding: Finding, count: Decimal) -> None:
    """Take so much of what is not judged yet, by one conditional UPDATE."""
    after = _after(count)
    rows = Finding.objects.filter(pk=finding.pk, counted__gte=after)
    if not rows.update(judged=after):
        left = Finding.objects.get(pk=finding.pk)
        raise Refused("judged", left=max(Decimal(0), left.counted - left.judged))


def _drop(held: Held, verdict: Verdict) -> None:
    row = Verdict.objects.filter(pk=verdict.pk).first()
    if row is None:
        raise Refused("gone")
    if row.told_at is not None:
        raise Refused("told")
    Finding.objects.filter(pk=row.finding_id).update(judged=_after(-row.quantity))
    row.delete()
    others = verdicts_of(Receipt(pk=row.finding.receipt_id))
    if not others.filter(disposition="send_back").exists():
        outward.drop(held.rma)


def _after(count: Decimal) -> Any:
    # SQLite reckons with floats.
    return Round(F("judged") + Value(count, output_field=_NUMBER), precision=6)


def _moved(held: Held, receipt: Receipt, verb: str, by: By, now: datetime) -> None:
    _grow(receipt)
    moving.record(held.rma, verb, by, now, {}, {})
    conclude(held, receipt, by.actor, now)
    moving.say(held.rma)


def _grow(receipt: Receipt) -> None:
    own = Receipt.objects.filter(pk=receipt.pk)
    own.update(version=F("version") + 1, decided_at=None)
    receipt.version, receipt.decided_at = receipt.version + 1, None


def _why(verdict: Verdict) -> str:
    return verdict.note or verdict.reason or verdict.waiver_reason
