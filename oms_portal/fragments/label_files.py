"""A label as an answer: proven bytes with the headers of a download, or why there are none.

Who may have which label is asked before; customers, links and staff all get it from here.
"""

from __future__ import annotations

import logging
from http import HTTPStatus

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _

from oms_portal.erp.limits import count
from oms_portal.orders.locales import day
from oms_portal.orders.moments import zone_of
from oms_portal.returns import printing, proving
from oms_portal.returns.kinds import FREED, LabelState, ReturnState
from oms_portal.returns.life import is_alive
from oms_portal.returns.models import Return
from oms_portal.returns.papers import PNG, Paper
from oms_portal.returns.parcels import Label

from .download import Refused, guarded


log = logging.getLogger(__name__)

# One person's labels; whoever wants more at once prints a batch.
FILES_PER_MINUTE = 60


def label_file(
    request: HttpRequest,
    label: Label,
    paper: Paper,
    via: str,
    user: AbstractBaseUser | AnonymousUser,
) -> HttpResponse:
    """The bytes under a strong ETag; 304 for whoever has them, and that counts as no print. Raises
    Refused with what to do instead."""
    if not is_alive(label):
        raise why_not(label)
    if count("label", f"{via}:{user.pk}") > FILES_PER_MINUTE:
        raise _busy()
    known = proving.hash_of(label, paper)
    same = get_conditional_response(request, etag=_tag(known)) if known else None
    if isinstance(same, HttpResponseNotModified):
        same["ETag"] = _tag(known)
        return guarded(same, name_of(label, paper), inline=paper.format == PNG)
    found = _proven(label, paper)
    if request.method != "HEAD":
        printing.note([label], paper, via, user)
    response = HttpResponse(found.content, found.media_type)
    response["ETag"] = _tag(found.sha256)
    # Browsers show no PDF in the sandbox that a download lies in: it is saved, and opened from there.
    return guarded(response, name_of(label, paper), len(found.content), inline=paper.format == PNG)


def name_of(label: Label, paper: Paper) -> str:
    """ "return-R4711…-1-a4.pdf"."""
    parcel = label.parcel
    parts = (paper.template, parcel.rma.number, str(parcel.sequence), paper.name)
    return f"{'-'.join(parts)}.{paper.format}"


def why_not(label: Label) -> Refused:
    """Why a label is handed out to nobody, and what to do: 410 for what is over, 409 for what is
    not ready yet."""
    rma = label.parcel.rma
    if label.state == LabelState.READY and rma.state not in FREED:
        return in_the_making()
    return Refused(HTTPStatus.GONE, *_gone(label, rma))


def in_the_making() -> Refused:
    return Refused(
        HTTPStatus.CONFLICT,
        _("This label is still being made"),
        _("It takes a moment. Please try again in a minute."),
    )


def _gone(label: Label, rma: Return) -> tuple[str, str]:
    if label.state == LabelState.SUPERSEDED:
        return (
            _("There is a newer label"),
            _(
                "This label was replaced. Please throw it away and print the new one: you find it "
                "on the page of the return."
            ),
        )
    if label.state == LabelState.USED:
        return (
            _("This label was used"),
            _(
                "A parcel with it is on its way to us. Each label is good for one parcel: if you "
                "have another one to send, please ask us for a label of its own."
            ),
        )
    if label.state == LabelState.VOIDED or rma.state in (
        ReturnState.CANCELLED,
        ReturnState.REJECTED,
    ):
        return (
            _("This label is void"),
            _(
                "The return it was made for does not take place any more. Please don’t use it, and "
                "throw away what you have printed. To send something back, start a new return."
            ),
        )
    return _too_old(label, rma)


def _too_old(label: Label, rma: Return) -> tuple[str, str]:
    headline = _("This label is too old")
    if label.valid_until is None:
        return headline, _("Please don’t use it. Ask us for a new one, or start a new return.")
    zone = zone_of(rma.company.time_zone)
    words = _(
        "It was valid until %(date)s. Please don’t use it. Ask us for a new one, or start a new "
        "return."
    )
    return headline, words % {"date": day(label.valid_until, zone)}


def _proven(label: Label, paper: Paper) -> proving.Proven:
    try:
        return proving.proven(label, paper)
    except (proving.Unprintable, proving.Unreadable) as why:
        log.warning("%s can't be had as %s: %s", label, paper, why)
        raise Refused(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            _("This can’t be printed in this size"),
            _("Please choose another size. If that does not help, ask us for the label."),
        ) from why


def _busy() -> Refused:
    return Refused(
        HTTPStatus.TOO_MANY_REQUESTS,
        _("One moment, please"),
        _("You have opened many labels in a short time. Please try again in a minute."),
    )


def _tag(sha256: str) -> str:
    return f'"{sha256}"'
