from __future__ import annotations

import os

from channels.routing import ProtocolTypeRouter
from django.contrib.staticfiles.handlers import ASGIStaticFilesHandler

from oms_portal.asgi import get_asgi_application


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.site.settings")
http = get_asgi_application()

from oms_portal.routing import websocket_application  # noqa: E402  needs the apps that the line above loads


application = ProtocolTypeRouter(
    {"http": ASGIStaticFilesHandler(http), "websocket": websocket_application}
)
