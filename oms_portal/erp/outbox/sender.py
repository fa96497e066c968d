"""What carries commands beside the worker's loop: one thread that claims, some that push.

An ERP that hangs holds up neither events nor jobs, and never the last free thread.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from django.db import Error, connections
from django.utils import timezone

from oms_portal.conf import settings
from oms_portal.erp import inbox
from oms_portal.erp.connectors import registry

from . import claims, delivery
from .claims import Claim


log = logging.getLogger(__name__)

IDLE_SECONDS = 0.2
_MAX_RECONNECT = 5.0


def deliver(held: Claim) -> None:
    """Push a claimed command and write the result, however long the database is away; should
    that be longer than the lease, the command is sent again under its key."""
    result = delivery.push(held)
    until = time.monotonic() + claims.LEASE.total_seconds()
    failures = 0
    while True:
        try:
            delivery.settle(held, result)
            return
        except Error:
            failures += 1
            log.warning("the result of %s can't be written", held.wish.key, exc_info=True)
            connections.close_all()
            if time.monotonic() > until:
                return
            time.sleep(min(_MAX_RECONNECT, inbox.backoff(failures, base=0.25)))


def deliver_due(worker: str) -> int:
    """Send, one after the other, all that is due now; how many attempts that were."""
    count = 0
    while held := claims.claim(registry.slugs(), worker):
        deliver(held)
        count += 1
    return count


class Sender:
    """``start`` claims and pushes until ``stop``; ``join`` waits for pushes under way, which end
    within 15 s."""

    def __init__(self, threads: int = 0, idle: float = IDLE_SECONDS) -> None:
        self.slugs = registry.slugs()
        # Each further source has a thread left, even where all others hang.
        self.threads = max(threads or settings().COMMAND_THREADS, len(self.slugs), 1)
        others = len(self.slugs) - 1
        self.share = max(1, (self.threads - 1) // others) if others > 0 else self.threads
        self.idle = idle
        self.name = f"{socket.gethostname()}:{os.getpid()}"[:100]
        self._held: dict[int, Claim] = {}
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._pool = ThreadPoolExecutor(self.threads, thread_name_prefix="oms-push")
        self._thread = threading.Thread(target=self._run, name="oms-sender")

    def start(self) -> None:
        if self.slugs:
            self._thread.start()

    def stop(self) -> None:
        """Claim nothing more. May be called by a signal's handler."""
        self._stopping.set()
        self._wake.set()

    def join(self) -> None:
        if self._thread.ident:
            self._thread.join()
        self._pool.shutdown()

    def _run(self) -> None:
        failures, beat = 0, time.monotonic()
        while not self._stopping.is_set():
            try:
                if time.monotonic() - beat > claims.HEARTBEAT.total_seconds():
                    claims.extend(self._under_way(), timezone.now())
                    beat = time.monotonic()
                busy = self._turn()
                failures = 0
            except Exception:
                # The database is away, or worse; whatever it is, the next commands want to go.
                failures += 1
                log.warning("no command can be claimed", exc_info=True)
                connections.close_all()
                self._stopping.wait(min(_MAX_RECONNECT, inbox.backoff(failures, base=0.5)))
                continue
            if not busy:
                self._wake.wait(self.idle)
            self._wake.clear()
        connections.close_all()

    def _turn(self) -> bool:
        """Claim one command and have it pushed, if a thread is free; whether there was one."""
        under_way = Counter(held.source for held in self._under_way())
        if under_way.total() >= self.threads:
            return False
        room = [slug for slug in self.slugs if under_way[slug] < self.share]
        held = claims.claim(room, self.name)
        if held is None:
            return False
        with self._lock:
            self._held[held.pk] = held
        self._pool.submit(self._deliver, held)
        return True

    def _deliver(self, held: Claim) -> None:
        try:
            deliver(held)
        except Exception:
            log.exception("the result of command %s is lost; it is sent again", held.wish.key)
        finally:
            connections.close_all()
            with self._lock:
                self._held.pop(held.pk, None)
            self._wake.set()

    def _under_way(self) -> list[Claim]:
        with self._lock:
            return list(self._held.values())
