"""What other policies would have said of returns that were made: read again, nothing is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .delivered import Delivered, delivered_of
from .eligible import Rules, facts_of, rules_for
from .kinds import PRIVATE
from .models import Return, ReturnLine
from .policy import terms_of
from .rules import ReturnPolicy
from .terms import Terms


# So many of the newest returns are asked about.
LATEST = 200


@dataclass(frozen=True)
class Asked:
    """A line of a return, by the policies as they are and by the others, at the time it was sent."""

    rma: Return
    line: ReturnLine
    now: Terms
    then: Terms


@dataclass(frozen=True)
class Compared:
    """``lost`` lines lie in no delivery that anybody knows any more."""

    returns: int
    asked: tuple[Asked, ...]
    lost: int


def compare(now: Sequence[ReturnPolicy], then: Sequence[ReturnPolicy]) -> Compared:
    """The newest returns by these policies and by those: eleven queries."""
    returns = list(
        Return.objects.exclude(state__in=PRIVATE)
        .filter(submitted_at__isnull=False)
        .select_related("company")
        .order_by("-submitted_at", "-pk")[:LATEST]
    )
    lines = list(
        ReturnLine.objects.filter(rma__in=returns)
        .select_related("returnable__order__company", "reason__parent")
        .order_by("pk")
    )
    orders = list({line.returnable.order_id: line.returnable.order for line in lines}.values())
    rules = rules_for(orders, [*now, *then])
    parts = {
        (part.order.pk, part.line.ref, part.shipment.thread): part
        for part in delivered_of(orders, {line.returnable.line_ref for line in lines})
    }
    by_pk = {rma.pk: rma for rma in returns}
    found = []
    for line in lines:
        place = line.returnable
        if part := parts.get((place.order_id, place.line_ref, place.thread)):
            found.append(_asked(by_pk[line.rma_id], line, part, rules, now, then))
    newest = {rma.pk: position for position, rma in enumerate(returns)}
    found.sort(key=lambda one: (newest[one.rma.pk], one.line.pk))
    return Compared(len(returns), tuple(found), len(lines) - len(found))


def _asked(
    rma: Return,
    line: ReturnLine,
    part: Delivered,
    rules: Rules,
    now: Sequence[ReturnPolicy],
    then: Sequence[ReturnPolicy],
) -> Asked:
    facts = facts_of(part, rma.kind, rules)
    sent = rma.submitted_at or rma.created_at
    said = [
        terms_of(
            facts,
            line.reason,
            line.condition,
            line.requested,
            policies,
            sent,
            claim=line.claim,
        )
        for policies in (now, then)
    ]
    return Asked(rma, line, *said)
