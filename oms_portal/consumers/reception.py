"""Who opens this socket? Asked for many sockets together, as they come back in storms."""

from __future__ import annotations

import asyncio
import logging

from .people import Person, standing
from .pool import Pool


logger = logging.getLogger("oms_portal.live")


class Reception:
    def __init__(self) -> None:
        self._database = Pool(1, "oms-sign-in")
        self._asked: dict[str, asyncio.Future[Person | None]] = {}
        self._task: asyncio.Task[None] | None = None

    async def recognise(self, session_key: str) -> Person | None:
        """The person of a session, None where it does not stand; what the database raises."""
        loop = asyncio.get_running_loop()
        future = self._asked.setdefault(session_key, loop.create_future())
        self._task = self._task or loop.create_task(self._answer())
        return await asyncio.shield(future)

    def close(self) -> None:
        self._database.close()

    async def _answer(self) -> None:
        while self._asked:
            asked, self._asked = self._asked, {}
            try:
                found = await self._database.run(standing, tuple(asked))
            except Exception as error:
                logger.warning("Nobody can be let in for now: %r", error)
                for future in asked.values():
                    future.set_exception(error)
                    # Whoever asked may have gone: then nobody needs to hear of it.
                    future.exception()
            else:
                for key, future in asked.items():
                    future.set_result(found.get(key))
        self._task = None
