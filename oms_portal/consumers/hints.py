"""Hints between processes: "these topics changed", through the site's channel layer.

Hints may be lost at any time; the hub's sweep finds what they would have told. So nothing here
waits, retries or raises: a layer that is away costs a second of latency, never a request.
"""

from __future__ import annotations

import asyncio
import atexit
import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any
from uuid import uuid4

from channels.layers import InMemoryChannelLayer, get_channel_layer


logger = logging.getLogger("oms_portal.live")

GROUP = "oms_portal.hints"
CHUNK = 500
# Seconds: a layer that failed is left alone; a group's members expire within a day on Redis core.
CIRCUIT = 1.0
RENEW = 3600.0


def shared_layer() -> Any:
    """The site's channel layer; None where there is none, or one that ends at this process."""
    layer = get_channel_layer()
    return None if isinstance(layer, InMemoryChannelLayer) else layer


class Publisher:
    """One daemon thread with one lasting connection; what waits for it is sent together."""

    def __init__(self) -> None:
        self.id = uuid4().hex
        self._waiting: deque[frozenset[str]] = deque(maxlen=10_000)
        self._called = threading.Event()
        self._idle = threading.Event()
        threading.Thread(target=self._run, name="oms-hints", daemon=True).start()

    def offer(self, keys: frozenset[str]) -> None:
        self._idle.clear()
        self._waiting.append(keys)
        self._called.set()

    def flush(self, seconds: float) -> None:
        """Give what waits the chance to leave before a short-lived process ends."""
        self._idle.wait(seconds)

    def _run(self) -> None:
        loop = asyncio.new_event_loop()
        while True:
            self._called.wait()
            self._called.clear()
            try:
                loop.run_until_complete(self._send(set(self._taken())))
            except Exception as error:
                logger.warning("Hints did not leave; the sweep will find the change: %r", error)
                time.sleep(CIRCUIT)
            if not self._waiting:
                self._idle.set()

    def _taken(self) -> Iterator[str]:
        while self._waiting:
            yield from self._waiting.popleft()

    async def _send(self, keys: Iterable[str]) -> None:
        layer = shared_layer()
        told = sorted(keys)
        for start in range(0, len(told) if layer else 0, CHUNK):
            message = {"type": "oms.hints", "from": self.id, "keys": told[start : start + CHUNK]}
            async with asyncio.timeout(2):
                await layer.group_send(GROUP, message)


_publisher: Publisher | None = None


def publish(keys: frozenset[str]) -> None:
    """Tell the hubs of all other processes; a listener of ``live``. Takes microseconds."""
    global _publisher
    if shared_layer() is None:
        return
    if _publisher is None:
        _publisher = Publisher()
        atexit.register(_publisher.flush, 0.5)
    _publisher.offer(keys)


def _forget() -> None:
    """A forked child has the parent's object, without its thread."""
    global _publisher
    _publisher = None


os.register_at_fork(after_in_child=_forget)


async def overhear(mark: Callable[[Iterable[str]], None]) -> None:
    """Mark what other processes hint at, until cancelled. Ends at once without a shared layer."""
    layer = shared_layer()
    while layer is not None:
        try:
            await _overhear(layer, mark)
        except Exception as error:
            logger.warning("No hints from other processes for now, sweeping: %r", error)
        await asyncio.sleep(CIRCUIT)


async def _overhear(layer: Any, mark: Callable[[Iterable[str]], None]) -> None:
    channel = await layer.new_channel()
    receiving: asyncio.Task[Any] | None = None
    try:
        await layer.group_add(GROUP, channel)
        while True:
            receiving = receiving or asyncio.ensure_future(layer.receive(channel))
            done, _ = await asyncio.wait({receiving}, timeout=RENEW)
            if not done:
                await layer.group_add(GROUP, channel)
                continue
            message, receiving = receiving.result(), None
            if _publisher is None or message.get("from") != _publisher.id:
                mark(message["keys"])
    finally:
        if receiving is not None:
            receiving.cancel()
        with suppress(Exception):
            async with asyncio.timeout(1):
                await layer.group_discard(GROUP, channel)
