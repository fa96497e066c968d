"""An ERP that takes commands on this machine and behaves as badly as a test wants it to.

It keeps what it heard and, once per key, what it carried out: also where it then says nothing.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from oms_portal.erp import signatures
from tests.services import free_port


SECRET = signatures.encode(b"0123456789abcdef0123456789abcdef")
# What is answered: status, headers, body; True where the wish is carried out before.
ANSWERS: dict[str, tuple[int, dict[str, str], bytes, bool]] = {
    "accept": (202, {}, b"", True),
    "apply": (200, {}, b'{"outcome": "applied", "reference": "ERP-7"}', True),
    "counter": (200, {}, b'{"outcome":"countered","counter":{"reference":"O-1"}}', False),
    "reject": (422, {}, b'{"code": "too-late", "text": "Picked already"}', False),
    "500": (500, {}, b"Traceback: password=hunter2", False),
    "503": (503, {"Retry-After": "120"}, b"", False),
    "401": (401, {}, b"", False),
    "html": (200, {"Content-Type": "text/html"}, b"<html>Please sign in</html>", False),
    "huge": (200, {}, b'{"outcome": "applied", "text": "' + b"x" * 70_000 + b'"}', True),
    "redirect": (307, {"Location": "/elsewhere"}, b"", False),
}


@dataclass(frozen=True)
class Heard:
    at: float
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def wish(self) -> dict[str, Any]:
        return json.loads(self.body)

    @property
    def key(self) -> str:
        return self.wish["id"]


@dataclass
class FlakyErp:
    """``mode`` is a name of ANSWERS, or "slow" (applied, after a while), "hang", "drip", "drop" (done, then not a word) and "cut"
    (not done); ``next`` are modes that come before it, one for each call; ``of`` are modes of
    single orders."""

    mode: str = "accept"
    next: list[str] = field(default_factory=list)
    of: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    heard: list[Heard] = field(default_factory=list)
    effects: Counter[str] = field(default_factory=Counter)
    most_at_once: Counter[str] = field(default_factory=Counter)
    released: threading.Event = field(default_factory=threading.Event)
    _server: ThreadingHTTPServer | None = None
    _at_once: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/commands"

    @property
    def setting(self) -> dict[str, Any]:
        path = "oms_portal.erp.connectors.http.HttpConnector"
        return {"connector": path, "url": self.url, "secret": SECRET}

    @property
    def keys(self) -> list[str]:
        return [heard.key for heard in self.heard]

    @property
    def orders(self) -> list[str]:
        return [heard.wish["order"] for heard in self.heard]

    def start(self) -> None:
        erp = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                erp._answer(self)

            def log_message(self, *args: Any) -> None:
                pass

        ThreadingHTTPServer.request_queue_size = 50
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self._server.daemon_threads = True
        self.released.clear()
        threading.Thread(target=self._server.serve_forever, args=[0.02], daemon=True).start()

    def stop(self) -> None:
        self.released.set()
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def _answer(self, call: BaseHTTPRequestHandler) -> None:
        body = call.rfile.read(int(call.headers["Content-Length"]))
        heard = Heard(time.monotonic(), call.path, dict(call.headers), body)
        order = heard.wish["order"]
        with self._lock:
            self.heard.append(heard)
            self._at_once[order] += 1
            self.most_at_once[order] = max(self.most_at_once[order], self._at_once[order])
            mode = self.next.pop(0) if self.next else self.of.get(order, self.mode)
        try:
            with suppress(OSError):
                self._behave(call, heard.key, mode)
        finally:
            with self._lock:
                self._at_once[order] -= 1

    def _behave(self, call: BaseHTTPRequestHandler, key: str, mode: str) -> None:
        if mode == "slow":
            self.released.wait(0.1)
            mode = "apply"
        if mode == "hang":
            self.released.wait(20)
            mode = "apply"
        if mode in ("drop", "cut"):
            if mode == "drop":
                self._carry_out(key)
            call.connection.shutdown(socket.SHUT_RDWR)
            return
        if mode == "drip":
            self._carry_out(key)
            call.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
            while not self.released.wait(0.05):
                call.wfile.write(b"x")
            return
        status, headers, body, done = ANSWERS[mode]
        if done:
            self._carry_out(key)
        call.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            call.send_header(name, value)
        call.end_headers()
        call.wfile.write(body)

    def _carry_out(self, key: str) -> None:
        with self._lock:
            if not self.effects[key]:
                self.effects[key] += 1


@contextmanager
def flaky(**options: Any) -> Iterator[FlakyErp]:
    erp = FlakyErp(**options)
    erp.start()
    try:
        yield erp
    finally:
        erp.stop()
