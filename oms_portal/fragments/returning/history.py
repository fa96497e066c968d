"""What happened to a return, in words, the newest first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import tzinfo

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oms_portal.orders.locales import isolated
from oms_portal.returns.kinds import PRIVATE, ReturnState
from oms_portal.returns.models import ReturnEvent

from ..formats import stamp
from ..shown_order import Happened
from .data import Dossier
from .words import said


# What people did, where that is not what the state says that it led to.
_DID: Mapping[str, str | Lazy] = {
    "reply": gettext_lazy("Our question was answered."),
    "reissue": gettext_lazy("There is a newer label. Please use that one only."),
    "hand_over": gettext_lazy("The tracking number was entered."),
    "replace": gettext_lazy("It was changed: another return takes its place."),
}
# Steps that tell a customer nothing.
_QUIET = ("begin", "save", "note")


def show_history(dossier: Dossier, zone: tzinfo) -> list[Happened]:
    return list(reversed(list(_told(dossier, zone))))


def _told(dossier: Dossier, zone: tzinfo) -> Iterator[Happened]:
    before = ""
    for event in dossier.events:
        if event.state in PRIVATE or event.verb in _QUIET:
            continue
        words = told_of(event) if event.verb in _DID or event.state != before else ""
        before = event.state
        if words:
            yield Happened(stamp(event.at, zone), words, _who(event))


def told_of(event: ReturnEvent) -> str:
    """What a step was, in a sentence; "" for one that tells nothing."""
    if event.state in PRIVATE or event.verb in _QUIET:
        return ""
    if event.verb == "submit" and event.state == ReturnState.APPROVED:
        return _("It was requested and approved at once.")
    return str(_DID.get(event.verb) or said(event.state))


def _who(event: ReturnEvent) -> str:
    """Whose step it was: customers by name, staff as a team; the rest happens by itself."""
    if event.source == "staff":
        return _("Our team")
    if event.source != "customer" or event.actor is None:
        return ""
    return isolated(event.actor.get_full_name() or event.actor.email)
