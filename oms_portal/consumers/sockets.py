"""One open socket, as the hub knows it."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress

from .frames import encode
from .outbox import Outbox, Send
from .people import Person


FRAMES = 20
PER_SECONDS = 10.0
MAX_NAMES = 200


class Socket:
    """Who is there, which topics they watch by name, and what they are still to be sent."""

    __slots__ = ("_heard", "_send", "closing", "names", "outbox", "person")

    def __init__(
        self,
        send: Send,
        loop: asyncio.AbstractEventLoop,
        too_slow: Callable[[Socket], None],
    ) -> None:
        self._send = send
        self._heard: deque[float] = deque(maxlen=FRAMES)
        self.person: Person | None = None
        self.names: set[str] = set()
        self.outbox = Outbox(send, loop, lambda: too_slow(self))
        self.closing = False

    def floods(self, now: float) -> bool:
        """Count a frame from the browser; whether it is more than FRAMES within PER_SECONDS."""
        full = len(self._heard) == FRAMES and now - self._heard[0] < PER_SECONDS
        self._heard.append(now)
        return full

    async def close(self, code: int, why: str) -> None:
        """Say why, then close; a peer that takes nothing more is left to the server's time-out."""
        if self.closing:
            return
        self.closing = True
        self.outbox.close()
        with suppress(OSError, RuntimeError):
            async with asyncio.timeout(5):
                await self._send({"type": "websocket.send", "text": encode("bye", why=why).text})
                await self._send({"type": "websocket.close", "code": code, "reason": why})
