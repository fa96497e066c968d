"""What one socket is still to be sent: at most one text per topic, the newest."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from .frames import Frame
from .wires import Wire, wire_of


Send = Callable[[Mapping[str, Any]], Awaitable[None]]

# A browser that reads nothing is asked again so often, and given up after so long (seconds).
RETRY = 0.05
PATIENCE = 30.0


class Outbox:
    """Texts go straight out while the socket takes them. While it does not, a newer text of a
    topic takes the place of the older, so a stalled browser costs one text per topic."""

    __slots__ = (
        "_loop",
        "_retry",
        "_send",
        "_task",
        "box",
        "closed",
        "give_up",
        "moved_at",
        "wire",
    )

    def __init__(
        self, send: Send, loop: asyncio.AbstractEventLoop, give_up: Callable[[], None]
    ) -> None:
        self.give_up = give_up
        self.wire: Wire | None = wire_of(send)
        self.box: dict[str, Frame] = {}
        self.closed = False
        self.moved_at = 0.0
        self._send = send
        self._loop = loop
        self._retry: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None

    def offer(self, key: str, frame: Frame) -> None:
        """Send this text, now or as soon as the socket takes it; ``key`` is what it replaces."""
        if self.closed:
            return
        if self.wire is None:
            self.box[key] = frame
            self._task = self._task or self._loop.create_task(self._drain())
        elif self.box or not self.wire.write(frame.wire):
            self.box[key] = frame
            if self._retry is None:
                self.moved_at = time.monotonic()
                self._retry = self._loop.call_later(RETRY, self._flush, self.wire)

    def close(self) -> None:
        self.closed = True
        self.box.clear()
        if self._retry is not None:
            self._retry.cancel()
        if self._task is not None:
            self._task.cancel()

    def _flush(self, wire: Wire) -> None:
        """Send what the socket takes by now; come back while something is left."""
        self._retry = None
        while self.box:
            key = next(iter(self.box))
            if not wire.write(self.box[key].wire):
                break
            del self.box[key]
            self.moved_at = time.monotonic()
        if self.box and time.monotonic() - self.moved_at > PATIENCE:
            self.give_up()
        elif self.box:
            self._retry = self._loop.call_later(RETRY, self._flush, wire)

    async def _drain(self) -> None:
        """The plain way: one text at a time, at the pace of ASGI's ``send``."""
        try:
            while self.box:
                frame = self.box.pop(next(iter(self.box)))
                async with asyncio.timeout(PATIENCE):
                    await self._send({"type": "websocket.send", "text": frame.text})
        except TimeoutError:
            self.give_up()
        except OSError:
            # The peer left; ``receive`` will say so.
            self.box.clear()
        finally:
            self._task = None
