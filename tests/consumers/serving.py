"""The test site with boards, as a server process runs it."""

from __future__ import annotations

from tests.site.asgi import application

from . import boards


# Boards need the apps that the application loads.
__all__ = ["application", "boards"]
