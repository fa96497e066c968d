"""What comes today, and what came: when, where to, how many parcels, how far they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from itertools import groupby

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oms_portal.customers.access import Actor
from oms_portal.orders import coming, messages
from oms_portal.orders.coming import Delivery
from oms_portal.orders.days import Days
from oms_portal.orders.detail import Problem
from oms_portal.orders.filters import Scope
from oms_portal.orders.locales import day, isolated
from oms_portal.orders.moments import day_of

from .base import Rendered, Spec, register
from .company import CompanyFragment
from .drawing import draw
from .formats import clock
from .shown import Chip
from .updates import company_zone, news
from .wording import speaking


# How many days each choice of an editor's shows.
RANGES = {"today": 1, "tomorrow": 2, "week": 7}
# So many deliveries of today are shown; the order list has all.
MOST = 10


@dataclass(frozen=True)
class Coming:
    """A delivery: what is said of when, and of where it is now."""

    url: str
    order: str
    reference: str
    company: str
    chip: Chip
    when: str
    place: str
    facts: list[str]
    standing: str


@dataclass(frozen=True)
class Day:
    """``more``: where all of its orders are listed, if it has deliveries that are left out."""

    heading: str
    date: str
    deliveries: list[Coming]
    more: str = ""


@dataclass(frozen=True)
class Shown:
    """``next``: where nothing comes, when something will."""

    days: list[Day]
    arrived: list[Coming]
    quiet: str
    next: str


@register
class ArrivingFragment(CompanyFragment):
    name = "arriving"

    def asked(self, params: Mapping[str, str]) -> Mapping[str, str]:
        """``days`` (a key of RANGES), ``arrived`` ("0": only what comes)."""
        days = params.get("days", "")
        return {
            "days": days if days in RANGES else "today",
            "arrived": "0" if params.get("arrived") == "0" else "1",
        }

    def render(self, spec: Spec, version: int) -> Rendered:
        actor = Actor.of_rights(spec["rights"])
        days = Days(timezone.now(), RANGES[spec["days"]])
        soon, here = coming.coming(actor, days)
        zone = company_zone(spec["company"])
        following = None if soon else coming.next_day(actor, days)
        with speaking(spec):
            shown = show(soon, here, days, zone, following)
            shown = shown if spec["arrived"] == "1" else replace(shown, arrived=[])
            html = draw(spec, version, shown, None, states(soon, here, days))
            return Rendered(html, news(actor, spec.topic, zone))


def states(soon: Iterable[Delivery], here: Iterable[Delivery], days: Days) -> list[str]:
    """A block's own words for an empty one stand in for ours."""
    todays = [each for each in soon if each.day <= day_of(days.now, each.zone)]
    found = ["arriving_today"] if todays else []
    found += ["delivered"] if list(here) else []
    return found or ["empty"]


def show(
    soon: Sequence[Delivery],
    here: Sequence[Delivery],
    days: Days,
    zone: tzinfo,
    following: date | None = None,
) -> Shown:
    several = len({each.order.company_id for each in [*soon, *here]}) > 1
    quiet = _("Nothing is due to arrive today.")
    if days.days > 1:
        quiet = _("Nothing is due to arrive in these days.")
    return Shown(
        days=list(_days(soon, days, zone, several=several)),
        arrived=[_arrived(each, several=several) for each in here],
        quiet="" if soon else quiet,
        next=_("The next delivery is expected on %(date)s.") % {"date": day(following, zone)}
        if following
        else "",
    )


def _days(soon: Sequence[Delivery], days: Days, zone: tzinfo, *, several: bool) -> Iterator[Day]:
    """What began to be expected before today may come today."""

    def of(delivery: Delivery) -> date:
        return max(delivery.day, day_of(days.now, delivery.zone))

    # A stable sort: within a day what is on the van stays first.
    today = day_of(days.now, zone)
    for each, group in groupby(sorted(soon, key=of), key=of):
        found = list(group)
        shown = found[:MOST] if each == today else found
        yield Day(
            _heading(each, today, zone),
            each.isoformat(),
            [_expected(one, each, days.now, several=several) for one in shown],
            _all_of_today() if len(shown) < len(found) else "",
        )


def _all_of_today() -> str:
    return reverse("oms_portal:orders", query={"scope": Scope.ARRIVING.value})


def _heading(each: date, today: date, zone: tzinfo) -> str:
    if each == today:
        return _("Today")
    return _("Tomorrow") if each == today + timedelta(days=1) else day(each, zone)


def _expected(delivery: Delivery, on: date, now: datetime, *, several: bool) -> Coming:
    return replace(
        _plain(delivery, several=several),
        chip=_chip(delivery),
        when=_when(delivery, on),
        standing=_standing(delivery, now),
    )


def _arrived(delivery: Delivery, *, several: bool) -> Coming:
    at = delivery.came
    said = {
        "time": clock(at, delivery.zone) if at else "",
        "name": isolated(delivery.signed_by),
    }
    words = _("Delivered at %(time)s.") % said
    if delivery.signed_by:
        words = _("Delivered at %(time)s, signed by %(name)s.") % said
    return replace(_plain(delivery, several=several), when=words)


def _plain(delivery: Delivery, *, several: bool) -> Coming:
    order = delivery.order
    return Coming(
        url=order.get_absolute_url(),
        order=order.number,
        reference=order.customer_reference,
        company=order.company.name if several else "",
        chip=Chip(_("Delivered"), "check", "ok"),
        when="",
        place=delivery.place,
        facts=list(_facts(delivery)),
        standing="",
    )


def _facts(delivery: Delivery) -> Iterator[str]:
    yield _("Delivery %(number)s") % {"number": isolated(delivery.number)}
    if delivery.parcels:
        words = ngettext("%(n)s parcel", "%(n)s parcels", delivery.parcels)
        yield words % {"n": delivery.parcels}
    if delivery.carrier:
        yield delivery.carrier


def _chip(delivery: Delivery) -> Chip:
    if delivery.problem:
        return Chip(_("Needs attention"), "alert", "bad")
    if delivery.out:
        return Chip(_("Out for delivery"), "arrow", "busy")
    return Chip(_("On its way"), "arrow", "wait")


def _when(delivery: Delivery, on: date) -> str:
    window, zone = delivery.window, delivery.zone
    if window is None or window.guessed:
        return _("In the course of the day")
    starts, ends = window.starts, window.ends
    if ends and day_of(ends, zone) != day_of(starts, zone):
        said = {"from": day(starts, zone), "to": day(ends, zone)}
        return _("Between %(from)s and %(to)s") % said
    if not isinstance(starts, datetime):
        return _("In the course of the day")
    if isinstance(ends, datetime) and ends > starts:
        said = {"from": clock(starts, zone), "to": clock(ends, zone)}
        return _("Between %(from)s and %(to)s") % said
    return _("Around %(time)s") % {"time": clock(starts, zone)}


def _standing(delivery: Delivery, now: datetime) -> str:
    """Where it is now: the problem first, else the last scan."""
    if delivery.problem:
        return " ".join(messages.problem(Problem(delivery.problem, ""))[1:])
    if delivery.seen is None:
        return ""
    place, at = delivery.seen
    said = {
        "place": isolated(place),
        "time": clock(at, delivery.zone),
        "date": day(at, delivery.zone),
    }
    if day_of(at, delivery.zone) == day_of(now, delivery.zone):
        return _("Last scan: %(place)s at %(time)s.") % said
    return _("Last scan: %(place)s on %(date)s.") % said
