"""Run the sandbox ERP: ``manage.py oms_sandbox_erp``."""

from __future__ import annotations

import os
import signal
import socket
import threading
from argparse import ArgumentParser
from pathlib import Path
from random import Random
from socketserver import ThreadingMixIn
from typing import Any
from urllib.parse import urlsplit
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.conf import settings
from django.core.management.base import BaseCommand

from example_site.credentials import secret_of
from example_site.sandbox_erp.erp import URIS, Erp
from example_site.sandbox_erp.page import Page
from example_site.sandbox_erp.past import fill
from example_site.sandbox_erp.running import Sandbox
from example_site.sandbox_erp.sending import Sender
from example_site.sandbox_erp.store import Store


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def get_environ(self) -> dict[str, Any]:
        """With a way to close the line without a word."""
        return super().get_environ() | {"sandbox.hang_up": self._hang_up}

    def _hang_up(self) -> None:
        self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format: str, *args: Any) -> None:
        """Presses of buttons are seen on the page."""


class Command(BaseCommand):
    help = "Run the sandbox ERP: it sends signed events and has a page of buttons."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        portal = f"http://127.0.0.1:{settings.PORT}/portal/api/v1"
        parser.add_argument("--portal", default=portal, help="Where the portal takes events.")
        parser.add_argument("--listen", default=settings.ERP_URL, help="Where the page answers.")
        parser.add_argument("--store", default=settings.DEMO_DIR / "erp.sqlite3", type=Path)
        orders = int(os.environ.get("SANDBOX_ORDERS") or 320)
        parser.add_argument("--orders", default=orders, type=int, help="Orders to begin with.")
        parser.add_argument("--heartbeat", default=20.0, type=float, help="Seconds.")
        parser.add_argument("--every", default=0.0, type=float, help="Life goes on every N s.")

    def handle(self, *args: Any, **options: Any) -> None:
        erp = Erp(Store(options["store"]), Random(), options["listen"])
        if not erp.store.fact("filled"):
            with erp.store.transaction():
                fill(erp, options["orders"])
                erp.store.state("filled", "yes")
        erp.store.tell_again()
        erp.rng = Random()
        senders = [
            Sender(erp.store, source, secret_of(source), options["portal"], options["heartbeat"])
            for source in URIS
        ]
        connectors = settings.OMS_PORTAL["CONNECTORS"]
        secrets = {source: connector["secret"] for source, connector in connectors.items()}
        sandbox = Sandbox(erp, senders, options["every"], secrets)
        listen = urlsplit(options["listen"])
        server = make_server(
            listen.hostname or "127.0.0.1", listen.port or 80, Page(sandbox), Server, Quiet
        )
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
        sandbox.start()
        self.stdout.write(f"Sandbox ERP: {options['listen']} tells {options['portal']}")
        server.serve_forever(0.2)
        sandbox.end()
