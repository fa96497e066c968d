"""Work beside the worker's loop, each kind in a thread of its own: a mail server or a carrier that
hangs holds up nothing else."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from django.db import Error, close_old_connections, connections


log = logging.getLogger(__name__)

_all: list[Beside] = []


class Beside:
    """``wake`` starts the thread, which calls ``work`` again and again; it ends when ``work`` says
    that nothing more is due (False), or after ``stop`` and the thing at hand, for which ``join``
    waits."""

    def __init__(self, name: str, work: Callable[[], bool]) -> None:
        self.name = name
        self.stopping = threading.Event()
        self._work = work
        self._thread: threading.Thread | None = None
        _all.append(self)

    def wake(self) -> None:
        if self._thread is not None and self._thread.is_alive():
            return
        self.stopping.clear()
        self._thread = threading.Thread(target=self._run, name=f"oms-{self.name}")
        self._thread.start()

    def stop(self) -> None:
        self.stopping.set()

    def join(self) -> None:
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        try:
            while not self.stopping.is_set() and self._work():
                close_old_connections()
        except Error:
            log.warning("the database is away", exc_info=True)
        finally:
            connections.close_all()


def stop() -> None:
    """All of this process. May be called by a signal's handler."""
    for each in _all:
        each.stop()


def join() -> None:
    for each in tuple(_all):
        each.join()


def finish() -> None:
    """Do all that is due now, and return when it is done."""
    join()
    for each in tuple(_all):
        each.wake()
    join()
