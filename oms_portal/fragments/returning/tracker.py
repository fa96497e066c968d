"""One return: where it stands and what happens next, its labels, its goods and what came of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext as _

from oms_portal.customers.access import Actor, can
from oms_portal.orders.locales import isolated
from oms_portal.orders.moments import zone_of
from oms_portal.returns.kinds import ENDED, OPEN, Method
from oms_portal.returns.models import Return
from oms_portal.returns.moving import is_legal, return_topic

from ..base import Fragment, Rendered, Spec, register
from ..drawing import draw
from ..formats import stamp, zone_name
from ..shown import Term
from ..wording import site_param, speaking
from . import shown
from .chips import desk_chip, return_chip
from .data import Dossier, dossier_of, moved_at, named, together
from .found import besides
from .history import decided_by, show_history, told_of
from .lines import show_lines, show_photo
from .parcels import show_outward, show_parcels
from .places import show_places
from .steps import steps
from .sums import show_results, show_sums
from .words import after_arrival, announcement, arrived, headline, is_here, title, todo, why


@register
class ReturnFragment(Fragment):
    """Drafts are their author's alone and have no fragment. Whether a person may do something
    about it is in the spec, so all who may the same share one text."""

    name = "return"
    topic = "return:<pk>"
    needs = "view Return"

    def spec(self, actor: Actor, params: Mapping[str, str], language: str) -> Spec | None:
        """``return``: its number."""
        rma = named(actor, params.get("return", ""))
        if rma is None:
            return None
        may = (("may", "return"),) if can(actor, "return", rma) else ()
        asked = (("return", rma.number), *may, *site_param(params))
        return Spec(self.name, return_topic(rma.pk), asked, language)

    def render(self, spec: Spec, version: int) -> Rendered | None:
        dossier = dossier_of(spec["return"])
        if dossier is None:
            return None
        rma, now = dossier.rma, timezone.now()
        with speaking(spec):
            shown = show_return(dossier, now, may="may" in dict(spec.params))
            moved = max([event.at for event in dossier.events], default=rma.created_at)
            html = draw(spec, version, shown, moved, states_of(rma))
        news = lazy(_news, str)(dossier, spec)
        return Rendered(html, news, audience=(rma.company_id, rma.ship_to_ref, rma.number))


def show_return(dossier: Dossier, now: datetime, *, may: bool) -> shown.Tracked:
    """In the active language, its days in the company's zone; ``may``: the reader may return
    goods."""
    rma = dossier.rma
    zone = zone_of(rma.company.time_zone)
    here = arrived(rma, dossier.parcels)
    at_desk = is_here(rma, dossier.parcels)
    chip = desk_chip() if at_desk else return_chip(rma.state)
    then = [after_arrival(dossier.parcels)] if here else _next(dossier, may=may)
    return shown.Tracked(
        number=rma.number,
        title=title(rma),
        chip=chip,
        headline=here or headline(rma),
        todo=[*then, *_successor(dossier)],
        said=why(rma),
        steps=steps(rma, zone, dossier.events, here=chip.word if at_desk else ""),
        question=rma.question,
        reply=rma.reply,
        ways=list(_ways(rma)) if may else [],
        change_url=_change_url(rma) if may else "",
        parcels=show_parcels(dossier, now),
        outward=show_outward(dossier),
        places=show_places(rma),
        notes=_notes(dossier),
        lines=show_lines(dossier),
        besides=besides(dossier),
        photos=[show_photo(photo) for photo in dossier.photos.get(None, ())],
        facts=[term for term in _facts(dossier) if term.value],
        note=rma.note,
        sums=show_sums(dossier),
        results=list(show_results(dossier)),
        history=show_history(dossier, zone),
        zone=zone_name(zone),
    )


def _next(dossier: Dossier, *, may: bool) -> list[str]:
    kept = _("It is kept and passed on by itself as soon as that is possible.")
    return [*([kept] if dossier.put_off else []), *todo(dossier.rma, may=may)]


def states_of(rma: Return) -> list[str]:
    """Its state, and whether it is open or over."""
    return [rma.state, "over" if rma.state in ENDED else "open"]


def _ways(rma: Return) -> Iterator[shown.Way]:
    """To the portal's page of it, at the place where that is done."""
    page = reverse("oms_portal:return", args=[rma.number])
    if is_legal(rma, "reply"):
        yield shown.Way(_("Answer the question"), f"{page}#oms-reply")
    if is_legal(rma, "hand_over") and rma.method == Method.OWN_CARRIER:
        yield shown.Way(_("Enter the tracking number"), f"{page}#oms-hand-over")


def _change_url(rma: Return) -> str:
    """Where it can be changed or withdrawn; "" once something is on its way."""
    return reverse("oms_portal:return", args=[rma.number]) + "#oms-edit" if _is_early(rma) else ""


def _is_early(rma: Return) -> bool:
    return is_legal(rma, "withdraw") or is_legal(rma, "edit")


def _successor(dossier: Dossier) -> Iterator[str]:
    if dossier.successor:
        said = {"number": isolated(dossier.successor)}
        yield _("%(number)s takes its place.") % said


def _notes(dossier: Dossier) -> list[str]:
    """How to pack it, while it is still to be packed."""
    rma = dossier.rma
    if rma.state not in OPEN or rma.scanned_at or not rma.is_goods_back:
        return []
    return list(
        dict.fromkeys(note for line in dossier.lines for note in line.terms.get("notes", ()))
    )


def _facts(dossier: Dossier) -> Iterator[Term]:
    rma = dossier.rma
    zone = zone_of(rma.company.time_zone)
    yield Term(_("Requested on"), stamp(rma.submitted_at, zone))
    yield Term(_("Requested by"), _who(rma))
    yield Term(_("Decided by"), decided_by(rma, dossier.events))
    yield Term(_("Way back"), str(Method(rma.method).label) if rma.method else "")
    if rma.method == Method.OWN_CARRIER:
        yield Term(_("Carrier"), rma.carrier)
        yield Term(_("Tracking number"), rma.tracking_number)


def _who(rma: Return) -> str:
    """Whose wish it is; staff who act for somebody stay unnamed."""
    person = rma.on_behalf_of or rma.requested_by
    if person is None:
        return ""
    return str(person.get_full_name() or person.email)


def _news(dossier: Dossier, spec: Spec) -> str:
    """The step that was the last change of its topic; else that a label is there now, or where it
    stands. For sockets."""
    moved = moved_at(spec.topic)
    with speaking(spec):
        steps = (event for event in reversed(dossier.events) if together(event.at, moved))
        words = next(filter(None, map(told_of, steps)), "")
        ready = any(together(label.verified_at, moved) for label in dossier.labels.values())
        if not words and ready:
            words = _("The label is ready.")
        if any(together(parcel.arrived_at, moved) for parcel in dossier.parcels):
            words = arrived(dossier.rma, dossier.parcels) or words
        if not words and dossier.receipt:
            # Our desk is counting: seen, and not said again and again.
            return ""
        return announcement(dossier.rma, words or headline(dossier.rma))
