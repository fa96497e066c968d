"""Where the socket is mounted.

A host adds ``websocket_urlpatterns`` to its own URLRouter, or takes ``websocket_application`` as
it is. Neither needs AuthMiddlewareStack or an origin validator: the socket reads the session
cookie and checks the origin itself.
"""

from __future__ import annotations

from typing import Any

from channels.routing import URLRouter
from django.urls import path, re_path

from oms_portal.consumers.live import live_socket, not_found


# Django's types know views only; Channels' router calls these with scope, receive and send.
_live: Any = live_socket
_not_found: Any = not_found

websocket_urlpatterns = [path("ws/portal/", _live, name="oms_portal_socket")]
websocket_application = URLRouter([*websocket_urlpatterns, re_path("", _not_found)])
