"""Which of their companies a person looks at, and what every page says of it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from oms_portal.customers.current import choices, company_id_of, switch
from oms_portal.customers.models import Company
from oms_portal.orders import typed

from .rights import holds, needs
from .ways import ways


def frame(request: HttpRequest) -> dict[str, Any]:
    """What the frame of a page needs: the company, the others to switch to, the ways to go."""
    companies, here = choices(request), company_id_of(request)
    return {
        "company": next((company for company in companies if company.pk == here), None),
        "companies": companies,
        "ways": ways(request),
        "may_invite": holds(request, "invite"),
        "next": request.get_full_path() if request.method in ("GET", "HEAD") else "",
    }


@needs("view", Company, methods=("POST",))
def switch_company(request: HttpRequest) -> HttpResponse:
    """POST ``company`` (a pk) and, if one likes, ``next``; a company one isn't at: 404."""
    chosen = typed.key(request.POST.get("company", ""))
    if chosen is None or not switch(request, chosen):
        raise Http404
    return redirect(safe_next(request, resolve_url(settings.LOGIN_REDIRECT_URL)))


def safe_next(request: HttpRequest, otherwise: str) -> str:
    """Where a form asked to lead to, as long as that is on this site."""
    url, hosts = request.POST.get("next", ""), {request.get_host()}
    if url and url_has_allowed_host_and_scheme(url, hosts, require_https=request.is_secure()):
        return url
    return otherwise
