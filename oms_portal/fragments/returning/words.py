"""Where a return stands, in plain words: what it is called, what happens next, what is announced."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from oms_portal.orders.locales import day, isolated, money
from oms_portal.orders.moments import zone_of
from oms_portal.returns import reasons
from oms_portal.returns.kinds import FREED, Kind, Method, ReturnState
from oms_portal.returns.models import Return, ReturnLine
from oms_portal.returns.parcels import ReturnParcel


Words = str | Lazy
S = ReturnState

_TITLES: Mapping[str, Words] = {
    Kind.RETURN: gettext_lazy("Return %(number)s"),
    Kind.EXCHANGE: gettext_lazy("Exchange %(number)s"),
    Kind.CLAIM: gettext_lazy("Claim %(number)s"),
}
_STANDS: Mapping[str, Words] = {
    S.REQUESTED: gettext_lazy("We have your request and are about to answer it."),
    S.IN_REVIEW: gettext_lazy("One of us is looking at your request."),
    S.INFO_NEEDED: gettext_lazy("We have a question before we can go on."),
    S.APPROVED: gettext_lazy("Your request is approved."),
    S.IN_TRANSIT: gettext_lazy("Your goods are on their way to us."),
    S.PARTLY_RECEIVED: gettext_lazy("A part of your goods has reached us."),
    S.RECEIVED: gettext_lazy("Your goods have reached us."),
    S.INSPECTED: gettext_lazy("Your goods are checked."),
    S.SETTLED: gettext_lazy("Everything about this is settled."),
    S.CLOSED: gettext_lazy("Everything about this is completed."),
    S.REJECTED: gettext_lazy("We can’t agree to this."),
    S.CANCELLED: gettext_lazy("This was withdrawn."),
    S.EXPIRED: gettext_lazy("This has ended: the goods were not handed over in time."),
}
# What happens next, where it does not hang on the way back.
_NEXT: Mapping[str, Words] = {
    S.REQUESTED: gettext_lazy("Please don’t send anything yet. Our answer appears here by itself."),
    S.IN_REVIEW: gettext_lazy("Please don’t send anything yet. Our answer appears here by itself."),
    S.INFO_NEEDED: gettext_lazy("Please answer it, so that we can go on."),
    S.IN_TRANSIT: gettext_lazy("As soon as they are with us, we check them."),
    S.PARTLY_RECEIVED: gettext_lazy("We are waiting for the rest."),
    S.RECEIVED: gettext_lazy("We are checking them now."),
    S.INSPECTED: gettext_lazy("Next we settle it; what comes of it appears here by itself."),
    S.CANCELLED: gettext_lazy("Please don’t send anything. Labels of it are void."),
    S.EXPIRED: gettext_lazy("Please don’t send anything. You may ask for it again."),
}
_APPROVED: Mapping[str, Words] = {
    Method.PARCEL_SHOP: gettext_lazy(
        "Print the label, put it on the parcel and drop the parcel off."
    ),
    Method.QR: gettext_lazy("Show the code at the parcel shop. You need no printer."),
    Method.PICKUP: gettext_lazy("Put the label on the parcel and have it ready for the driver."),
    Method.BRANCH: gettext_lazy("Bring the goods to our branch, with the packing slip in them."),
    Method.OWN_CARRIER: gettext_lazy(
        "Send the goods to the address below and tell us the tracking number."
    ),
    Method.FREIGHT: gettext_lazy(
        "Put a label on each package. We arrange the collection and get in touch with you."
    ),
    Method.NOTHING: gettext_lazy("There is nothing to send back. Next we settle it."),
}
# Nobody hands anything over here, or somebody comes for it on a day of their own.
_WITHOUT_DAY = (Method.PICKUP, Method.FREIGHT, Method.NOTHING)
_SAID: Mapping[str, Words] = {
    S.REQUESTED: gettext_lazy("It was requested."),
    S.IN_REVIEW: gettext_lazy("It is being reviewed."),
    S.INFO_NEEDED: gettext_lazy("We have a question."),
    S.APPROVED: gettext_lazy("It was approved."),
    S.IN_TRANSIT: gettext_lazy("The goods are on their way to us."),
    S.PARTLY_RECEIVED: gettext_lazy("A part of the goods has reached us."),
    S.RECEIVED: gettext_lazy("The goods have reached us."),
    S.INSPECTED: gettext_lazy("The goods are checked."),
    S.SETTLED: gettext_lazy("It is settled."),
    S.CLOSED: gettext_lazy("It is completed."),
    S.REJECTED: gettext_lazy("We could not agree to it."),
    S.CANCELLED: gettext_lazy("It was withdrawn."),
    S.EXPIRED: gettext_lazy("It ended: the goods were not handed over in time."),
}


def title(rma: Return) -> str:
    return title_of(rma.kind, rma.number)


def title_of(kind: str, number: str) -> str:
    """ "Return R1234567890"."""
    return str(_TITLES[kind]) % {"number": isolated(number)}


def headline(rma: Return) -> str:
    return str(_STANDS.get(rma.state, ""))


def arrived(rma: Return, parcels: Sequence[ReturnParcel]) -> str:
    """How many of its parcels are with us; "" where that says nothing new."""
    here = sum(parcel.arrived_at is not None for parcel in parcels)
    if not here or rma.state not in (S.APPROVED, S.IN_TRANSIT):
        return ""
    return parcels_here(here, len(parcels))


def parcels_here(here: int, of: int) -> str:
    if here == of:
        return ngettext("Your parcel has reached us.", "All your parcels have reached us.", here)
    words = ngettext(
        "%(n)s of %(total)s parcels has reached us.",
        "%(n)s of %(total)s parcels have reached us.",
        here,
    )
    return words % {"n": here, "total": of}


def is_here(rma: Return, parcels: Sequence[ReturnParcel]) -> bool:
    """Whether all its parcels are with us, and nobody has said yet what is in them."""
    all_here = bool(parcels) and all(parcel.arrived_at for parcel in parcels)
    return all_here and rma.state in (S.APPROVED, S.IN_TRANSIT)


def after_arrival(parcels: Sequence[ReturnParcel]) -> str:
    """What happens next, where some of these parcels are with us."""
    if all(parcel.arrived_at for parcel in parcels):
        return _("Next we count and check what is in.")
    return _("We are waiting for the rest.")


def todo(rma: Return, *, may: bool = True) -> list[str]:
    """What to do, or what happens next; ``may``: the reader can do something about it."""
    if rma.state == S.INFO_NEEDED and not may:
        return [_("A colleague who may return goods has to answer it.")]
    if rma.state == S.APPROVED:
        return _handing_over(rma)
    if not rma.is_goods_back and rma.state in (S.REQUESTED, S.IN_REVIEW):
        return [_("Our answer appears here by itself.")]
    if not rma.is_goods_back and rma.state == S.CANCELLED:
        return []
    words = _NEXT.get(rma.state)
    return [str(words)] if words else []


def _handing_over(rma: Return) -> list[str]:
    if rma.method == Method.OWN_CARRIER and rma.tracking_number:
        said = {"number": isolated(rma.tracking_number)}
        return [_("We are waiting for your parcel with the tracking number %(number)s.") % said]
    sentences = [str(_APPROVED[rma.method])] if rma.method in _APPROVED else []
    if rma.expires_on and rma.method not in _WITHOUT_DAY:
        said = {"date": last_day(rma)}
        sentences.append(_("Please hand the goods over by %(date)s.") % said)
    return sentences


def last_day(rma: Return) -> str:
    return day(rma.expires_on, zone_of("")) if rma.expires_on else ""


def why(rma: Return) -> str:
    """Why it came to its end, in staff's words or in those for a code; "" where that is said."""
    if rma.state not in FREED:
        return ""
    if rma.answer_text:
        return rma.answer_text
    told = rma.state == S.REJECTED and rma.answer_code
    return str(reasons.words(rma.answer_code)) if told else ""


def said(state: str) -> str:
    """What moved, without the return's name."""
    return str(_SAID.get(state, ""))


def announcement(rma: Return, words: str = "") -> str:
    """The sentence a screen reader hears when it moved: ``words`` are what moved."""
    return announced(title(rma), words or said(rma.state))


def announced(title: str, words: str) -> str:
    return _("%(title)s: %(words)s") % {"title": title, "words": words}


def what(lines: Iterable[ReturnLine]) -> str:
    """ "Hexagon bolt M8 and 2 more items"."""
    named = [line.description or line.sku for line in lines]
    return named_with(named[0], len(named) - 1) if named else ""


def named_with(item: str, more: int) -> str:
    if not more:
        return item
    words = ngettext("%(item)s and %(n)s more item", "%(item)s and %(n)s more items", more)
    return words % {"item": isolated(item), "n": more}


def urgent(returns: Iterable[Return]) -> list[Return]:
    """Those first that wait for the customer."""
    return sorted(returns, key=lambda rma: rma.state != S.INFO_NEEDED)


def amount(told: Mapping[str, Any], name: str, currency: str) -> str:
    """An amount of ``Return.expected`` or a credit note; "" where there is none that can be read."""
    try:
        value = Decimal(str(told[name]))
    except (KeyError, InvalidOperation):
        return ""
    return money(value, currency) if value.is_finite() else ""


def pickup_day(pickup: Mapping[str, str]) -> date | None:
    try:
        return date.fromisoformat(pickup.get("on", ""))
    except ValueError:
        return None
