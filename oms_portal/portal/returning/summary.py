"""A draft in words: its items with all that was said of them, and how it comes back."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oms_portal.fragments.returning import shown
from oms_portal.fragments.returning.data import Dossier
from oms_portal.fragments.returning.lines import show_lines
from oms_portal.fragments.returning.places import show_places
from oms_portal.fragments.shown import Term
from oms_portal.returns.kinds import Kind, Method
from oms_portal.returns.models import Evidence, Return

from .drafts import lines_of


def items(rma: Return) -> list[shown.Line]:
    lines = lines_of(rma)
    photos: dict[int | None, list[Evidence]] = {
        line.pk: list(line.evidence.all()) for line in lines
    }
    return show_lines(Dossier(rma=rma, lines=lines, photos=photos))


def way(rma: Return) -> Iterator[Term]:
    """How it comes back, with what was said to that."""
    if rma.method:
        yield Term(_("Way back"), str(Method(rma.method).label))
    if rma.method == Method.OWN_CARRIER:
        yield Term(_("Carrier"), rma.carrier)
        yield Term(_("Tracking number"), rma.tracking_number)
    if rma.method in (Method.PICKUP, Method.FREIGHT):
        yield Term(_("Contact"), rma.pickup.get("contact", ""))
        yield Term(_("Phone"), rma.pickup.get("phone", ""))
    if rma.parcel_count > 1:
        words = ngettext("%(n)s parcel", "%(n)s parcels", rma.parcel_count)
        yield Term(_("Packed into"), words % {"n": rma.parcel_count})


def places(rma: Return) -> list[shown.Place]:
    return show_places(rma)


def told(rma: Return) -> dict[str, list[str]]:
    """All of it as texts by what they are about: for comparing one draft with another."""
    found = {_("What you would like"): [str(Kind(rma.kind).label)]}
    for item in items(rma):
        label = " · ".join(filter(None, (item.description, item.order, item.delivery)))
        facts = [f"{term.label}: {term.value}" for term in item.facts]
        photos = ngettext("%(n)s photo", "%(n)s photos", len(item.photos))
        pictures = [photos % {"n": len(item.photos)}] if item.photos else []
        found[label] = [item.quantity, *facts, *filter(None, [item.text]), *pictures]
    ways = [str(term.value) for term in way(rma) if term.value]
    stops = [line for place in places(rma) for line in (*place.lines, place.note) if line]
    if ways or stops:
        found[_("How it comes back")] = [*ways, *stops]
    return found
