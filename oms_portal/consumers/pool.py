"""Database work off the event loop, in threads of our own: a slow query of the site's other
consumers, which share Django's one sync thread, never holds up a push, nor ours theirs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.db import connections


P = ParamSpec("P")
T = TypeVar("T")


class Pool:
    """A few threads that end with ``close``. Each keeps its connection from job to job, whatever
    CONN_MAX_AGE says of requests, and lets go of it when a job fails."""

    def __init__(self, threads: int, name: str) -> None:
        self._threads = threads
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix=name)

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        def job() -> T:
            try:
                return work(*args, **kwargs)
            except Exception:
                connections.close_all()
                raise

        return await asyncio.get_running_loop().run_in_executor(self._executor, job)

    def close(self) -> None:
        for _ in range(self._threads):
            self._executor.submit(connections.close_all)
        self._executor.shutdown(wait=False)
