"""What happened to a return, in words, the newest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, tzinfo

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oms_portal.orders.locales import isolated
from oms_portal.returns.kinds import PRIVATE, ReturnState
from oms_portal.returns.models import Return, ReturnEvent
from oms_portal.returns.parcels import ReturnParcel

from ..formats import stamp
from ..shown_order import Happened
from .data import Dossier
from .words import said


# When, what, who.
Told = tuple[datetime, str, str]

# What people did, where that is not what the state says that it led to.
_DID: Mapping[str, str | Lazy] = {
    "reply": gettext_lazy("Our question was answered."),
    "reissue": gettext_lazy("There is a newer label. Please use that one only."),
    "hand_over": gettext_lazy("The tracking number was entered."),
    "replace": gettext_lazy("It was changed: another return takes its place."),
    "override": gettext_lazy("We made an exception to our rules: it was approved."),
    "counted": gettext_lazy("We counted what came."),
    "judged": gettext_lazy("We checked what came."),
    "seconded": gettext_lazy("A second person of ours confirmed it."),
    "matched": gettext_lazy("A parcel without a number turned out to belong to it."),
}
# Steps that the returns desk takes; others of staff are the service team's.
_AT_DESK = ("counted", "judged", "seconded", "matched")
# Steps that said whether it may come.
_DECIDED = ("approve", "override", "decline", "confirm", "refuse")
# Steps that tell a customer nothing.
_QUIET = ("begin", "save", "note", "unjudged", "vouch", "let_in")


def show_history(dossier: Dossier, zone: tzinfo) -> list[Happened]:
    """Steps, and parcels as they arrived."""
    told = [*_told(dossier), *_arrivals(dossier)]
    newest = sorted(told, key=lambda each: each[0], reverse=True)
    return [Happened(stamp(at, zone), words, who) for at, words, who in newest]


def _told(dossier: Dossier) -> Iterator[Told]:
    """The newest first, so that those of one instant stay in their order."""
    found: list[Told] = []
    before, verb = "", ""
    for event in dossier.events:
        if event.state in PRIVATE or event.verb in _QUIET:
            continue
        words = told_of(event) if event.verb in _DID or event.state != before else ""
        if event.verb == verb and verb in _AT_DESK:
            # Of many in a row the last one tells it.
            found.pop()
        before, verb = event.state, event.verb
        if words:
            found.append((event.at, words, _who(event)))
    return reversed(found)


def _arrivals(dossier: Dossier) -> Iterator[Told]:
    of = len(dossier.parcels)
    for parcel in reversed(dossier.parcels):
        if parcel.arrived_at:
            yield parcel.arrived_at, _arrival(parcel, of), _("Our returns desk")


def _arrival(parcel: ReturnParcel, of: int) -> str:
    said = {"n": parcel.sequence, "total": of}
    if of == 1:
        return _("The parcel arrived damaged.") if parcel.damaged else _("The parcel arrived.")
    if parcel.damaged:
        return _("Parcel %(n)s of %(total)s arrived damaged.") % said
    return _("Parcel %(n)s of %(total)s arrived.") % said


def decided_by(rma: Return, events: Iterable[ReturnEvent]) -> str:
    """Who said last whether it may come; "" while nobody has."""
    said = [event for event in events if event.verb in _DECIDED]
    if not said:
        return _("Our rules") if rma.approval == "auto" and rma.approved_at else ""
    if said[-1].verb == "override":
        return _("Our service team, as an exception to our rules")
    return ours(said[-1].source)


def ours(source: str) -> str:
    names = {"staff": _("Our service team"), "erp": _("Our order system"), "clock": _("Our rules")}
    return names.get(source, "")


def told_of(event: ReturnEvent) -> str:
    """What a step was, in a sentence; "" for one that tells nothing. What our desk scanned tells
    its parcel."""
    at_desk = event.verb == "scan" and event.source == "staff"
    if event.state in PRIVATE or event.verb in _QUIET or at_desk:
        return ""
    return words_of(event.verb, event.state)


def words_of(verb: str, state: str) -> str:
    """A step that tells something, in a sentence."""
    if verb == "submit" and state == ReturnState.APPROVED:
        return _("It was requested and approved at once.")
    return str(_DID.get(verb) or said(state))


def _who(event: ReturnEvent) -> str:
    """Whose step it was: customers by name, staff as a team, our systems where they decided; the
    rest happens by itself."""
    if event.verb in _AT_DESK:
        return _("Our returns desk")
    if event.source == "staff" or event.verb in _DECIDED:
        return ours(event.source)
    if event.source != "customer" or event.actor is None:
        return ""
    return isolated(event.actor.get_full_name() or event.actor.email)
