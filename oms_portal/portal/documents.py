"""The papers of the visitor's orders: a page of them, each to be downloaded, and packing lists."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from oms_portal.customers.access import actor_of
from oms_portal.fragments.download import Refused, handed, packed
from oms_portal.fragments.packing import packing_sheet
from oms_portal.orders.models import Document, Shipment
from oms_portal.orders.packing import packing_of
from oms_portal.orders.papers import paper_of
from oms_portal.orders.queries import order_of

from .pages import draw, not_found
from .pieces import answer, signed_out
from .rights import needs
from .showing import show, show_all


@needs("view", Document)
def documents(request: HttpRequest) -> HttpResponse:
    fragment, freshness = show_all(request, ("documents", {}), ("freshness", {}))
    context = {
        "fragment": fragment,
        "freshness": freshness,
        "source": reverse("oms_portal:fragment_documents", query=request.GET),
    }
    return draw(request, "oms_portal/portal/documents.html", context)


@needs("view", Document, signed_out=signed_out)
def documents_piece(request: HttpRequest) -> HttpResponse:
    return answer(request, show(request, "documents"))


@needs("view", Document)
def document(request: HttpRequest, slug: str, pk: int) -> HttpResponseBase:
    """The paper's bytes: as sent along, else as the ERP's own server gives them at this moment."""
    paper = paper_of(actor_of(request), slug, pk) if pk < 2**63 else None
    if paper is None:
        return not_found(request)
    try:
        return handed(request, paper)
    except Refused as why:
        return _instead(request, paper, why)


def _instead(request: HttpRequest, paper: Document, why: Refused) -> HttpResponse:
    """A plain page in place of the paper: what is the matter, and what to do."""
    context = {
        "headline": why.headline,
        "words": why.words,
        "number": paper.number,
        "order": paper.order,
        "again": request.path if why.status != HTTPStatus.NOT_FOUND else "",
    }
    return draw(request, "oms_portal/portal/document.html", context, status=why.status)


@needs("view", Shipment)
def packing_list(request: HttpRequest, slug: str, thread: str) -> HttpResponseBase:
    """What is in each parcel of a delivery; ``?format=csv`` as a file."""
    order = order_of(actor_of(request), slug)
    found = packing_of(order, thread) if order else None
    if order is None or found is None:
        return not_found(request)
    sheet = packing_sheet(order, found)
    if request.GET.get("format") == "csv":
        return packed(sheet)
    return draw(request, "oms_portal/portal/packing_list.html", {"sheet": sheet, "slug": slug})
