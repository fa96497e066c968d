"""What is suggested for goods: by the first rule that fits, else as it is usual for their grade."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from oms_portal.returns.matching import codes_of
from oms_portal.returns.rules import PolicyVersion, ReturnReason
from oms_portal.returns.terms import Terms

from ..kinds import Disposition
from ..rules import DispositionRule, Grade


@dataclass(frozen=True)
class Rule:
    """A ``DispositionRule`` as plain values. ``policies`` are all names that its policy ever had,
    for a line keeps the name of the day on which it was sent; empty: whatever policy."""

    name: str
    accepted: bool
    disposition: str
    fee_percent: Decimal | None = None
    policies: frozenset[str] = frozenset()
    grades: Sequence[str] = ()
    reasons: Sequence[str] = ()
    categories: Sequence[str] = ()


@dataclass(frozen=True)
class Suggestion:
    """``fee_percent`` of the net value, None: as the policy has it. ``why`` is the name of the rule,
    "" where the grade says it, or nobody announced the goods."""

    accepted: bool
    disposition: str
    fee_percent: Decimal | None = None
    why: str = ""


# What nobody announced waits until somebody knows whose it is.
UNANNOUNCED = Suggestion(accepted=False, disposition=Disposition.QUARANTINE)


def suggest(
    line_terms: Terms,
    grade: Grade,
    reason: ReturnReason | None,
    category: str,
    rules: Iterable[Rule],
) -> Suggestion:
    """For units of a line that came as announced. ``category`` is that of ``Article``, "" for none;
    ``rules`` come in their order. Pure."""
    told = {
        "policies": [line_terms.policy[0]],
        "grades": [grade.code],
        "reasons": codes_of(reason) if reason else [],
        "categories": [category] if category else [],
    }
    for rule in rules:
        if all(_among(values, getattr(rule, name)) for name, values in told.items()):
            return Suggestion(rule.accepted, rule.disposition, rule.fee_percent, rule.name)
    return Suggestion(grade.accepted, grade.disposition)


def rules_now() -> list[Rule]:
    """Those that are active, in their order; two queries at most."""
    rows = list(DispositionRule.objects.filter(active=True).select_related("policy"))
    named: dict[int, set[str]] = {row.policy.pk: {row.policy.name} for row in rows if row.policy}
    if named:
        versions = PolicyVersion.objects.filter(policy__in=named)
        for policy, name in versions.values_list("policy_id", "name"):
            named[policy].add(name)
    return [_rule(row, frozenset(named.get(row.policy_id or 0, ()))) for row in rows]


def _rule(row: DispositionRule, policies: frozenset[str]) -> Rule:
    return Rule(
        name=row.name,
        accepted=row.accepted,
        disposition=row.disposition,
        fee_percent=row.fee_percent,
        policies=policies,
        grades=tuple(row.grades),
        reasons=tuple(row.reasons),
        categories=tuple(row.categories),
    )


def _among(told: Iterable[str], allowed: Collection[str]) -> bool:
    folded = {one.casefold() for one in allowed}
    return not folded or any(one.casefold() in folded for one in told)
