"""A server of an ERP's papers on this machine, that behaves as badly as a test wants it to."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def answer(body: bytes, *headers: str, status: str = "200 OK", length: int | None = None) -> bytes:
    """An HTTP/1.1 answer; ``length`` is what it says of itself, -1 nothing at all."""
    told = len(body) if length is None else length
    lines = [f"HTTP/1.1 {status}", "Connection: close", *headers]
    if told >= 0:
        lines.append(f"Content-Length: {told}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@contextmanager
def server(*pieces: bytes, pause: float = 0.0) -> Iterator[tuple[str, list[bytes]]]:
    """Answers every request with these pieces, ``pause`` seconds apart; gives its origin and the
    heads of the requests it was sent."""
    heard: list[bytes] = []
    ended = threading.Event()
    listening = socket.create_server(("127.0.0.1", 0))

    def serve(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            heard.append(connection.recv(65536))
            for piece in pieces:
                connection.sendall(piece)
                if pause and ended.wait(pause):
                    return

    def accept() -> None:
        with suppress(OSError):
            while True:
                connection = listening.accept()[0]
                threading.Thread(target=serve, args=[connection], daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", heard
    finally:
        ended.set()
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        listening.close()
