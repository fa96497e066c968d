"""One order: its page, and what the blocks fetch of it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from oms_portal.orders.models import Order

from .pages import draw, not_found
from .pieces import answer, signed_out
from .rights import needs
from .showing import show, show_all, slug_of


@needs("view", Order)
def order(request: HttpRequest, slug: str) -> HttpResponse:
    """The whole order; the query says which of its lines and deliveries (``fragments.asking``)."""
    fragment, freshness = show_all(request, ("order", {"order": slug}), ("freshness", {}))
    if fragment is None:
        return not_found(request)
    context = {
        "fragment": fragment,
        "freshness": freshness,
        "source": reverse("oms_portal:fragment_order", args=[slug], query=request.GET),
        "slug": slug,
    }
    return draw(request, "oms_portal/portal/order.html", context)


@needs("view", Order, signed_out=signed_out)
def order_piece(request: HttpRequest, slug: str) -> HttpResponse:
    return answer(request, _one(request, "order", slug))


@needs("view", Order, signed_out=signed_out)
def tracker_piece(request: HttpRequest, slug: str) -> HttpResponse:
    return answer(request, _one(request, "tracker", slug))


@needs("view", Order, signed_out=signed_out)
def changes_piece(request: HttpRequest, slug: str) -> HttpResponse:
    return answer(request, _one(request, "changes", slug))


def _one(request: HttpRequest, name: str, typed: str) -> str | None:
    """An order by its slug, or by a number as somebody typed it into a block."""
    slug = slug_of(request, typed)
    return show(request, name, order=slug) if slug else None
