"""The site's brand as a style sheet: tokens, for anybody."""

from __future__ import annotations

from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import condition

from oms_portal.brand.keeping import house_of
from oms_portal.brand.models import previewed
from oms_portal.brand.sheet import sheet_of

from .rights import anybody


MAX_AGE = 60


def _sheet(request: HttpRequest) -> str:
    look = request.GET.get("look")
    return sheet_of(previewed(look)) if look else house_of(request).brand.sheet


def _etag(request: HttpRequest) -> str:
    return f'"{sha256(_sheet(request).encode()).hexdigest()[:16]}"'


@anybody("colours and fonts, which every page shows", shared=MAX_AGE)
@condition(etag_func=_etag)
def brand_css(request: HttpRequest) -> HttpResponse:
    """``:root{--oms-…}`` of the site that the request's host names; empty where nothing is set."""
    return HttpResponse(_sheet(request), content_type="text/css; charset=utf-8")
