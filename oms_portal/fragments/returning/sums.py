"""What a return comes to: our estimate, and then what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from oms_portal.orders.locales import isolated
from oms_portal.returns.kinds import FREED

from ..shown import Term
from . import shown
from .data import Dossier
from .words import amount


def show_sums(dossier: Dossier) -> list[Term]:
    """Our estimate, until our desk has decided or there is a credit note; nothing of what came to
    nothing."""
    rma = dossier.rma
    if rma.credit_note or dossier.verdicts or rma.state in FREED:
        return []
    terms = (
        (_("Value of the goods"), "credit"),
        (_("Fee"), "fee"),
        (_("Way back"), "shipping"),
        (_("Estimated credit"), "total"),
    )
    found = [Term(label, text) for label, name in terms if (text := _sum(dossier, name))]
    return found if any(term.label == terms[-1][0] for term in found) else []


def _sum(dossier: Dossier, name: str) -> str:
    """Fees as what they take away; none where there are none."""
    rma = dossier.rma
    told = str(rma.expected.get(name, ""))
    if name in ("fee", "shipping"):
        if not told.strip("0."):
            return ""
        return amount({name: f"-{told}"}, name, rma.currency)
    return amount(rma.expected, name, rma.currency)


def show_results(dossier: Dossier) -> Iterator[shown.Result]:
    """The credit note and the order that replaces the goods, with the way to each."""
    if note := dossier.rma.credit_note:
        words = credited(note, dossier.rma.currency)
        yield shown.Result(_("Credit note"), words, _paper_url(dossier))
    if order := dossier.replacement:
        yield shown.Result(_("Replacement"), order.number, order.get_absolute_url())
    elif dossier.rma.replacement_order_ref:
        yield shown.Result(_("Replacement"), _("on an order of its own"))


def credited(note: Mapping[str, Any], currency: str = "") -> str:
    """ "CN-1 over 12.50 EUR"."""
    values = {"number": isolated(str(note.get("number", "")))}
    values["amount"] = amount(note, "amount", str(note.get("currency") or currency))
    words = _("%(number)s over %(amount)s") if values["amount"] else "%(number)s"
    return words % values


def _paper_url(dossier: Dossier) -> str:
    paper = dossier.credit_paper
    if paper is None:
        return ""
    return reverse("oms_portal:document", args=[paper.order.slug, paper.pk])
