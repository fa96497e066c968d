"""The test site with boards, as a server process runs it."""

from __future__ import annotations

from tests.site.asgi import application

from . import boards  # noqa: F401  needs the apps that the line above loads


__all__ = ["application"]
