from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from tests import factories

from . import boards
from .peers import Peer, signed_in


Join = Callable[..., Awaitable[Peer]]


@pytest.fixture
def acme(transactional_db: None) -> Any:
    return factories.company("ACME", name="Acme")


@pytest.fixture
def ann(acme: Any) -> Any:
    """A buyer at Acme."""
    return factories.person("ann@acme.example", acme)


@pytest.fixture
def quick(settings: Any) -> None:
    """Sweeps that tests need not wait for."""
    settings.OMS_PORTAL = {"SWEEP": 0.1, "RIGHTS_SWEEP": 0.2}


@pytest.fixture
async def peer(acme: Any) -> AsyncIterator[Join]:
    """Open sockets of people: ``await peer(user)``; ``client=`` shares a session."""
    from .peers import db

    opened: list[Peer] = []

    async def open_socket(user: Any = None, client: Any = None, **headers: Any) -> Peer:
        if client is None and user is not None:
            client = await db(signed_in, user)
        new = Peer(held=headers.pop("held", False))
        await new.connect(client, **headers)
        opened.append(new)
        if user is not None or client is not None:
            await new.hear("hello") if new.reads.is_set() else None
        return new

    yield open_socket
    for socket in opened:
        if not socket.task.done():
            socket.reads.set()
            await socket.leave()


@pytest.fixture(autouse=True)
def _fresh_count() -> None:
    boards.rendered.clear()
    boards.released.clear()
