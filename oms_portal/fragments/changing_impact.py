"""What a change means, in words, before it is sent; and what the address was perhaps meant to be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from oms_portal.changes.impact import Impact, Kind, read_all
from oms_portal.changes.models import Aspect, ChangeRequest
from oms_portal.changes.submitting import SUGGESTION
from oms_portal.orders.detail import Place
from oms_portal.orders.locales import isolated, money

from .places import address_lines


_SPLIT: Mapping[str, str | Lazy] = {
    Aspect.ADDRESS: gettext_lazy(
        "The order goes to two places then: a part of it to the new address, the rest as before."
    ),
    Aspect.DATE: gettext_lazy(
        "The order comes on different days then: a part of it on the new date, the rest as before."
    ),
    Aspect.METHOD: gettext_lazy(
        "The order comes in different ways then: a part of it the new way, the rest as before."
    ),
}


@dataclass(frozen=True)
class Told:
    """One thing to know; ``grave`` ones are pointed out."""

    words: str
    grave: bool = False


@dataclass(frozen=True)
class Offer:
    """What the address was perhaps meant to be. ``id`` names it when it is taken."""

    id: str
    words: str
    lines: list[str]


def impacts(request: ChangeRequest) -> list[Told]:
    return [told for one in read_all(request.impact) if (told := _told(one))]


def offers(request: ChangeRequest) -> Iterator[Offer]:
    for one in request.impact:
        if one.get("kind") == SUGGESTION:
            place = Place.of(one["address"])
            yield Offer(one["id"], one["words"], address_lines(place) if place else [])


def _told(impact: Impact) -> Told | None:
    if impact.kind == Kind.WHOLE:
        return Told(_("Nothing is left of the order then: it is cancelled as a whole."), grave=True)
    if impact.kind == Kind.EXCLUDED:
        return Told(_left_out(impact), grave=True)
    if impact.kind == Kind.SPLIT:
        return Told(str(_SPLIT[impact.aspect])) if impact.aspect in _SPLIT else None
    if impact.kind == Kind.FEE:
        fee = money(Decimal(impact.amount), impact.currency)
        return Told(_("It costs %(fee)s.") % {"fee": fee}, grave=True)
    return Told(later(impact.days), grave=True)


def later(days: int) -> str:
    """How many working days later the goods come."""
    words = ngettext(
        "The goods come about %(n)s working day later.",
        "The goods come about %(n)s working days later.",
        days,
    )
    return words % {"n": days}


def _left_out(impact: Impact) -> str:
    if not impact.number:
        return _("What is in no delivery yet stays as it is: %(why)s") % {"why": impact.why}
    words = {"number": isolated(impact.number), "why": impact.why}
    return _("Delivery %(number)s stays as it is: %(why)s") % words
