"""The short way out: a ready websocket frame written straight to the server's transport.

One text goes to thousands of sockets. Through ASGI every server encodes it anew for each; here the
frame is made once and only its bytes are written (about a quarter of the CPU on daphne, half on
uvicorn). This is the one module that looks behind ASGI, at two servers:

- daphne: ``send`` is ``partial(server.handle_reply, protocol)``, an autobahn protocol on Twisted;
- uvicorn with websockets' sans-I/O protocol: ``send`` is a bound method of the protocol.

A wire refuses (``write`` gives False, nothing was written) unless the socket is open, nobody is in
the middle of a frame and no more than WINDOW bytes wait for the peer. Where the server is another,
the transport is encrypted by Twisted, permessage-deflate was agreed on, or anything has not the
shape we know, ``wire_of`` gives None and frames take the plain way through ASGI's ``send``.
"""

from __future__ import annotations

import socket
from contextlib import suppress
from functools import partial
from typing import Any, Protocol


# What may lie unread between us and a browser: in the server's buffer, and in the kernel's.
WINDOW = 64 * 1024
KERNEL_WINDOW = 192 * 1024

_AUTOBAHN_OPEN = 3
_WEBSOCKETS_OPEN = 1


class Wire(Protocol):
    def write(self, frame: bytes) -> bool:
        """Write a whole frame, or nothing and give False: try later."""


class DaphneWire:
    """Autobahn's protocol on a plain Twisted TCP transport."""

    __slots__ = ("protocol", "transport")

    def __init__(self, protocol: Any) -> None:
        self.protocol = protocol
        self.transport = protocol.transport

    def write(self, frame: bytes) -> bool:
        protocol, transport = self.protocol, self.transport
        if protocol.state != _AUTOBAHN_OPEN or protocol.send_queue or transport.disconnecting:
            return False
        waiting = len(transport.dataBuffer) - transport.offset + transport._tempDataLen
        if waiting:
            if waiting > WINDOW:
                return False
            transport.write(frame)
            return True
        # Nothing waits: hand it to the kernel at once and spare the reactor two system calls.
        written = transport.writeSomeData(frame) if transport.connected else 0
        if not isinstance(written, int) or written < 0:
            return False
        if written < len(frame):
            transport.write(frame[written:])
        return True


class UvicornWire:
    """Uvicorn's sans-I/O protocol on an asyncio or uvloop transport."""

    __slots__ = ("protocol", "transport")

    def __init__(self, protocol: Any) -> None:
        self.protocol = protocol
        self.transport = protocol.transport

    def write(self, frame: bytes) -> bool:
        protocol, transport = self.protocol, self.transport
        if protocol.close_sent or protocol.conn.state != _WEBSOCKETS_OPEN:
            return False
        if transport.is_closing() or transport.get_write_buffer_size() > WINDOW:
            return False
        transport.write(frame)
        return True


def wire_of(send: Any) -> Wire | None:
    """The wire behind an accepted socket's ASGI ``send``; None: use ``send`` itself."""
    with suppress(AttributeError, IndexError, ImportError):
        return _daphne(send) if isinstance(send, partial) else _uvicorn(send)
    return None


def _daphne(send: partial[Any]) -> Wire | None:
    from daphne.ws_protocol import WebSocketProtocol
    from twisted.internet import tcp

    protocol = send.args[0]
    if type(protocol) is not WebSocketProtocol or type(protocol.transport) is not tcp.Server:
        return None
    if protocol._perMessageCompress is not None or protocol.transport.TLS:
        return None
    _narrow(protocol.transport.socket)
    return DaphneWire(protocol)


def _uvicorn(send: Any) -> Wire | None:
    from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

    protocol = send.__self__
    if type(protocol) is not WebSocketsSansIOProtocol or protocol.conn.extensions:
        return None
    _narrow(protocol.transport.get_extra_info("socket"))
    return UvicornWire(protocol)


def _narrow(peer: Any) -> None:
    """Let the kernel hold no more for a browser that does not read; it doubles what it is told."""
    with suppress(OSError):
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KERNEL_WINDOW // 2)
