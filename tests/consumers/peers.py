"""A browser's end of a socket, in this process: speaks ASGI to the consumer itself."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.db import connections
from django.test import Client

from oms_portal.consumers.frames import PROTOCOL
from oms_portal.consumers.live import live_socket


T = TypeVar("T")


async def db(work: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    """Do database work of a test in a thread, and leave no connection behind."""

    def job() -> T:
        try:
            return work(*args, **kwargs)
        finally:
            connections.close_all()

    return await asyncio.to_thread(job)


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def cookie(client: Client) -> str:
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


class Refused(Exception):
    """The handshake was answered with a close."""


class Peer:
    def __init__(self, held: bool = False) -> None:
        self.to_server: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.open = asyncio.Event()
        self.reads = asyncio.Event()
        if not held:
            self.reads.set()

    async def connect(self, client: Client | None = None, **headers: str) -> Peer:
        """Open the socket as this test client's session; ``headers`` with _ for - and "" for none."""
        given = {"host": "testserver", "origin": "http://testserver", **headers}
        if client is not None:
            given.setdefault("cookie", cookie(client))
        scope = {
            "type": "websocket",
            "path": "/ws/portal/",
            "headers": [
                (name.replace("_", "-").encode(), value.encode("latin1"))
                for name, value in given.items()
                if value
            ],
            "subprotocols": [PROTOCOL],
            "server": ("127.0.0.1", 80),
        }
        await self.to_server.put({"type": "websocket.connect"})
        self.task = asyncio.create_task(live_socket(scope, self.to_server.get, self._take))
        answer = await self._next()
        if answer["type"] == "websocket.close":
            await self.task
            raise Refused(answer["code"])
        assert answer["subprotocol"] == PROTOCOL
        return self

    async def _take(self, message: Any) -> None:
        await self.reads.wait()
        await self.heard.put(dict(message))
        if message["type"] == "websocket.close":
            await self.to_server.put({"type": "websocket.disconnect", "code": message["code"]})

    async def say(self, **frame: Any) -> None:
        await self.raw(json.dumps(frame))

    async def raw(self, text: str | None = None, **fields: Any) -> None:
        await self.to_server.put({"type": "websocket.receive", "text": text, **fields})

    async def sub(self, *topics: list[Any]) -> None:
        await self.say(op="sub", topics=list(topics))

    async def _next(self, seconds: float = 10) -> dict[str, Any]:
        async with asyncio.timeout(seconds):
            return await self.heard.get()

    async def hear(self, *ops: str, seconds: float = 10) -> dict[str, Any]:
        """The next frame, which must be of one of these kinds."""
        message = await self._next(seconds)
        assert message["type"] == "websocket.send", message
        frame: dict[str, Any] = json.loads(message["text"])
        assert frame["op"] in ops, frame
        return frame

    async def ends(self, code: int, seconds: float = 10) -> str:
        """The socket must say bye and close with this code; why it said. Topics may be emptied
        first."""
        frame = await self.hear("bye", "gone", seconds=seconds)
        while frame["op"] == "gone":
            frame = await self.hear("bye", "gone", seconds=seconds)
        why: str = frame["why"]
        message = await self._next(seconds)
        assert message["type"] == "websocket.close"
        assert message["code"] == code
        await self.task
        return why

    async def silent(self, seconds: float = 0.3) -> None:
        await asyncio.sleep(seconds)
        assert self.heard.empty(), self.heard.get_nowait()

    async def leave(self) -> None:
        await self.to_server.put({"type": "websocket.disconnect", "code": 1000})
        await self.task
