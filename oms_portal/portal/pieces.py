"""What ``<oms-live>`` fetches: one fragment, for this visitor alone."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils import translation

from oms_portal.customers.models import Company
from oms_portal.orders.models import Order

from .rights import needs
from .showing import here, language_of, show, slug_of


def signed_out(request: HttpRequest) -> HttpResponse:
    """401 with a way in that leads back to the page the fragment stands on."""
    url = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': here(request)})}"
    with translation.override(language_of(request)):
        return render(
            request, "oms_portal/fragments/sign_in.html", {"sign_in_url": url}, status=401
        )


@needs("view", Order, signed_out=signed_out)
def orders(request: HttpRequest) -> HttpResponse:
    return _answer(request, show(request, "orders"))


@needs("view", Order, signed_out=signed_out)
def order(request: HttpRequest, slug: str) -> HttpResponse:
    return _answer(request, _one(request, "order", slug))


@needs("view", Order, signed_out=signed_out)
def tracker(request: HttpRequest, slug: str) -> HttpResponse:
    return _answer(request, _one(request, "tracker", slug))


@needs("view", Company, signed_out=signed_out)
def freshness(request: HttpRequest) -> HttpResponse:
    return _answer(request, show(request, "freshness"))


def _one(request: HttpRequest, name: str, typed: str) -> str | None:
    """An order by its slug, or by a number as somebody typed it into a block."""
    slug = slug_of(request, typed)
    return show(request, name, order=slug) if slug else None


def _answer(request: HttpRequest, html: str | None) -> HttpResponse:
    """What is not this visitor's and what is nowhere: one and the same answer."""
    with translation.override(language_of(request)):
        if html is None:
            return render(None, "oms_portal/fragments/missing.html", status=404)
    return HttpResponse(html)
