"""The order list: its page, what fills its block, the files it gives and the views people save."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from oms_portal.customers.current import company_id_of, current_actor
from oms_portal.fragments.browsing import Browsing
from oms_portal.orders import typed
from oms_portal.orders import views as saved
from oms_portal.orders.models import Order
from oms_portal.orders.personal import SavedView
from oms_portal.orders.queries import named_exactly

from .company import safe_next
from .downloads import file_of
from .pages import draw, not_found
from .pieces import answer, signed_out
from .rights import needs
from .showing import asked_of, show, show_all, slug_of


@needs("view", Order)
def orders(request: HttpRequest) -> HttpResponse:
    """``?order=`` is a number typed by hand: it leads to that order's page; so does ``?q=`` where
    nothing else is asked and one order alone bears exactly that."""
    typed = request.GET.get("order", "")
    asked, found = typed.strip(), slug_of(request, typed) if typed else _straight_to(request)
    if found is not None:
        return redirect("oms_portal:order", found)
    query = request.GET.copy()
    # What an editor left out of a block is there on the portal's own page.
    for name in ("order", "hide"):
        query.pop(name, None)
    fragment, freshness = show_all(request, ("orders", {"hide": ""}), ("freshness", {}))
    context = {
        "fragment": fragment,
        "freshness": freshness,
        "source": reverse("oms_portal:fragment_orders", query=query),
        "not_found": asked,
    }
    return draw(request, "oms_portal/portal/orders.html", context, status=404 if asked else 200)


@needs("view", Order, signed_out=signed_out)
def orders_piece(request: HttpRequest) -> HttpResponse:
    return answer(request, show(request, "orders"))


@needs("view", Order)
def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """All orders of the list as it is filtered and sorted, with their lines, as csv or xlsx."""
    actor, browsing = current_actor(request), Browsing.read(asked_of(request))
    if not actor:
        return not_found(request)
    return file_of(request, kind, actor, browsing.sort, browsing.filters)


@needs("view", SavedView, methods=("POST",))
def views(request: HttpRequest) -> HttpResponse:
    """POST ``do``: save (``name``, ``query``), rename (``view``, ``name``) or delete (``view``)."""
    company_id, user_id = company_id_of(request), int(request.user.pk or 0)
    if company_id is None:
        return not_found(request)
    asked, name = request.POST.get("do", ""), request.POST.get("name", "")
    key = typed.key(request.POST.get("view", "")) or 0
    own = saved.Owner(user_id, company_id)
    if asked == "save":
        done = saved.save(own, name, request.POST.get("query", ""))
    elif asked == "rename":
        done = saved.rename(own, key, name)
    else:
        done = asked == "delete" and saved.delete(own, key)
    if not done:
        return not_found(request)
    return redirect(safe_next(request, reverse("oms_portal:orders")))


def _straight_to(request: HttpRequest) -> str | None:
    browsing = Browsing.read(asked_of(request))
    only_words = list(browsing.filters.params) == ["q"] and not request.GET.get("before")
    return named_exactly(current_actor(request), browsing.filters.words) if only_words else None
