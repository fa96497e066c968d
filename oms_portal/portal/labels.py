"""Labels and papers of returns: for whoever may see the return, and for whoever has a signed link."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from oms_portal.customers.access import actor_of, visible
from oms_portal.erp.limits import address, count
from oms_portal.fragments.download import Refused
from oms_portal.fragments.label_files import in_the_making, label_file
from oms_portal.returns import links, papers, printing, proving
from oms_portal.returns.kinds import PRIVATE, Method
from oms_portal.returns.models import Return
from oms_portal.returns.parcels import Label

from .pages import draw, not_found
from .rights import anybody, needs


LINKS_PER_MINUTE = 30


@needs("view", Label, kept=True)
def label(
    request: HttpRequest, number: str, sequence: int, template: str, format: str
) -> HttpResponseBase:
    """A paper of one parcel: ``?size=``, ``?dpi=``, ``?sheet=`` and ``?start=``. 410 for a label
    that is over, 409 for one that is not ready, each with what to do."""
    rma = _return(request, number)
    if rma is None or sequence >= 2**31:
        return not_found(request)
    rows = visible(actor_of(request), Label).filter(parcel__rma=rma, parcel__sequence=sequence)
    # What goes back to them is ours to send.
    rows = rows.filter(parcel__outward=False)
    found = rows.select_related("parcel__rma__company").order_by("-version").first()
    try:
        if found is None:
            return _without(request, rma, sequence)
        paper = papers.read(template, format, request.GET, _country(rma))
        if paper is None or not proving.is_offered(found, paper):
            return not_found(request)
        return label_file(request, found, paper, printing.PORTAL, request.user)
    except Refused as why:
        return _instead(request, why, number)


@anybody("whoever has the link: it is worth what the person may see whom it was sent to")
def label_link(request: HttpRequest, token: str) -> HttpResponseBase:
    """The label of a signed link, without a password: the same choices as above, ``?template=``
    and ``?format=`` too."""
    if count("label_link", address(request)) > LINKS_PER_MINUTE:
        return _page(request, "busy", HTTPStatus.TOO_MANY_REQUESTS)
    opened = links.opened(token)
    if opened is None:
        return _page(request, "unusable", HTTPStatus.NOT_FOUND)
    found, user = opened
    rma = found.parcel.rma
    template = request.GET.get("template") or ("qr" if rma.method == Method.QR else "return")
    usual = papers.FORMATS.get(found.media_type, papers.PDF) if template == "return" else papers.PDF
    format = request.GET.get("format") or usual
    paper = papers.read(template, format, request.GET, _country(rma))
    if paper is None or not proving.is_offered(found, paper):
        return _page(request, "unusable", HTTPStatus.NOT_FOUND)
    try:
        return label_file(request, found, paper, printing.LINK, user)
    except Refused as why:
        return _instead(request, why, "")


def _return(request: HttpRequest, number: str) -> Return | None:
    if "\0" in number:
        return None
    rows = visible(actor_of(request), Return).exclude(state__in=PRIVATE)
    return rows.select_related("company").filter(number=number).first()


def _without(request: HttpRequest, rma: Return, sequence: int) -> HttpResponse:
    if rma.parcels.filter(sequence=sequence, outward=False).exists():
        raise in_the_making()
    return not_found(request)


def _country(rma: Return) -> str:
    return str(rma.sender.get("country", ""))


def _instead(request: HttpRequest, why: Refused, number: str) -> HttpResponse:
    """A plain page in place of the label; a link's has no way into the portal but its front door."""
    retry = why.status in (HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS)
    context = {
        "headline": why.headline,
        "words": why.words,
        "number": number,
        "again": request.get_full_path() if retry else "",
    }
    return _guarded(draw(request, "oms_portal/portal/label.html", context, status=why.status))


def _page(request: HttpRequest, state: str, status: HTTPStatus) -> HttpResponse:
    said = {
        "busy": (
            _("One moment, please"),
            _("Too many links were opened from here. Please try again in a minute."),
        ),
        "unusable": (
            _("This link does not work any more"),
            _(
                "Links to labels work for seven days. Please sign in: your labels are with your returns."
            ),
        ),
    }
    headline, words = said[state]
    context = {"headline": headline, "words": words, "number": "", "again": ""}
    return _guarded(draw(request, "oms_portal/portal/label.html", context, status=status))


def _guarded(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response
