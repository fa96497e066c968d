"""Which policy decides on some units of a delivered line. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from decimal import Decimal
from typing import Any

from .articles import fits
from .rules import Article, ReturnPlace, ReturnPolicy, ReturnReason
from .windows import Dates


# A price that nobody told counts as high: it is looked at, photographed and wanted back.
UNKNOWN_VALUE = Decimal("Infinity")


@dataclass(frozen=True)
class Facts:
    """What policies ask of a line in a delivery. ``customer`` is the company's number; ``zone``
    the company's, by whose days windows end; ``origin`` the delivery's location as told."""

    kind: str
    customer: str
    country: str
    zone: tzinfo
    dates: Dates
    currency: str
    unit_price: Decimal | None
    article: Article | None = None
    origin: Mapping[str, Any] = field(default_factory=dict)
    places: Sequence[ReturnPlace] = ()


@dataclass(frozen=True)
class Asked:
    """``condition`` None and ``reason`` None are not known yet; "" is a condition nobody asked."""

    facts: Facts
    reason: ReturnReason | None
    condition: str | None
    quantity: Decimal | None
    claim: str

    @property
    def value(self) -> Decimal:
        if self.quantity is None or self.facts.unit_price is None:
            return UNKNOWN_VALUE
        return self.quantity * self.facts.unit_price


def candidates(policies: Iterable[ReturnPolicy], asked: Asked) -> list[ReturnPolicy]:
    """The active policies that may decide, the last of them surely if any does."""
    found = []
    for policy in policies:
        answer = fit(policy, asked) if policy.active else False
        if answer is not False:
            found.append(policy)
        if answer:
            break
    return found


def fit(policy: ReturnPolicy, asked: Asked) -> bool | None:
    """Whether a policy fits; None where that depends on what nobody said yet."""
    answers = [_fits_facts(policy, asked.facts), *_fits_wish(policy, asked)]
    return False if False in answers else None if None in answers else True


def _fits_facts(policy: ReturnPolicy, facts: Facts) -> bool:
    article = facts.article
    return (
        (not policy.companies or fits(facts.customer, policy.companies))
        and _among([facts.country], policy.countries)
        and _among([facts.kind], policy.kinds)
        and _among([article.category] if article else [], policy.categories)
        and _among([article.brand] if article else [], policy.brands)
        and _among(article.tags if article else [], policy.tags)
        and policy.final_sale in (None, bool(article and article.final_sale))
    )


def _fits_wish(policy: ReturnPolicy, asked: Asked) -> Iterable[bool | None]:
    if policy.reasons:
        yield None if asked.reason is None else _among(codes_of(asked.reason), policy.reasons)
    if policy.conditions:
        known = asked.condition is not None
        yield _among([asked.condition or ""], policy.conditions) if known else None
    if policy.value_from is not None or policy.value_below is not None:
        low, high = policy.value_from, policy.value_below
        fitting = (low is None or asked.value >= low) and (high is None or asked.value < high)
        yield fitting if asked.quantity is not None else None


def codes_of(reason: ReturnReason) -> list[str]:
    """Its own and its heading's, for policies name either."""
    return [reason.code, *([reason.parent.code] if reason.parent else [])]


def _among(told: Collection[str], allowed: Collection[str]) -> bool:
    folded = {one.casefold() for one in allowed}
    return not allowed or any(one.casefold() in folded for one in told)
