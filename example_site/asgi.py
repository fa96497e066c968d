"""``daphne example_site.asgi:application``; uvicorn works too."""

from __future__ import annotations

import os

from channels.routing import ProtocolTypeRouter
from django.contrib.staticfiles.handlers import ASGIStaticFilesHandler

from oms_portal.asgi import get_asgi_application


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "example_site.settings")
# This sets Django up; the sockets import models, which must come after.
http = get_asgi_application()

from oms_portal.routing import websocket_application


# Static files come from this process: fine for a demo, a job for the proxy in production.
application = ProtocolTypeRouter(
    {"http": ASGIStaticFilesHandler(http), "websocket": websocket_application}
)
