"""Until when a delivery can still be changed: the first rule that fits it decides. Pure.

Working days are Monday to Friday where the goods go; no holidays are known. What has no planned
dispatch closes at no known hour: its state closes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal

from django.utils.translation import gettext as _

from oms_portal.orders.models import ShipmentStatus
from oms_portal.orders.moments import Moment, day_of

from .models import Aspect, CutoffRule


# The state of units that lie in no delivery yet, as rules name it.
NONE = "none"
PAST, CLOSED = "past", "closed"
_SATURDAY = 5
_Closes = CutoffRule.Closes


@dataclass(frozen=True)
class Limit:
    """``until`` in UTC; None where no hour is known ("until we pick it"). ``reason`` is why it is
    closed, as a code of ``reasons``; ``words`` are staff's own in place of those. ``fee`` and
    ``later`` (working days) are what the rule says a change costs."""

    open: bool
    until: datetime | None = None
    reason: str = ""
    words: str = ""
    fee: Decimal | None = None
    fee_currency: str = ""
    later: int = 0
    rule: str = ""


@dataclass(frozen=True)
class Facts:
    """What rules ask of a part: ``status`` is a shipment's or NONE, ``net`` the order's value,
    ``dispatch`` when it is planned to leave, ``zone`` and ``country`` are those of the place."""

    status: str
    zone: tzinfo
    method: str = ""
    carrier: str = ""
    country: str = ""
    net: Decimal = Decimal(0)
    dispatch: Moment | None = None


def limits(facts: Facts, rules: Sequence[CutoffRule], now: datetime) -> Mapping[Aspect, Limit]:
    return {aspect: limit(facts, aspect, rules, now) for aspect in Aspect}


def limit(facts: Facts, aspect: Aspect, rules: Iterable[CutoffRule], now: datetime) -> Limit:
    rule = deciding(facts, aspect, rules)
    if rule is None:
        return Limit(open=False, reason=_closed_by(facts.status))
    if rule.closes == _Closes.ALREADY:
        reason = _closed_by(facts.status)
        return Limit(open=False, reason=reason, words=rule.reason, rule=rule.name)
    until = closes_at(rule, facts)
    in_time = until is None or now < until
    return Limit(
        open=in_time,
        until=until,
        reason="" if in_time else PAST,
        words="" if in_time else rule.reason,
        fee=rule.fee,
        fee_currency=rule.fee_currency,
        later=rule.later or 0,
        rule=rule.name,
    )


def deciding(facts: Facts, aspect: Aspect, rules: Iterable[CutoffRule]) -> CutoffRule | None:
    """The first active rule that fits; None where all is closed because none does."""
    return next((rule for rule in rules if rule.active and fits(rule, facts, aspect)), None)


def fits(rule: CutoffRule, facts: Facts, aspect: Aspect) -> bool:
    return (
        _among(aspect.value, rule.aspects)
        and _among(facts.status, rule.states)
        and _among(facts.carrier, rule.carriers)
        and _among(facts.method, rule.methods)
        and _among(facts.country, rule.countries)
        and (rule.value_from is None or facts.net >= rule.value_from)
        and (rule.value_to is None or facts.net < rule.value_to)
    )


def closes_at(rule: CutoffRule, facts: Facts) -> datetime | None:
    """The first instant at which it is too late, in UTC; None where no hour is known.

    Hours are counted back from the planned instant, or from the start of the planned day at the
    place. A time of day is the place's clock; it never lies behind a planned instant.
    """
    planned = facts.dispatch
    if planned is None or rule.closes not in (_Closes.HOURS, _Closes.DAYS):
        return None
    if rule.closes == _Closes.HOURS:
        return _start_of(planned, facts.zone) - timedelta(hours=rule.hours or 0)
    day = working_days_before(day_of(planned, facts.zone), rule.days or 0)
    until = datetime.combine(day, rule.at or time(), facts.zone).astimezone(UTC)
    return min(until, planned.astimezone(UTC)) if isinstance(planned, datetime) else until


def working_days_before(day: date, count: int) -> date:
    """The ``count``th day from Monday to Friday before this one; the day itself for 0."""
    while count > 0:
        day -= timedelta(days=1)
        count -= day.weekday() < _SATURDAY
    return day


def built_in() -> list[CutoffRule]:
    """The rules while staff have made none: not saved, in the reader's language."""
    early = [ShipmentStatus.PLANNED, ShipmentStatus.RELEASED]
    return [
        CutoffRule(position=1, name=_("In no delivery yet"), states=[NONE], closes=_Closes.NEVER),
        CutoffRule(
            position=2,
            name=_("Contact and instructions until dispatch"),
            aspects=[Aspect.CONTACT.value, Aspect.INSTRUCTIONS.value],
            states=[state.value for state in (*early, ShipmentStatus.PICKING)],
            closes=_Closes.HOURS,
            hours=0,
        ),
        CutoffRule(
            position=3,
            name=_("Everything else until the working day before"),
            states=[state.value for state in early],
            closes=_Closes.DAYS,
            days=1,
            at=time(14),
        ),
        CutoffRule(position=4, name=_("Picked, packed or gone"), closes=_Closes.ALREADY),
    ]


def _start_of(planned: Moment, zone: tzinfo) -> datetime:
    start = planned if isinstance(planned, datetime) else datetime.combine(planned, time(), zone)
    return start.astimezone(UTC)


def _among(told: str, allowed: Sequence[str]) -> bool:
    return not allowed or told.casefold() in {one.casefold() for one in allowed}


def _closed_by(status: str) -> str:
    """Why, as a code of ``reasons``: the delivery's own state where that says it."""
    begun = status not in (NONE, ShipmentStatus.PLANNED, ShipmentStatus.RELEASED)
    return status if begun else CLOSED
