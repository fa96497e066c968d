"""Which pages may open the socket: those of the exact scheme, host and port of the site itself.

Browsers send the origin in one spelling only (RFC 6454, section 6.2), so it is compared as text
and never parsed: nothing a stranger writes into the header can raise.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest

from oms_portal.conf import settings


_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


class Handshake(HttpRequest):
    """The opening request of a socket, as Django sees requests: host, proxies, cookies."""

    def __init__(self, scope: Mapping[str, Any]) -> None:
        super().__init__()
        self._secure = scope.get("scheme") in ("wss", "https")
        self.META = {"SERVER_NAME": "", "SERVER_PORT": str((scope.get("server") or ("", ""))[1])}
        for name, value in scope.get("headers", ()):
            key = "HTTP_" + name.decode("latin1").upper().replace("-", "_")
            text = value.decode("latin1")
            self.META[key] = f"{self.META[key]},{text}" if key in self.META else text

    def _get_scheme(self) -> str:
        return "https" if self._secure else "http"


def allowed(request: Handshake) -> bool:
    """Whether the page that opens this socket is one of ours; an absent origin is not."""
    origin = request.META.get("HTTP_ORIGIN")
    if not origin:
        return False
    if origin in {given.rstrip("/").lower() for given in settings().WS_ORIGINS}:
        return True
    try:
        return bool(origin == own_origin(request))
    except DisallowedHost:
        return False


def own_origin(request: HttpRequest) -> str:
    """The origin of the site as this request reached it; DisallowedHost where it is not ours."""
    scheme = request.scheme or "http"
    host = request.get_host().lower()
    return f"{scheme}://{host.removesuffix(_DEFAULT_PORTS.get(scheme, ''))}"
