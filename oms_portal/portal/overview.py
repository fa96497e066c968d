"""The first page of the portal: the dashboard, what comes, and what moved last."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from oms_portal.orders.models import Order

from . import updates
from .pages import draw
from .pieces import answer, signed_out
from .rights import needs
from .showing import show, show_all


# Of the feed the newest stand here; the rest is a link away.
FEW = {"size": "6", "tools": "0", "kinds": "", "number": "", "before": ""}


@needs("view", Order)
def home(request: HttpRequest) -> HttpResponse:
    """The query is that of the dashboard and of the arrivals (``sections``, ``rows``, ``days``)."""
    feed, params = updates.wanted(request)
    dashboard, arriving, moved, freshness = show_all(
        request,
        ("dashboard", {}),
        ("arriving", {}),
        (feed, {**params, **FEW}),
        ("freshness", {}),
    )
    context = {
        "dashboard": dashboard,
        "dashboard_source": reverse("oms_portal:fragment_dashboard", query=request.GET),
        "arriving": arriving,
        "arriving_source": reverse("oms_portal:fragment_arriving", query=request.GET),
        "moved": moved,
        "freshness": freshness,
    }
    return draw(request, "oms_portal/portal/overview.html", context)


@needs("view", Order, signed_out=signed_out)
def dashboard_piece(request: HttpRequest) -> HttpResponse:
    return answer(request, show(request, "dashboard"))


@needs("view", Order, signed_out=signed_out)
def arriving_piece(request: HttpRequest) -> HttpResponse:
    return answer(request, show(request, "arriving"))
