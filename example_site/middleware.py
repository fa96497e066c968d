"""A strict Content-Security-Policy on everything customers see; Wagtail's admin has its own needs."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase


POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'self'",
        "require-trusted-types-for 'script'",
        "trusted-types oms-portal",
    ]
)


class ContentSecurityPolicy:
    """Synchronous, as all middleware here: ``oms_portal.asgi`` runs a request in one thread."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not request.path.startswith("/admin/"):
            # A view that is stricter still (documents) keeps its own.
            response.headers.setdefault("Content-Security-Policy", POLICY)
        return response
