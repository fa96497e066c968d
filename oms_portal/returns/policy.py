"""What the policies say of some units of a delivered line: the first that fits decides. Pure.

A reason, a condition or a quantity that nobody gave yet leaves open which policy that is: then all
that might be it are asked, and what is told is the best of them, for "may this come back at all".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from .articles import in_language
from .barriers import FINAL_SALE, NO_OUTCOME, NO_POLICY, NO_WAY, REFUSED, WINDOW
from .destinations import destination
from .kinds import Claim, Kind, Method, Outcome
from .matching import Asked, Facts, candidates
from .money import rounded
from .rules import Article, ReturnPolicy, ReturnReason
from .terms import Terms
from .windows import begins, is_over, last_day


# What nobody can send back, for it never came.
NEVER_CAME = (Claim.SHORT, Claim.MISSING)
MOST_PHOTOS = 6
# Each kind's outcomes: those that a policy may name, and those it means where it names none.
SUITED: Mapping[str, tuple[Outcome, ...]] = {
    Kind.RETURN: (Outcome.CREDIT, Outcome.REPLACEMENT, Outcome.REPAIR, Outcome.KEEP),
    Kind.EXCHANGE: (Outcome.EXCHANGE, Outcome.REPLACEMENT),
    Kind.CLAIM: (Outcome.CREDIT, Outcome.REPLACEMENT, Outcome.REPAIR, Outcome.KEEP),
}
MEANT: Mapping[str, tuple[Outcome, ...]] = {
    Kind.RETURN: (Outcome.CREDIT,),
    Kind.EXCHANGE: (Outcome.EXCHANGE, Outcome.REPLACEMENT),
    Kind.CLAIM: (Outcome.CREDIT, Outcome.REPLACEMENT),
}
# Nobody behind a counter takes these without papers, and no parcel keeps them cool.
_NOT_OVER_A_COUNTER = (Method.PARCEL_SHOP, Method.QR)
_Approval, _Pays, _Liability = ReturnPolicy.Approval, ReturnPolicy.Pays, ReturnReason.Liability


def terms_of(
    facts: Facts,
    reason: ReturnReason | None,
    condition: str | None,
    quantity: Decimal | None,
    policies: Iterable[ReturnPolicy],
    now: datetime,
    *,
    claim: str = "",
) -> Terms:
    """The terms for so many units. None for what is not known yet (see above).

    ``reason`` comes with its heading joined; ``claim`` is its own unless it is given.
    """
    told = claim or (reason.claim if reason else "")
    asked = Asked(facts, reason, condition, quantity, told)
    found = [_terms(policy, asked, now) for policy in candidates(policies, asked)]
    return _best(found) if found else _without_policy(asked, now)


def _without_policy(asked: Asked, now: datetime) -> Terms:
    """What staff could still decide: all ways back, and somebody looks at it."""
    nobodys = ReturnPolicy(
        allowed=False, version=0, window_days=None, approval=_Approval.AGENT, refusal={}
    )
    return replace(_terms(nobodys, asked, now), why=NO_POLICY)


def _best(found: Sequence[Terms]) -> Terms:
    """Of those that allow it, or of those whose time is over, the one with the latest end; else
    what the surest says."""
    for rank in ([t for t in found if t.allowed], [t for t in found if t.why == WINDOW]):
        if rank:
            return max(rank, key=lambda terms: terms.until or date.max)
    return found[-1]


def _terms(policy: ReturnPolicy, asked: Asked, now: datetime) -> Terms:
    """Whole also where it is not allowed: staff may decide otherwise."""
    facts, reason = asked.facts, asked.reason
    until = last_day(begins(policy.window_from, facts.dates, facts.zone), policy.window_days)
    back = goods_back(policy, asked)
    methods = _methods(policy, facts) if back else (Method.NOTHING.value,)
    outcomes = _outcomes(policy, asked)
    why = _why_not(policy, is_over(until, now, facts.zone), methods, outcomes)
    pays = payer(policy, reason)
    return Terms(
        allowed=not why,
        why=why,
        words=in_language(policy.refusal) if why in (REFUSED, FINAL_SALE) else "",
        until=until if policy.allowed else None,
        methods=methods,
        outcomes=outcomes,
        **_fee(policy, asked),
        pays=pays,
        shipping_fee=policy.shipping_fee if back and pays != _Pays.SUPPLIER else Decimal(0),
        **_evidence(policy, asked),
        approval=_approval(policy, asked.value),
        goods_back=back,
        destination=destination(policy.destination, facts.origin, facts.places) if back else {},
        policy=(policy.name, policy.version),
        hand_over_days=policy.hand_over_days,
        notes=_notes(facts.article),
    )


def _why_not(
    policy: ReturnPolicy, over: bool, methods: Sequence[str], outcomes: Sequence[str]
) -> str:
    if not policy.allowed:
        return FINAL_SALE if policy.final_sale else REFUSED
    if over:
        return WINDOW
    if not outcomes:
        return NO_OUTCOME
    return "" if methods else NO_WAY


def goods_back(policy: ReturnPolicy, asked: Asked) -> bool:
    """Whether they are wanted: not what never came, what is not worth it, or where the policy
    knows no way back."""
    worthless = policy.keep_below is not None and asked.value < policy.keep_below
    return not (
        asked.claim in NEVER_CAME or worthless or list(policy.methods) == [Method.NOTHING.value]
    )


def _methods(policy: ReturnPolicy, facts: Facts) -> tuple[str, ...]:
    """The ways back in their usual order; a policy that names none means all."""
    ways = [way for way in Method if way != Method.NOTHING]
    article = facts.article
    if article and (article.hazardous or article.cold_chain):
        ways = [way for way in ways if way not in _NOT_OVER_A_COUNTER]
    return tuple(way.value for way in ways if not policy.methods or way.value in policy.methods)


def _outcomes(policy: ReturnPolicy, asked: Asked) -> tuple[str, ...]:
    """The reason's usual one first."""
    suited, named = SUITED[asked.facts.kind], policy.outcomes
    found = [one.value for one in suited if one.value in (named or MEANT[asked.facts.kind])]
    usual = asked.reason.outcome if asked.reason else ""
    return tuple(sorted(found, key=lambda one: one != usual))


def payer(policy: ReturnPolicy, reason: ReturnReason | None) -> str:
    """Who pays the way back: "supplier", "customer", or "" while the reason is not known."""
    if policy.pays != _Pays.LIABLE:
        return policy.pays
    if reason is None:
        return ""
    ours = reason.liability != _Liability.CUSTOMER
    return (_Pays.SUPPLIER if ours else _Pays.CUSTOMER).value


def _fee(policy: ReturnPolicy, asked: Asked) -> dict[str, Any]:
    """In percent, as a fixed amount, and both together for these units: never more than they are
    worth; None while their number or their price is not known."""
    if asked.reason is not None and asked.reason.waives_fee:
        return {"fee_percent": Decimal(0), "fee_fixed": Decimal(0), "fee": Decimal(0)}
    percent, fixed, fee = policy.fee_percent, policy.fee_fixed, None
    if not percent and not fixed:
        fee = Decimal(0)
    elif asked.value.is_finite():
        fee = max(Decimal(0), min(asked.value * percent / 100 + fixed, asked.value))
        fee = rounded(fee, asked.facts.currency)
    return {"fee_percent": percent, "fee_fixed": fixed, "fee": fee}


def _evidence(policy: ReturnPolicy, asked: Asked) -> dict[str, Any]:
    """What is asked for: the more of what the policy and the reason want. No policy asks for the
    number of what never came; a reason that wants it is meant to."""
    reason = asked.reason
    wanted = policy.photos_from is None or asked.value >= policy.photos_from
    wanted = wanted and asked.claim != Claim.MISSING
    serial = policy.asks_serial and asked.claim not in NEVER_CAME
    photos = max(policy.photos if wanted else 0, reason.photos if reason else 0)
    return {
        "photos": min(photos, MOST_PHOTOS),
        "asks_text": policy.asks_text or bool(reason and reason.asks_text),
        "asks_serial": serial or bool(reason and reason.asks_serial),
        "asks_lot": bool(reason and reason.asks_lot),
    }


def _approval(policy: ReturnPolicy, value: Decimal) -> str:
    if policy.approval != _Approval.BELOW:
        return policy.approval
    low = policy.approval_below is not None and value < policy.approval_below
    return (_Approval.AUTO if low else _Approval.AGENT).value


def _notes(article: Article | None) -> tuple[str, ...]:
    text = in_language(article.notes) if article else ""
    return (text,) if text else ()
