"""Real sockets to real servers, with and without channel layers."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
from channels.layers import channel_layers
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from oms_portal import live
from oms_portal.consumers import hints
from oms_portal.consumers.frames import PROTOCOL

from . import boards
from .peers import cookie, db, signed_in


SERVED = {
    "application": "tests.consumers.serving:application",
    "DJANGO_SETTINGS_MODULE": "tests.consumers.served",
}
LAYERS = {
    "pub/sub": "channels_redis.pubsub.RedisPubSubChannelLayer",
    "core": "channels_redis.core.RedisChannelLayer",
}


@pytest.fixture(params=["daphne", "uvicorn"])
def start(request: Any, start_server: Any) -> Callable[..., Any]:
    return lambda **options: start_server(program=request.param, **SERVED, **options)


@asynccontextmanager
async def opened(server: Any, client: Any, **options: Any) -> Any:
    given = {
        "origin": server.url,
        "subprotocols": [PROTOCOL],
        "additional_headers": {"Cookie": cookie(client)},
        "compression": None,
        **options,
    }
    async with connect(server.ws_url, **given) as socket:
        yield socket


async def hear(socket: ClientConnection, op: str, seconds: float = 10) -> dict[str, Any]:
    async with asyncio.timeout(seconds):
        frame: dict[str, Any] = json.loads(await socket.recv())
    assert frame["op"] == op, frame
    return frame


async def join(socket: ClientConnection, *topics: list[Any]) -> None:
    await hear(socket, "hello")
    await socket.send(json.dumps({"op": "sub", "topics": topics}))


def resident(server: Any) -> int:
    """The memory of the server process in bytes, as the kernel counts it."""
    with open(f"/proc/{server.process.pid}/statm") as counts:
        return int(counts.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.parametrize("compression", [None, "deflate"])
async def test_a_change_by_another_process_arrives(start, acme, ann, compression):
    server, client = await db(start), await db(signed_in, ann)
    async with opened(server, client, compression=compression) as socket:
        assert socket.subprotocol == PROTOCOL
        await join(socket, boards.joining(ann, acme))
        assert (await hear(socket, "snap"))["v"] == live.FIRST_VERSION

        version = await db(boards.rename, acme, "Größe 漢字", 70_000)

        snap = await hear(socket, "snap")
        assert snap["v"] == version
        assert "Größe 漢字" in snap["html"]


async def test_a_wrong_origin_or_protocol_is_answered_with_403(start, ann):
    server, client = await db(start), await db(signed_in, ann)
    for wrong in ({"origin": "http://evil.example"}, {"origin": None}, {"subprotocols": None}):
        with pytest.raises(InvalidStatus) as refused:
            async with opened(server, client, **wrong):
                pass
        assert refused.value.response.status_code == 403


async def test_close_codes_reach_the_browser(start, ann):
    server, client = await db(start), await db(signed_in, ann)
    async with opened(server, client) as socket:
        await hear(socket, "hello")
        await socket.send("{")
        await hear(socket, "bye")
        with pytest.raises(ConnectionClosed) as closed:
            await socket.recv()
        assert closed.value.rcvd and closed.value.rcvd.code == 4400


async def test_the_newest_state_is_there_after_a_crash(start, acme, ann):
    server, client = await db(start), await db(signed_in, ann)
    async with opened(server, client) as socket:
        await join(socket, boards.joining(ann, acme))
        held = (await hear(socket, "snap"))["v"]
        server.kill()
        with pytest.raises(ConnectionClosed):
            await hear(socket, "snap")

    version = await db(boards.rename, acme, "While it was down")
    await db(server.start)

    async with opened(server, client) as socket:
        await join(socket, boards.joining(ann, acme, held))
        assert (await hear(socket, "snap"))["v"] == version


async def test_a_stalled_browser_grows_no_memory_and_ends_at_the_newest(start, acme, ann):
    server = await db(start, PORTAL='{"SWEEP": 0.05}')
    client = await db(signed_in, ann)
    async with (
        opened(server, client) as reader,
        opened(server, client, max_queue=1, ping_interval=None) as stalled,
    ):
        for socket in (reader, stalled):
            await join(socket, boards.joining(ann, acme))
            await hear(socket, "snap")
        before = resident(server)
        for n in range(80):
            newest = await db(boards.rename, acme, f"Acme {n}", 500_000)
            while (await hear(reader, "snap"))["v"] < newest:
                pass
        grown = resident(server) - before

        heard = [0]
        while heard[-1] < newest:
            heard.append((await hear(stalled, "snap"))["v"])

    assert grown < 20_000_000, f"{grown:,} bytes"
    assert heard == sorted(set(heard))
    # Forty megabytes were said; what was not read in time was never sent.
    assert len(heard) < 60


@pytest.fixture(params=LAYERS.keys())
def redis_layer(request: Any, redis_url: str, settings: Any) -> Any:
    """This process and the server share a layer; sweeps come too late to be what helps."""
    backend = LAYERS[request.param]
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": backend, "CONFIG": {"hosts": [redis_url]}}}
    yield {"LAYER": backend, "REDIS_URL": redis_url, "PORTAL": '{"SWEEP": 60, "RIGHTS_SWEEP": 60}'}
    assert hints._publisher is not None
    hints._publisher.flush(2)
    channel_layers.backends.clear()


async def test_a_hint_through_redis_arrives_at_once(start, redis_layer, acme, ann):
    server, client = await db(start, **redis_layer), await db(signed_in, ann)
    async with opened(server, client) as socket:
        await join(socket, boards.joining(ann, acme))
        await hear(socket, "snap")
        # The hub joins the group while the socket is being let in: hints before that are lost.
        for n in range(20):
            version = await db(boards.rename, acme, f"First {n}")
            with suppress(TimeoutError):
                await hear(socket, "snap", 1)
                break
        for n in range(5):
            version = await db(boards.rename, acme, f"Acme {n}")
            while (await hear(socket, "snap"))["v"] < version:
                pass


async def test_a_layer_that_is_away_costs_a_sweep_and_no_request(acme, ann, peer, settings, quick):
    settings.CHANNEL_LAYERS = {
        "default": {"BACKEND": LAYERS["pub/sub"], "CONFIG": {"hosts": ["redis://127.0.0.1:1/0"]}}
    }
    socket = await peer(ann)
    await socket.sub(boards.joining(ann, acme))
    await socket.hear("snap")

    version = await db(boards.rename, acme, "Without Redis")

    assert (await socket.hear("snap"))["v"] == version
    channel_layers.backends.clear()
