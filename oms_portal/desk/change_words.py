"""Change requests in words for staff: what is asked, how long is left, who did what."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oms_portal.changes.models import OPEN, ChangeEvent, ChangeRequest, RequestState
from oms_portal.changes.reasons import risk, words
from oms_portal.orders.locales import listed

from .health import span
from .traces import person


TONES = {
    RequestState.IN_REVIEW: "warn",
    RequestState.FAILED: "bad",
    RequestState.APPLIED: "ok",
}
_EVENTS: dict[str, Any] = {
    "begin": gettext_lazy("began to ask"),
    "submit": gettext_lazy("asked for it"),
    "withdraw": gettext_lazy("took it back"),
    "accept": gettext_lazy("accepted the offer"),
    "decline": gettext_lazy("declined the offer"),
    "approve": gettext_lazy("approved it"),
    "counter": gettext_lazy("made another offer"),
    "reject": gettext_lazy("rejected it"),
    "retry": gettext_lazy("passed it on again"),
    "pass_on": gettext_lazy("sent it to the ERP"),
    "take": gettext_lazy("took it in"),
    "apply": gettext_lazy("carried it out"),
    "offer": gettext_lazy("made another offer"),
    "refuse": gettext_lazy("refused it"),
    "unclear": gettext_lazy("answered what could not be read"),
    "fail": gettext_lazy("could not be reached"),
    "drop": gettext_lazy("dropped it"),
    "expire": gettext_lazy("ended it: the time was over"),
    "requeue": gettext_lazy("queued it again"),
}


def state_word(request: ChangeRequest) -> str:
    """The customer's word, but for the one that speaks to them."""
    return str(request.get_state_display())


def state_tone(request: ChangeRequest) -> str:
    return TONES.get(RequestState(request.state), "")


def risk_words(request: ChangeRequest) -> str:
    return listed(str(risk(code)) for code in request.risks)


def left(request: ChangeRequest, now: datetime) -> str:
    """How long a request can still be decided: "3 h left", "overdue"; "" where that matters no more."""
    if request.cutoff_at is None or request.state not in OPEN:
        return ""
    seconds = (request.cutoff_at - now).total_seconds()
    return _("%(time)s left") % {"time": span(seconds)} if seconds > 0 else _("overdue")


def who_of(event: ChangeEvent) -> str:
    """Whoever did a step; their name where it was a person."""
    name = person(event.actor)
    if event.source == "staff":
        return name or _("One of us")
    if event.source == "customer":
        return name or _("The customer")
    return _("The ERP") if event.source == "erp" else _("The clock")


def event_words(event: ChangeEvent) -> str:
    return str(_EVENTS.get(event.verb, event.verb))


def answer_words(request: ChangeRequest) -> str:
    """Why it did not come to be, as the customer reads it."""
    if request.answer_text or not request.answer_code:
        return request.answer_text
    return str(words(request.answer_code))
