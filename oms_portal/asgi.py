"""Django's side of HTTP on an ASGI server, where a stop never waits for ever."""

from __future__ import annotations

from typing import Any

import django
from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler


class Handler(ASGIHandler):
    """Runs a request's middleware and view in one thread, without a way back to the event loop.

    Django lets synchronous middleware, such as allauth's of sessions, wait in its thread for the
    event loop to call the view. When the server stops in the middle of that, the loop is gone, the
    thread waits on, and the process waits for the thread.
    """

    _middleware_chain: Any

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)
        self._middleware_chain = sync_to_async(self._middleware_chain, thread_sensitive=True)


def get_asgi_application() -> Handler:
    """In place of Django's function of this name: sets Django up and gives what serves HTTP."""
    django.setup(set_prefix=False)
    return Handler()
