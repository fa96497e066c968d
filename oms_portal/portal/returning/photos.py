"""Photos of an item: taken from the form that brought them, or removed again."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _

from oms_portal.returns import evidence
from oms_portal.returns.models import Return, ReturnLine
from oms_portal.returns.refusals import Refused

from .judging import said


ACCEPT = "image/jpeg,image/png,image/webp"
# Before what a button is about: the ref of a line, the key of a photo.
ADD, REMOVE = "add:", "remove:"


def take(request: HttpRequest, rma: Return, line: ReturnLine) -> list[str]:
    """Keep all files that were chosen for a line; what is wrong with those that could not be."""
    faults = []
    for upload in request.FILES.getlist(f"{line.ref}-photos"):
        try:
            evidence.take(upload, rma, line, request.user)
        except Refused as refused:
            words = {"name": upload.name or "", "trouble": said(refused.code)}
            faults.append(_("%(name)s: %(trouble)s") % words)
    return faults


def remove(rma: Return, do: str) -> None:
    """The photo of this key, where it is one of the draft's."""
    key = do.removeprefix(REMOVE)
    for photo in rma.evidence.all():
        if photo.key == key:
            evidence.remove(photo)


def anchor_of(do: str) -> str:
    """The place on the page that a button was about."""
    return f"#oms-{do.removeprefix(ADD)}" if do.startswith(ADD) else ""
