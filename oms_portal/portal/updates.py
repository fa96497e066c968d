"""Delivery updates: their page, what a block fetches of them, and "mark all as read"."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from oms_portal.customers.access import actor_of
from oms_portal.customers.current import company_id_of
from oms_portal.fragments.updates import since_of
from oms_portal.orders import visits
from oms_portal.orders.extracts import DeliveryUpdate

from .pages import draw
from .pieces import answer, signed_out
from .rights import needs
from .showing import Wanted, here, show, show_all


def wanted(request: HttpRequest) -> Wanted:
    """The feed for this visitor, whose visit it is: what came since the last one is new."""
    company_id = company_id_of(request)
    if company_id is None or request.user.pk is None:
        return "updates", {}
    since = visits.visit(request.user.pk, company_id, timezone.now())
    return "updates", {"since": since_of(since)}


@needs("view", DeliveryUpdate)
def updates(request: HttpRequest) -> HttpResponse:
    fragment, freshness = show_all(request, wanted(request), ("freshness", {}))
    context = {
        "fragment": fragment,
        "freshness": freshness,
        "source": reverse("oms_portal:fragment_updates", query=request.GET),
    }
    return draw(request, "oms_portal/portal/updates.html", context)


@needs("view", DeliveryUpdate, signed_out=signed_out)
def updates_piece(request: HttpRequest) -> HttpResponse:
    name, params = wanted(request)
    return answer(request, show(request, name, **params))


@needs("view", DeliveryUpdate, methods=("POST",))
def updates_read(request: HttpRequest) -> HttpResponse:
    """POST ``company`` (a pk); one that this person is not at: 404. Leads back to where the form
    stands."""
    asked = request.POST.get("company", "")
    own = {str(grant.company_id): grant.company_id for grant in actor_of(request).grants}
    if asked not in own or request.user.pk is None:
        raise Http404
    visits.read_all(request.user.pk, own[asked], timezone.now())
    stands_on_a_page = "referer" in request.headers
    return redirect(here(request) if stands_on_a_page else "oms_portal:updates")
