"""A line to an ERP that is cut when its time is up, however slowly the other end drips."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress


CONNECT = 3.0


class Line(http.client.HTTPSConnection):
    """HTTP/1.1 to one of ``addresses``, under the name ``host``; over TLS where ``secure``.
    Neither a proxy of the environment nor a redirect is followed."""

    def __init__(self, host: str, port: int, addresses: tuple[str, ...], secure: bool) -> None:
        super().__init__(host, port, timeout=CONNECT)
        self.addresses, self.secure = addresses, secure
        self.line: socket.socket | None = None

    def connect(self) -> None:
        """Within 3 s for an address, TLS included. OSError where none of them answers."""
        failure: OSError = ConnectionError("no address")
        for address in self.addresses:
            try:
                self.sock = self.line = socket.create_connection((address, self.port), CONNECT)
                break
            except OSError as error:
                failure = error
        else:
            raise failure
        if self.secure:
            self.sock = self.line = ssl.create_default_context().wrap_socket(
                self.sock, server_hostname=self.host, do_handshake_on_connect=False
            )
            self.sock.do_handshake()

    def hang_up(self) -> None:
        """From another thread; http.client forgets a socket that is still read from."""
        if self.line:
            self.line.shutdown(socket.SHUT_RDWR)


@contextmanager
def cut_at(line: Line, ends: float) -> Iterator[threading.Event]:
    """Close the line when it is done with, and cut it at ``ends`` (``time.monotonic``) in any
    case. The event tells that the time was up."""
    late = threading.Event()

    def cut() -> None:
        late.set()
        with suppress(OSError):
            line.hang_up()

    watch = threading.Timer(max(0.0, ends - time.monotonic()), cut)
    watch.daemon = True
    watch.start()
    try:
        yield late
    finally:
        watch.cancel()
        line.close()
