"""The order pages: what the blocks show, whole, and without any script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import get_resolver, reverse

from oms_portal.orders.models import Order

from .company import frame
from .rights import anybody, needs
from .showing import show_all, slug_of


@anybody("it only leads to the order list")
def home(request: HttpRequest) -> HttpResponse:
    return redirect("oms_portal:orders")


@needs("view", Order)
def orders(request: HttpRequest) -> HttpResponse:
    """``?order=`` is a number typed by hand: it leads to that order's page."""
    typed = request.GET.get("order", "")
    asked, found = typed.strip(), slug_of(request, typed) if typed else None
    if found is not None:
        return redirect("oms_portal:order", found)
    query = request.GET.copy()
    query.pop("order", None)
    source = reverse("oms_portal:fragment_orders")
    fragment, freshness = show_all(request, ("orders", {}), ("freshness", {}))
    context = {
        "fragment": fragment,
        "freshness": freshness,
        "source": f"{source}?{query.urlencode()}" if query else source,
        "not_found": asked,
    }
    return draw(request, "oms_portal/portal/orders.html", context, status=404 if asked else 200)


def not_found(request: HttpRequest) -> HttpResponse:
    """The host's own 404 page, as an answer that can be kept out of caches."""
    handler: Callable[..., HttpResponse] = get_resolver().resolve_error_handler(404)
    return handler(request, exception=Http404())


def draw(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    return render(request, template, {**frame(request), **context}, status=status)
