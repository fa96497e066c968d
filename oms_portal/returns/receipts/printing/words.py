"""Prints in words, for whoever stands at the printer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ..kinds import JobState
from ..models import PrintJob
from .prints import is_asked


TEMPLATES: Mapping[str, Any] = {
    "return": gettext_lazy("Return label"),
    "slip": gettext_lazy("Packing slip"),
    "putaway": gettext_lazy("Put-away label"),
    "sscc": gettext_lazy("SSCC label"),
}


def what(job: PrintJob) -> str:
    """ "Put-away label × 12"."""
    return f"{TEMPLATES.get(job.template, job.template)} × {job.total}"


def standing(job: PrintJob) -> str:
    """How far it is, in a sentence."""
    told = {"made": job.made, "total": job.total}
    if job.state == JobState.MAKING:
        return _("Being made: %(made)s of %(total)s.") % told
    if job.state == JobState.BROKEN:
        return _("It broke off after %(made)s of %(total)s.") % told
    words = ngettext("One label was made.", "%(made)s labels were made.", job.made)
    return words % told


def outcome(job: PrintJob) -> str:
    """Whether it came out of the printer, as far as anybody said."""
    if job.printed is None:
        return _("not said") if is_asked(job) else "–"
    return _("printed") if job.printed else _("did not print")


def tone(job: PrintJob) -> str:
    if job.printed is not None:
        return "ok" if job.printed else "bad"
    return "bad" if job.state == JobState.BROKEN else ""
