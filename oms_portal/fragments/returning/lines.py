"""The lines of a return in words: what, how many, why, and what came of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from oms_portal.orders.locales import isolated, listed
from oms_portal.returns.kinds import (
    ASKED,
    FREED,
    Acceptance,
    Claim,
    Condition,
    Outcome,
    Reception,
)
from oms_portal.returns.models import Evidence, Return, ReturnLine

from ..formats import quantity
from ..shown import Chip, Term
from . import found, shown
from .chips import acceptance_chip, desk_chip, reception_chip
from .data import Dossier
from .words import is_here


# Of these the ERP has not heard yet that they are here.
_COMING = (Reception.AWAITING, Reception.IN_TRANSIT)


def show_lines(dossier: Dossier) -> list[shown.Line]:
    return [_line(dossier, line, dossier.photos.get(line.pk, ())) for line in dossier.lines]


def _line(dossier: Dossier, line: ReturnLine, photos: Sequence[Evidence]) -> shown.Line:
    rma, order = dossier.rma, line.returnable.order
    said = found.of_line(dossier, line)
    return shown.Line(
        description=line.description or line.sku,
        sku=line.sku,
        quantity=quantity(line.requested, line.unit),
        order=order.number,
        order_url="" if order.archived_at else order.get_absolute_url(),
        delivery=line.delivery,
        facts=list(_facts(line)),
        text=line.text,
        photos=[show_photo(photo) for photo in photos],
        reception=_reception(dossier, line),
        received=_received(rma, line, counted=bool(said)),
        acceptance=_acceptance(rma, line),
        accepted="" if said else _accepted(line),
        found=said,
    )


def show_photo(photo: Evidence) -> shown.Photo:
    url = reverse("oms_portal:evidence", args=[photo.key])
    name = _("Photo by our returns desk") if photo.at_desk else photo.name or _("Photo")
    return shown.Photo(url, name, photo.width, photo.height)


def _facts(line: ReturnLine) -> Iterator[Term]:
    if line.claim:
        yield Term(_("What is wrong"), str(Claim(line.claim).label))
    if line.reason:
        yield Term(_("Reason"), line.reason.words)
    if line.condition:
        yield Term(_("Condition"), str(Condition(line.condition).label))
    if line.outcome:
        yield Term(_("What you would like"), _outcome(line))
    if line.serials:
        yield Term(_("Serial numbers"), listed(isolated(serial) for serial in line.serials))
    if line.lot:
        yield Term(_("Lot"), line.lot)


def _outcome(line: ReturnLine) -> str:
    word = str(Outcome(line.outcome).label)
    if not line.exchange_sku:
        return word
    said = {"outcome": word, "sku": isolated(line.exchange_sku)}
    return _("%(outcome)s: %(sku)s") % said


def _reception(dossier: Dossier, line: ReturnLine) -> Chip:
    here = is_here(dossier.rma, dossier.parcels) or found.is_counted(dossier, line)
    if here and line.reception in _COMING:
        return desk_chip()
    return reception_chip(line.reception)


def _received(rma: Return, line: ReturnLine, *, counted: bool) -> str:
    """How many of them came, unless our desk says so, and how many we agreed to where those were
    fewer."""
    agreed = rma.state not in (*ASKED, *FREED) and line.approved < line.requested
    words = []
    if agreed and not line.approved:
        words.append(_("We could not agree to this item."))
    elif agreed:
        said = {"quantity": quantity(line.approved, line.unit)}
        words.append(_("We agreed to %(quantity)s.") % said)
    if line.received and line.received != line.approved and not counted:
        said = {"quantity": quantity(line.received, line.unit)}
        words.append(_("We received %(quantity)s.") % said)
    return " ".join(words)


def _acceptance(rma: Return, line: ReturnLine) -> Chip | None:
    """There is something to check once it came, and of what nothing comes once we agreed."""
    came = line.received or line.reception == Reception.WRONG_ITEM
    claimed = line.reception == Reception.NOT_REQUIRED and line.acceptance != Acceptance.PENDING
    judged = line.accepted or line.rejected
    return acceptance_chip(line.acceptance) if came or claimed or judged else None


def _accepted(line: ReturnLine) -> str:
    """How many of them we took, where that is not all or nothing."""
    if not (line.accepted and line.rejected):
        return ""
    said = {
        "accepted": _count(line.accepted, line),
        "rejected": _count(line.rejected, line),
    }
    return _("Accepted: %(accepted)s. Not accepted: %(rejected)s.") % said


def _count(value: Decimal, line: ReturnLine) -> str:
    return quantity(value, line.unit)
