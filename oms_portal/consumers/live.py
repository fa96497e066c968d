"""The consumer: a plain ASGI application, one call per socket. The hub does the work."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.http import parse_cookie

from .frames import (
    BAD_FRAME,
    NOT_ALLOWED,
    PROTOCOL,
    RESTART,
    SIGNED_OUT,
    TOO_MANY,
    BadFrame,
    Ping,
    Sub,
    encode,
    parse,
)
from .hub import Hub, hub_of_loop
from .origins import Handshake, allowed
from .outbox import Send
from .sockets import MAX_NAMES, Socket


Receive = Callable[[], Awaitable[Mapping[str, Any]]]


class Closing(Exception):
    """The socket is to be closed: the code and why."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(why)
        self.code = code
        self.why = why


async def live_socket(scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
    """Serve one socket from its handshake to its end."""
    if scope["type"] != "websocket":
        raise ValueError("The live socket speaks websocket only.")
    await receive()
    request = Handshake(scope)
    if PROTOCOL not in scope.get("subprotocols", ()) or not allowed(request):
        await send({"type": "websocket.close", "code": NOT_ALLOWED})
        return
    await send({"type": "websocket.accept", "subprotocol": PROTOCOL})
    hub = hub_of_loop()
    socket = hub.connect(send)
    try:
        await _admit(hub, socket, _session_key(request))
        await _converse(hub, socket, receive)
    except Closing as closing:
        await socket.close(closing.code, closing.why)
    except asyncio.CancelledError:
        # The server stops; the browser comes back by itself.
        await socket.close(RESTART, "restart")
        raise
    finally:
        hub.disconnect(socket)


def _session_key(request: Handshake) -> str:
    cookies = parse_cookie(request.META.get("HTTP_COOKIE", ""))
    key = cookies.get(settings.SESSION_COOKIE_NAME, "")
    return key if key.isascii() and key.isprintable() else ""


async def _admit(hub: Hub, socket: Socket, session_key: str) -> None:
    try:
        person = await hub.reception.recognise(session_key) if session_key else None
    except Exception as error:
        raise Closing(RESTART, "try again") from error
    if person is None:
        raise Closing(SIGNED_OUT, "signed out")
    if not hub.admit(socket, person):
        raise Closing(TOO_MANY, "too many sockets")


async def _converse(hub: Hub, socket: Socket, receive: Receive) -> None:
    """Obey what the browser asks for, until it or the hub ends the socket."""
    while True:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            return
        if socket.floods(hub.loop.time()):
            raise Closing(TOO_MANY, "too many frames")
        try:
            frame = parse(message)
        except BadFrame as error:
            raise Closing(BAD_FRAME, str(error)) from None
        if isinstance(frame, Ping):
            socket.outbox.offer("pong", encode("pong"))
        elif isinstance(frame, Sub):
            for join in frame.joins:
                hub.subscribe(socket, join)
            if len(socket.names) > MAX_NAMES:
                raise Closing(TOO_MANY, "too many topics")
        else:
            hub.unsubscribe(socket, frame.names)


async def not_found(scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
    """What stands at every other path: refuses the handshake."""
    with suppress(OSError):
        await receive()
        await send({"type": "websocket.close", "code": NOT_ALLOWED})
