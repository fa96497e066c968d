"""An ERP that does nothing but answer commands at once, hang, or not be there."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple


class Arrival(NamedTuple):
    """``at`` by ``time.monotonic``."""

    at: float
    key: str
    order: str


class StubErp:
    """``start`` and ``stop`` it as often as wanted; ``hang`` and ``go_on`` while it is there."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.arrivals: list[Arrival] = []
        self.answered: list[str] = []
        self.free = threading.Event()
        self.free.set()
        self.server: ThreadingHTTPServer | None = None

    def start(self) -> None:
        handler = type("Handler", (_Handler,), {"erp": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", self.port), handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=[0.02], daemon=True).start()

    def stop(self) -> None:
        if self.server:
            self.server.shutdown()
            self.server.server_close()
            self.server = None

    def hang(self) -> None:
        self.free.clear()

    def go_on(self) -> None:
        self.free.set()

    def take(self, body: bytes) -> bytes:
        at, told = time.monotonic(), json.loads(body)
        self.arrivals.append(Arrival(at, told["id"], told["order"]))
        self.free.wait(60)
        self.answered.append(told["id"])
        return b'{"outcome": "applied"}'


class _Handler(BaseHTTPRequestHandler):
    erp: StubErp

    def do_POST(self) -> None:
        answer = self.erp.take(self.rfile.read(int(self.headers["Content-Length"])))
        try:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)
        except OSError:
            # Who asked did not wait for it.
            return

    def log_message(self, format: str, *args: object) -> None:
        return
