"""The test site with boards, as a server process runs it."""

from __future__ import annotations

from oms_portal.consumers import outbox
from tests.site.asgi import application

from . import boards


# A browser that reads nothing is to outlast its test, however long that takes.
outbox.PATIENCE = 600
# Boards need the apps that the application loads.
__all__ = ["application", "boards"]
