"""One wish made a verdict: what the rules suggest, what the person wants instead, and whether that
may be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.contrib.auth.models import AbstractBaseUser

from oms_portal.returns import quantities
from oms_portal.returns.articles import articles_now
from oms_portal.returns.kinds import Outcome
from oms_portal.returns.models import ReturnLine
from oms_portal.returns.refusals import Refused, read_text
from oms_portal.returns.terms import Terms

from ..kinds import Disposition, Found
from ..models import Finding, Verdict
from ..rules import Grade
from .second import require_lead
from .suggesting import UNANNOUNCED, Rule, Suggestion, rules_now, suggest
from .worth import fee_of, needs_two, unit_prices


LONGEST_REASON, LONGEST_WAIVER = 500, 250
ZERO = Decimal(0)


@dataclass(frozen=True)
class VerdictWish:
    """``quantity`` is a decimal as text, ``grade`` a code; ``accepted`` None and ``disposition`` "":
    as suggested. ``checks``, ``missing``, ``reason`` and ``note`` as of ``Verdict``."""

    quantity: str
    grade: str = ""
    accepted: bool | None = None
    disposition: str = ""
    serials: tuple[str, ...] = ()
    checks: Mapping[str, bool] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    waived: bool = False
    waiver_reason: str = ""
    reason: str = ""
    note: str = ""


@dataclass(frozen=True)
class Ground:
    """What goods are judged by: ``line`` as announced, None for anything else; ``price`` of a unit,
    None where nobody told it."""

    finding: Finding
    line: ReturnLine | None
    price: Decimal | None
    category: str
    rules: Sequence[Rule]

    def suggestion(self, grade: Grade | None) -> Suggestion:
        if self.line is None or grade is None:
            return UNANNOUNCED
        terms = Terms.read(self.line.terms) if self.line.terms else Terms(allowed=True)
        return suggest(terms, grade, self.line.reason, self.category, self.rules)

    def fee(self, quantity: Decimal, suggestion: Suggestion) -> Decimal | None:
        return fee_of(self.line, quantity, self.price, suggestion)


def grounds(findings: Sequence[Finding]) -> list[Ground]:
    """Of findings of one return, in their order; six queries at most. Their lines come with return,
    reason and its heading, and returnable joined."""
    rules, articles = rules_now(), articles_now()
    own = [one.line if one.found == Found.EXPECTED else None for one in findings]
    prices = unit_prices(filter(None, own))
    return [
        Ground(
            finding=finding,
            line=line,
            price=prices.get(line.pk) if line else None,
            category=getattr(articles.of(line.sku if line else finding.sku), "category", ""),
            rules=rules,
        )
        for finding, line in zip(findings, own, strict=True)
    ]


def verdict_of(ground: Ground, wish: VerdictWish, user: AbstractBaseUser) -> Verdict:
    """Not saved yet. Refused with what is in the way: "quantity", "whole", "too_fine", "grade",
    "disposition", "kept", "verdict_reason", "verdict_note", "waiver_reason", "serials", "lead"."""
    finding = ground.finding
    count = quantities.read(wish.quantity, finding.unit, finding.counted)
    grade = _grade(wish.grade, ground)
    suggestion = ground.suggestion(grade)
    accepted = suggestion.accepted if wish.accepted is None else wish.accepted
    disposition = _disposition(ground, wish, grade, suggestion, accepted)
    charged = Suggestion(accepted, disposition, suggestion.fee_percent)
    verdict = Verdict(
        finding=finding,
        quantity=count,
        grade=grade,
        accepted=accepted,
        disposition=disposition,
        suggested=suggestion.disposition,
        serials=_serials(finding, wish.serials, count),
        checks=dict(wish.checks),
        missing=list(wish.missing),
        fee=ground.fee(count, charged),
        reason=read_text(wish.reason, LONGEST_REASON, "reason"),
        note=read_text(wish.note, LONGEST_REASON, "note"),
        actor_id=user.pk,
        needs_second=needs_two(finding, ground.price, disposition),
    )
    _waive(verdict, wish, user)
    _explain(verdict, ground, suggestion, user)
    return verdict


def _grade(code: str, ground: Ground) -> Grade | None:
    """What was announced always has one; else only what is taken in need have one."""
    grade = Grade.objects.filter(code=code, active=True).first() if code else None
    if grade is None and (code or ground.line is not None):
        raise Refused("grade", fields={"grade": "grade"})
    return grade


def _disposition(
    ground: Ground,
    wish: VerdictWish,
    grade: Grade | None,
    suggestion: Suggestion,
    accepted: bool,
) -> str:
    """What was chosen, else what is suggested; of goods that are not taken although the rules would,
    the customer's own affair."""
    told = wish.disposition
    if not told and accepted == suggestion.accepted:
        told = suggestion.disposition
    elif not told and not accepted:
        told = Disposition.SEND_BACK
    elif not told and grade is not None and grade.accepted:
        told = grade.disposition
    if told not in Disposition.values:
        raise Refused("disposition", fields={"disposition": "disposition"})
    repaired = ground.line is not None and ground.line.outcome == Outcome.REPAIR
    if accepted and told == Disposition.SEND_BACK and not repaired:
        raise Refused("kept", fields={"disposition": "kept"})
    return told


def _serials(finding: Finding, told: Sequence[str], count: Decimal) -> list[str]:
    """Of those that were read off these goods and that no other verdict is about."""
    if not told:
        return []
    open_ones = set(finding.serials.values_list("serial", flat=True))
    for other in finding.verdicts.values_list("serials", flat=True):
        open_ones -= set(other)
    chosen = list(dict.fromkeys(told))
    if len(chosen) > count or not set(chosen) <= open_ones:
        raise Refused("serials", fields={"serials": "serials"})
    return chosen


def _waive(verdict: Verdict, wish: VerdictWish, user: AbstractBaseUser) -> None:
    if not wish.waived or verdict.fee == ZERO:
        return
    verdict.fee_waived = True
    verdict.waiver_reason = read_text(wish.waiver_reason, LONGEST_WAIVER, "waiver_reason")
    if not verdict.waiver_reason:
        raise Refused("waiver_reason", fields={"waiver_reason": "waiver_reason"})
    require_lead(user)


def _explain(
    verdict: Verdict, ground: Ground, suggestion: Suggestion, user: AbstractBaseUser
) -> None:
    """Whoever decides otherwise than the rules says why: to the customer where it is a no, to
    colleagues where it is a yes, which is a lead's to say."""
    if ground.line is None or verdict.accepted == suggestion.accepted:
        return
    if not verdict.accepted and not verdict.reason:
        raise Refused("verdict_reason", fields={"reason": "verdict_reason"})
    if verdict.accepted and not verdict.note:
        raise Refused("verdict_note", fields={"note": "verdict_note"})
    if verdict.accepted:
        require_lead(user)
