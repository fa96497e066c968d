"""A cut-off rule, and what it comes to for a delivery, in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from oms_portal.changes import reasons
from oms_portal.changes.cutoffs import NONE, Limit
from oms_portal.changes.models import Aspect, CutoffRule
from oms_portal.changes.wording import METHODS
from oms_portal.fragments.formats import clock, moment, zone_name
from oms_portal.orders.locales import listed, money, number
from oms_portal.orders.models import ShipmentStatus
from oms_portal.orders.moments import zone_of

from .texts import plain


# A cancelled delivery is not there to be changed.
STATES = [
    (NONE, gettext_lazy("In no delivery yet")),
    *(one for one in ShipmentStatus.choices if one[0] != ShipmentStatus.CANCELLED),
]
_Closes = CutoffRule.Closes


def say(rule: CutoffRule) -> str:
    """ "Until 14:00, 1 working day before dispatch. For: Delivery address; Planned; Parcel; DE." """
    conditions = "; ".join(_conditions(rule))
    if not conditions:
        return _("%(limit)s. For everything.") % {"limit": say_hour(rule)}
    return _("%(limit)s. For: %(conditions)s.") % {
        "limit": say_hour(rule),
        "conditions": conditions,
    }


def say_hour(rule: CutoffRule) -> str:
    if rule.closes == _Closes.HOURS:
        return _hours(rule.hours or 0)
    if rule.closes == _Closes.DAYS:
        return _days(rule.days or 0, rule.at or time())
    return str(_Closes(rule.closes).label) if rule.closes in _Closes.values else ""


def say_limit(limit: Limit, zone: str) -> str:
    """What a customer may still do: until when at the place, at what cost, or why not."""
    if not limit.open:
        why = str(reasons.why(limit))
        if limit.until is None:
            return why
        return _("%(reason)s It ended %(when)s.") % {
            "reason": why,
            "when": _when(limit.until, zone),
        }
    until = (
        _("Until %(when)s") % {"when": _when(limit.until, zone)}
        if limit.until
        else _("Open, with no hour known")
    )
    return listed([until, *_costs(limit)])


def _when(until: datetime, zone: str) -> str:
    there = zone_of(zone)
    return f"{moment(until, there)} {zone_name(there)}"


def _costs(limit: Limit) -> Iterator[str]:
    if limit.fee:
        yield _("costs %(fee)s") % {"fee": money(limit.fee, limit.fee_currency)}
    if limit.later:
        yield ngettext(
            "%(count)s working day later", "%(count)s working days later", limit.later
        ) % {"count": limit.later}


def _hours(count: int) -> str:
    if not count:
        return _("Until dispatch")
    return ngettext(
        "Until %(count)s hour before dispatch", "Until %(count)s hours before dispatch", count
    ) % {"count": count}


def _days(count: int, at: time) -> str:
    hour = clock(datetime.combine(timezone.now().date(), at, UTC), UTC)
    if not count:
        return _("Until %(time)s on the day of dispatch") % {"time": hour}
    return ngettext(
        "Until %(time)s, %(count)s working day before dispatch",
        "Until %(time)s, %(count)s working days before dispatch",
        count,
    ) % {"time": hour, "count": count}


def _conditions(rule: CutoffRule) -> Iterator[str]:
    for told, choices in (
        (rule.aspects, Aspect.choices),
        (rule.states, STATES),
        (rule.methods, METHODS.items()),
    ):
        if told:
            yield listed(_labels(told, choices))
    for told in (rule.carriers, rule.countries):
        if told:
            yield listed(plain(one) for one in told)
    if rule.value_from is not None:
        yield _("net value from %(value)s") % {"value": number(rule.value_from)}
    if rule.value_to is not None:
        yield _("net value below %(value)s") % {"value": number(rule.value_to)}


def _labels(told: list[str], choices: Iterable[tuple[Any, Any]]) -> Iterator[str]:
    words = dict(choices)
    for code in told:
        yield str(words.get(code, plain(code)))
