"""The papers of the visitor's orders: a page of them, each to be downloaded, and packing lists."""

from __future__ import annotations

import csv
import logging
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from oms_portal.customers.access import actor_of
from oms_portal.erp.connectors import documents as connector
from oms_portal.erp.limits import count
from oms_portal.fragments.packing import Sheet, packing_sheet
from oms_portal.orders.models import Document, Shipment
from oms_portal.orders.packing import packing_of
from oms_portal.orders.papers import paper_of, teller_of
from oms_portal.orders.queries import order_of

from .download import guarded, magic_of, media_of, sent, stored
from .pages import draw, not_found
from .pieces import answer, signed_out
from .rights import needs
from .showing import show, show_all


log = logging.getLogger(__name__)

# One person's downloads; whoever wants more at once is a program.
FETCHES_PER_MINUTE = 60


@needs("view", Document)
def documents(request: HttpRequest) -> HttpResponse:
    source = reverse("oms_portal:fragment_documents")
    fragment, freshness = show_all(request, ("documents", {}), ("freshness", {}))
    query = request.GET.urlencode()
    context = {
        "fragment": fragment,
        "freshness": freshness,
        "source": f"{source}?{query}" if query else source,
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
    if count("document", str(request.user.pk)) > FETCHES_PER_MINUTE:
        return _instead(request, paper, HTTPStatus.TOO_MANY_REQUESTS)
    if paper.content is not None:
        return stored(paper)
    media = media_of(paper)
    try:
        fetched = connector.fetch(paper.url, teller_of(paper), magic_of(media))
    except connector.NotListed:
        return _instead(request, paper, HTTPStatus.NOT_FOUND)
    except connector.TooSlow:
        return _instead(request, paper, HTTPStatus.GATEWAY_TIMEOUT)
    except connector.Unavailable as why:
        log.warning("document %s could not be fetched: %s", paper.pk, why)
        return _instead(request, paper, HTTPStatus.BAD_GATEWAY)
    return sent(request, paper, fetched.file, fetched.length, media)


def _instead(request: HttpRequest, paper: Document, status: HTTPStatus) -> HttpResponse:
    """A plain page in place of the paper: what is the matter, and what to do."""
    said = {
        HTTPStatus.NOT_FOUND: (
            _("This document is not available online"),
            _("We have it, but it can’t be downloaded here. Please ask us for it."),
        ),
        HTTPStatus.TOO_MANY_REQUESTS: (
            _("One moment, please"),
            _("You have opened many documents in a short time. Please try again in a minute."),
        ),
    }
    title, text = said.get(
        status,
        (
            _("This document can’t be fetched right now"),
            _("Our system does not answer. Please try again in a few minutes, or ask us for it."),
        ),
    )
    context = {
        "headline": title,
        "words": text,
        "number": paper.number,
        "order": paper.order,
        "again": request.path if status != HTTPStatus.NOT_FOUND else "",
    }
    return draw(request, "oms_portal/portal/document.html", context, status=status)


@needs("view", Shipment)
def packing_list(request: HttpRequest, slug: str, thread: str) -> HttpResponseBase:
    """What is in each parcel of a delivery; ``?format=csv`` as a file."""
    order = order_of(actor_of(request), slug)
    found = packing_of(order, thread) if order else None
    if order is None or found is None:
        return not_found(request)
    sheet = packing_sheet(order, found)
    if request.GET.get("format") == "csv":
        return _csv(sheet)
    return draw(request, "oms_portal/portal/packing_list.html", {"sheet": sheet, "slug": slug})


def _csv(sheet: Sheet) -> HttpResponseBase:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.write("\ufeff")
    csv.writer(response).writerows(sheet.table)
    return guarded(response, f"{sheet.number}.csv")
