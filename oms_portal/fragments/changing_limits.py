"""What of each delivery can be changed, until when, and why not, in words. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, tzinfo
from itertools import groupby

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oms_portal.changes.models import Aspect
from oms_portal.changes.reasons import why
from oms_portal.changes.standing import Limit, Part, Standing
from oms_portal.orders.locales import listed, money
from oms_portal.orders.models import ShipmentStatus
from oms_portal.orders.moments import zone_of

from .changing_impact import later
from .changing_states import aspect_word
from .chips import shipment_chip
from .formats import deadline, relative
from .marking import marked
from .routes import part_title
from .shown_changes import Delivery, Until


CHANGE, CANCEL = "change", "cancel"
VERBS = (CHANGE, CANCEL)
# Of changing, and of cancelling alone: without an hour, with one, with one that is near.
_WORDS = (
    (
        gettext_lazy("You can change this until we begin to pick it"),
        gettext_lazy("You can change this until %(time)s"),
        gettext_lazy("You can change this until %(time)s (%(near)s)"),
    ),
    (
        gettext_lazy("You can cancel items until we begin to pick them"),
        gettext_lazy("You can cancel items until %(time)s"),
        gettext_lazy("You can cancel items until %(time)s (%(near)s)"),
    ),
)


def verb_of(aspect: Aspect) -> str:
    return CANCEL if aspect == Aspect.CANCEL else CHANGE


def show_limits(standing: Standing, may: Collection[str]) -> list[Delivery]:
    """Each part of the order; with the links of those verbs that somebody ``may``. Who may nothing
    is told of all."""
    told = [verb for verb in VERBS if verb in may] or VERBS
    aspects = [each for each in Aspect if each in standing.aspects and verb_of(each) in told]
    return [_delivery(part, standing, aspects, may) for part in standing.parts if aspects]


def is_open(delivery: Delivery) -> bool:
    return any(limit.open for limit in delivery.limits)


def _delivery(
    part: Part, standing: Standing, aspects: list[Aspect], may: Collection[str]
) -> Delivery:
    zone = zone_of(part.zone or standing.zone)
    can = {verb_of(aspect) for aspect in aspects if part.allows(aspect)} & set(may)
    title = part_title(part)
    return Delivery(
        title=title,
        name=title,
        chip=shipment_chip(ShipmentStatus(part.status)) if part.thread else None,
        limits=list(_limits(part, aspects, zone, standing.now)),
        change_url=_url("change", standing, part) if CHANGE in can else "",
        cancel_url=_url("cancel", standing, part) if CANCEL in can else "",
    )


def _url(page: str, standing: Standing, part: Part) -> str:
    query = {"delivery": part.thread} if part.thread else {}
    return reverse(f"oms_portal:{page}", args=[standing.order.slug], query=query)


def _limits(part: Part, aspects: Iterable[Aspect], zone: tzinfo, now: datetime) -> Iterator[Until]:
    """Aspects with one limit are told together, the open ones first."""
    known = [(aspect, part.limits[aspect]) for aspect in aspects if aspect in part.limits]
    ordered = sorted(known, key=lambda each: _key(each[1]))
    groups = [[*group] for _same, group in groupby(ordered, key=lambda each: _key(each[1]))]
    for group in groups:
        limit = group[0][1]
        told = [aspect for aspect in Aspect if aspect in dict(group)]
        plain = (len(groups) == 1 and not limit.open) or (limit.open and told == [Aspect.CANCEL])
        yield Until(
            open=limit.open,
            words=_until(limit, told, zone, now) if limit.open else str(why(limit)),
            what="" if plain else listed(map(aspect_word, told)),
            costs=_costs(limit) if limit.open else "",
        )


def _key(limit: Limit) -> tuple[bool, str, str, str]:
    until = limit.until.isoformat() if limit.until else ""
    return not limit.open, until if limit.open else "", str(why(limit)), _costs(limit)


def _until(limit: Limit, aspects: Sequence[Aspect], zone: tzinfo, now: datetime) -> SafeString:
    plain, dated, counting = _WORDS[list(aspects) == [Aspect.CANCEL]]
    if limit.until is None:
        return marked(str(plain))
    near, when = relative(limit.until, zone, now), deadline(limit.until, zone, now)
    return marked(str(counting if near else dated), time=when, near=near)


def _costs(limit: Limit) -> str:
    """What a change costs and how much later the goods come, as far as the rule can tell."""
    said = []
    if limit.fee:
        fee = money(limit.fee, limit.fee_currency or "EUR")
        said.append(_("A change costs %(fee)s.") % {"fee": fee})
    if limit.later:
        said.append(later(limit.later))
    return " ".join(said)
