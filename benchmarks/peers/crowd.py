"""A crowd of sockets that costs next to nothing: what it measures is the server."""

from __future__ import annotations

import base64
import os
import select
import socket
import struct
import time
from collections.abc import Mapping


class Crowd:
    """``size`` open websockets to one server. Counts bytes; frames of one size are then counted."""

    def __init__(self, port: int, path: str, size: int, headers: Mapping[str, str]) -> None:
        self._port = port
        self._buffer = bytearray(1 << 16)
        self._poll = select.epoll()
        self._sockets: dict[int, socket.socket] = {}
        key = base64.b64encode(os.urandom(16)).decode()
        lines = {
            "Host": f"127.0.0.1:{port}",
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Key": key,
            "Sec-WebSocket-Version": "13",
            "Origin": f"http://127.0.0.1:{port}",
            **headers,
        }
        fields = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        self._request = f"GET {path} HTTP/1.1\r\n{fields}\r\n".encode()
        for _ in range(size):
            self._open()

    def _open(self) -> None:
        peer = socket.create_connection(("127.0.0.1", self._port), timeout=20)
        peer.sendall(self._request)
        answer = b""
        while b"\r\n\r\n" not in answer:
            # Frames may follow at once; they are left for who counts them.
            answer = peer.recv(4096, socket.MSG_PEEK)
            if not answer:
                raise ConnectionError("the server hung up")
        answer = peer.recv(answer.index(b"\r\n\r\n") + 4)
        if b" 101 " not in answer.split(b"\r\n", 1)[0]:
            raise ConnectionError(f"no socket: {answer!r}")
        peer.setblocking(False)
        self._sockets[peer.fileno()] = peer
        self._poll.register(peer.fileno(), select.EPOLLIN)

    def say(self, text: str, only: int | None = None) -> None:
        """Send a text from every socket, or from the first few."""
        payload = text.encode()
        length = bytes([0x80 | len(payload)])
        if len(payload) > 125:
            length = b"\xfe" + struct.pack("!H", len(payload))
        # A mask of zeros leaves the text as it is.
        frame = b"\x81" + length + b"\0\0\0\0" + payload
        for peer in list(self._sockets.values())[:only]:
            peer.sendall(frame)

    def read(self, enough: float = float("inf"), seconds: float = 60) -> int:
        """Bytes that came until there were enough, or so long."""
        got, end = 0, time.monotonic() + seconds
        while got < enough:
            left = end - time.monotonic()
            if left <= 0:
                break
            for fd, _ in self._poll.poll(min(left, 0.5)):
                got += self._sockets[fd].recv_into(self._buffer)
        return got

    def first_frame(self, seconds: float = 60) -> int:
        """Take one frame from one of the sockets; how many bytes that were."""
        peer = next(iter(self._sockets.values()))
        peer.settimeout(seconds)
        head = _take(peer, 2)
        extra = {126: 2, 127: 8}.get(head[1], 0)
        length = int.from_bytes(_take(peer, extra), "big") if extra else head[1]
        _take(peer, length)
        peer.setblocking(False)
        return 2 + extra + length

    def settle(self, quiet: float = 1.0) -> int:
        """Read until nothing came for a while; how many bytes that were."""
        got = 0
        while more := self.read(1, quiet):
            got += more
        return got

    def close(self) -> None:
        for peer in self._sockets.values():
            peer.close()
        self._poll.close()

    def __len__(self) -> int:
        return len(self._sockets)


def _take(peer: socket.socket, size: int) -> bytes:
    taken = b""
    while len(taken) < size:
        more = peer.recv(size - len(taken))
        if not more:
            raise ConnectionError("the server hung up")
        taken += more
    return taken
