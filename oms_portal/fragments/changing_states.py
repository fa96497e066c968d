"""Where a request stands, in words: its chip, what happens next, what is announced."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from oms_portal.changes.models import Aspect, ChangeRequest, RequestState
from oms_portal.changes.reasons import words
from oms_portal.changes.scope import aspects_in
from oms_portal.orders.locales import isolated, listed

from .shown import Chip


Words = str | Lazy

_CHIPS = {
    RequestState.DRAFT: ("dot", "wait"),
    RequestState.AWAITING_CUSTOMER: ("dot", "wait"),
    RequestState.SUBMITTED: ("dot", "busy"),
    RequestState.IN_REVIEW: ("people", "busy"),
    RequestState.SENT: ("arrow", "busy"),
    RequestState.ACCEPTED: ("check", "busy"),
    RequestState.APPLIED: ("check", "ok"),
    RequestState.COUNTERED: ("swap", "warn"),
    RequestState.REJECTED: ("cross", "bad"),
    RequestState.WITHDRAWN: ("back", "off"),
    RequestState.EXPIRED: ("clock", "off"),
    RequestState.FAILED: ("alert", "warn"),
}
_NEXT: dict[str, Words] = {
    RequestState.SUBMITTED: gettext_lazy("We have your request and are about to pass it on."),
    RequestState.IN_REVIEW: gettext_lazy("One of us looks at it before it is passed on."),
    RequestState.SENT: gettext_lazy("It is passed on. We are waiting for the answer."),
    RequestState.ACCEPTED: gettext_lazy(
        "It is accepted and being carried out. As soon as it is done, the order shows it."
    ),
    RequestState.COUNTERED: gettext_lazy(
        "It is not possible as you asked. Please accept our offer or decline it."
    ),
    RequestState.FAILED: gettext_lazy(
        "It could not be passed on. We are looking into it; you need not ask again."
    ),
    RequestState.APPLIED: gettext_lazy("It is done."),
    RequestState.REJECTED: gettext_lazy("Nothing was changed."),
    RequestState.WITHDRAWN: gettext_lazy("It was withdrawn. Nothing was changed."),
    RequestState.EXPIRED: gettext_lazy("Nothing was changed."),
}
# Where the general sentence of a state would not be true: the code's own words instead.
_INSTEAD = {
    (RequestState.IN_REVIEW, "unclear_offer"),
    (RequestState.REJECTED, "given_up_unsure"),
    (RequestState.FAILED, "uncertain"),
}
_SAID: dict[str, Words] = {
    RequestState.SUBMITTED: gettext_lazy("A change was requested."),
    RequestState.IN_REVIEW: gettext_lazy("The request is being reviewed."),
    RequestState.SENT: gettext_lazy("The request was passed on."),
    RequestState.ACCEPTED: gettext_lazy("The request was accepted."),
    RequestState.APPLIED: gettext_lazy("The change is done."),
    RequestState.COUNTERED: gettext_lazy("There is another offer."),
    RequestState.REJECTED: gettext_lazy("The change is not possible."),
    RequestState.WITHDRAWN: gettext_lazy("The request was withdrawn."),
    RequestState.EXPIRED: gettext_lazy("The request came too late."),
    RequestState.FAILED: gettext_lazy("The request could not be passed on yet."),
}
CANCELLATION = gettext_lazy("Cancellation")


def request_chip(request: ChangeRequest) -> Chip:
    state = RequestState(request.state)
    if plainer(request) and state != RequestState.IN_REVIEW:
        return Chip(pgettext("change", "Unclear"), "alert", "warn")
    return Chip(str(state.label), *_CHIPS[state])


def aspect_word(aspect: Aspect) -> str:
    """What it is called among others: "Delivery date"."""
    return str(CANCELLATION if aspect == Aspect.CANCEL else aspect.label)


def what(request: ChangeRequest) -> str:
    """ "Delivery address, Delivery date"; "Cancellation"."""
    asked = aspects_in(request.requested)
    return listed(aspect_word(aspect) for aspect in Aspect if aspect in asked) or _("Change")


def next_of(
    request: ChangeRequest, *, may: bool = True, waits: bool = False, away: bool = False
) -> str:
    """What happens next. ``may``: the reader can answer an offer; ``waits``: an earlier request of the order is not answered yet;
    ``away``: the ERP can't be reached."""
    if request.state == RequestState.COUNTERED and not may:
        return _(
            "It is not possible as it was asked for. A colleague who may change the order has to "
            "accept our offer or decline it."
        )
    if request.state == RequestState.SUBMITTED and waits:
        return _("It is passed on as soon as the request before it is answered.")
    if away and request.state in (RequestState.SUBMITTED, RequestState.SENT):
        return _("It is kept and passed on by itself as soon as that is possible.")
    return plainer(request) or str(_NEXT.get(request.state, ""))


def plainer(request: ChangeRequest) -> str:
    """What is known of this one, where what is said of its state in general would not be true."""
    code = request.answer_code
    return str(words(code)) if (request.state, code) in _INSTEAD else ""


def said(request: ChangeRequest, state: str = "") -> str:
    """What moved, without the order's name."""
    now = plainer(request) if state in ("", request.state) else ""
    return now or str(_SAID.get(state or request.state, ""))


def announcement(request: ChangeRequest, state: str, number: str) -> str:
    """The sentence a screen reader hears when the request moved to ``state``."""
    values = {"order": isolated(number), "what": what(request), "words": said(request, state)}
    return _("Order %(order)s, %(what)s: %(words)s") % values


def pressing(requests: Iterable[ChangeRequest]) -> list[ChangeRequest]:
    """The open ones, those first that wait for the customer."""
    return sorted(requests, key=lambda request: request.state != RequestState.COUNTERED)
