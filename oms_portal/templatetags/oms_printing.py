"""``{% load oms_printing %}``: what prints from any screen of the returns desk, and asks whether it
came out of the printer."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _

from oms_portal.returns.receipts.kinds import JobState
from oms_portal.returns.receipts.models import PrintJob
from oms_portal.returns.receipts.printing import prints
from oms_portal.returns.receipts.printing.words import standing, what


register = template.Library()


@register.inclusion_tag("oms_portal/desk/printing/bar.html", takes_context=True)
def print_bar(context: dict[str, Any]) -> dict[str, Any]:
    """The reader's newest print: how far it is, and whether it came out. Hidden where there is
    none; one query."""
    job = prints.asked(context["request"].user, timezone.now())
    return {
        "csrf_token": context.get("csrf_token"),
        "job": job,
        "say": _said(job) if job else "",
        "is_making": job is not None and job.state == JobState.MAKING,
        "asks": job is not None and prints.is_asked(job),
    }


@register.inclusion_tag("oms_portal/desk/printing/button.html", takes_context=True)
def print_button(
    context: dict[str, Any], kind: str, pk: int, words: str = "", hotkey: str = ""
) -> dict[str, Any]:
    """``{% print_button "putaway" rma.pk hotkey="F9" %}``: a button that prints at once, as the
    station prints. ``kind``: "label", "slip" or "putaway" of a return, "verdict" of a verdict."""
    usual = {
        "label": _("Print the label"),
        "slip": _("Print the packing slip"),
        "putaway": _("Print put-away labels"),
        "verdict": _("Print its label"),
    }
    return {
        "csrf_token": context.get("csrf_token"),
        "kind": kind,
        "pk": pk,
        "words": words or usual[kind],
        "hotkey": hotkey,
        "key": uuid4(),
    }


def _said(job: PrintJob) -> str:
    return f"{what(job)}: {standing(job)}"
