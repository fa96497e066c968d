"""A strict Content-Security-Policy on everything customers see; Wagtail's admin has its own needs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
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
    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.asynchronous = iscoroutinefunction(get_response)
        if self.asynchronous:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        if self.asynchronous:
            return self._later(request)
        return _guard(request, self.get_response(request))

    async def _later(self, request: HttpRequest) -> HttpResponseBase:
        return _guard(request, await self.get_response(request))  # type: ignore[misc]


def _guard(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    if not request.path.startswith("/admin/"):
        # A view that is stricter still (documents) keeps its own.
        response.headers.setdefault("Content-Security-Policy", POLICY)
    return response
