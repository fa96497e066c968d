"""What ``<oms-live>`` fetches: one fragment, for this visitor alone."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils import translation

from oms_portal.customers.models import Company

from .rights import needs
from .showing import here, language_of, show


def signed_out(request: HttpRequest) -> HttpResponse:
    """401 with a way in that leads back to the page the fragment stands on."""
    url = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': here(request)})}"
    with translation.override(language_of(request)):
        return render(
            request, "oms_portal/fragments/sign_in.html", {"sign_in_url": url}, status=401
        )


@needs("view", Company, signed_out=signed_out)
def freshness(request: HttpRequest) -> HttpResponse:
    return answer(request, show(request, "freshness"))


def answer(request: HttpRequest, html: str | None) -> HttpResponse:
    """What is not this visitor's and what is nowhere: one and the same answer."""
    with translation.override(language_of(request)):
        if html is None:
            return render(None, "oms_portal/fragments/missing.html", status=404)
    return HttpResponse(html)
