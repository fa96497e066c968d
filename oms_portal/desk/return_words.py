"""Returns in words for staff: what comes back, where it stands, how long it waits, who did what."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oms_portal.returns import reasons
from oms_portal.returns.kinds import ASKED, ENDED, ReturnState
from oms_portal.returns.models import Return, ReturnEvent

from .health import span
from .traces import person


TONES = {
    ReturnState.IN_REVIEW: "warn",
    ReturnState.REQUESTED: "warn",
    ReturnState.SETTLED: "ok",
    ReturnState.CLOSED: "ok",
}
APPROVALS: dict[str, Any] = {
    "auto": gettext_lazy("nobody: the rules allow it"),
    "agent": gettext_lazy("one of us"),
    "erp": gettext_lazy("the ERP"),
}
_EVENTS: dict[str, Any] = {
    "begin": gettext_lazy("began a return"),
    "save": gettext_lazy("changed the draft"),
    "submit": gettext_lazy("asked for it"),
    "withdraw": gettext_lazy("took it back"),
    "replace": gettext_lazy("put another return in its place"),
    "reply": gettext_lazy("answered the question"),
    "hand_over": gettext_lazy("handed the goods over"),
    "approve": gettext_lazy("approved it"),
    "vouch": gettext_lazy("wants to allow it all the same"),
    "override": gettext_lazy("allowed it all the same"),
    "decline": gettext_lazy("declined it"),
    "ask": gettext_lazy("asked a question"),
    "close": gettext_lazy("closed it"),
    "confirm": gettext_lazy("approved it"),
    "refuse": gettext_lazy("refused it"),
    "inquire": gettext_lazy("asked a question"),
    "review": gettext_lazy("left it to us"),
    "note": gettext_lazy("told of it"),
    "receive": gettext_lazy("told what came and what becomes of it"),
    "scan": gettext_lazy("scanned a parcel"),
    "expire": gettext_lazy("ended it: the time was over"),
    "finish": gettext_lazy("completed it"),
    "reissue": gettext_lazy("had a new label made"),
    "matched": gettext_lazy("found out whose unknown parcel it was"),
    "let_in": gettext_lazy("let its goods in"),
    "counted": gettext_lazy("counted what came"),
    "judged": gettext_lazy("decided what becomes of goods"),
    "unjudged": gettext_lazy("took back what was decided about goods"),
    "seconded": gettext_lazy("confirmed it as a second person"),
}


def state_word(rma: Return) -> str:
    return str(rma.get_state_display())


def state_tone(rma: Return) -> str:
    return TONES.get(ReturnState(rma.state), "")


def age(rma: Return, now: datetime | None = None) -> str:
    """How long it has waited for an answer, or has been under way; "" once it is over."""
    if rma.submitted_at is None or rma.state in ENDED:
        return ""
    seconds = ((now or timezone.now()) - rma.submitted_at).total_seconds()
    if rma.state in ASKED:
        return _("waits for %(time)s") % {"time": span(seconds)}
    return span(seconds)


def who_of(event: ReturnEvent) -> str:
    """Whoever did a step; their name where it was a person."""
    if name := person(event.actor):
        return name
    names = {
        "staff": _("One of us"),
        "customer": _("The customer"),
        "erp": _("The ERP"),
        "carrier": _("The carrier"),
    }
    return names.get(event.source, _("The clock"))


def event_words(event: ReturnEvent) -> str:
    return str(_EVENTS.get(event.verb, event.verb))


def answer_words(rma: Return) -> str:
    """Why it did not come to be, as the customer reads it."""
    if rma.answer_text or not rma.answer_code:
        return rma.answer_text
    return str(reasons.words(rma.answer_code))
