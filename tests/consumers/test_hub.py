"""What a browser hears, from joining to the newest version."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest
from django.db import OperationalError, transaction

from oms_portal import live
from oms_portal.consumers import hub as hubs
from oms_portal.customers.models import Company
from tests import factories

from . import boards
from .peers import db, signed_in


async def test_whoever_holds_nothing_gets_the_whole_fragment(peer, acme, ann):
    socket = await peer(ann)
    await socket.sub(boards.joining(ann, acme))

    snap = await socket.hear("snap")

    assert snap["topic"] == boards.spec_for(acme).name
    assert snap["v"] == live.FIRST_VERSION
    assert '<p data-part="name">Acme</p>' in snap["html"]
    assert snap["as_of"].endswith("+00:00")


async def test_whoever_holds_the_newest_is_told_so_and_nothing_is_rendered(peer, acme, ann):
    version = await db(boards.rename, acme, "Acme 2")
    socket = await peer(ann)
    await socket.sub(boards.joining(ann, acme, version))

    assert await socket.hear("same") == {
        "op": "same",
        "topic": boards.spec_for(acme).name,
        "v": version,
    }
    assert not boards.rendered


async def test_a_committed_change_is_pushed_with_the_sentence_to_announce(peer, acme, ann):
    socket = await peer(ann)
    await socket.sub(boards.joining(ann, acme))
    await socket.hear("snap")

    version = await db(boards.rename, acme, "Acme & Sons")

    snap = await socket.hear("snap")
    assert (snap["v"], snap["say"]) == (version, "Now Acme &amp; Sons")


async def test_a_rolled_back_change_is_never_seen(peer, acme, ann):
    socket = await peer(ann)
    await socket.sub(boards.joining(ann, acme))
    await socket.hear("snap")

    def change_in_vain() -> None:
        with pytest.raises(RuntimeError), transaction.atomic():
            boards.rename(acme, "Never")
            raise RuntimeError

    await db(change_in_vain)
    await socket.silent()


async def test_a_change_is_rendered_once_for_all_sockets(peer, acme, ann):
    sockets = [await peer(ann) for _ in range(5)]
    for socket in sockets:
        await socket.sub(boards.joining(ann, acme))
        await socket.hear("snap")
    boards.rendered.clear()

    await db(boards.rename, acme, "Acme 2")
    snaps = [await socket.hear("snap") for socket in sockets]

    assert boards.rendered == {boards.topic(acme): 1}
    assert len({snap["html"] for snap in snaps}) == 1


async def test_a_lost_hint_costs_one_sweep(peer, acme, ann, quick):
    socket = await peer(ann)
    await socket.sub(boards.joining(ann, acme))
    first = await socket.hear("snap")

    def change_silently() -> None:
        Company.objects.filter(pk=acme.pk).update(name="Acme 2")
        with transaction.atomic():
            live.changed(boards.topic(acme))
            transaction.get_connection().run_on_commit.clear()

    await db(change_silently)

    assert (await socket.hear("snap"))["v"] == first["v"] + 1


async def test_nobody_is_sent_what_they_hold_or_anything_older(peer, acme, ann, quick):
    version = await db(boards.rename, acme, "Acme 2")
    socket = await peer(ann)
    await socket.sub(boards.joining(ann, acme, version))
    await socket.hear("same")

    for held in (0, version - 1):
        await socket.sub(boards.joining(ann, acme, held))
        assert (await socket.hear("same"))["v"] == version
    await socket.silent()


async def test_a_burst_ends_at_the_newest_and_never_goes_back(peer, acme, ann):
    socket = await peer(ann)
    await socket.sub(boards.joining(ann, acme))
    seen = [(await socket.hear("snap"))["v"]]

    def burst() -> int:
        return [boards.rename(acme, f"Acme {n}") for n in range(40)][-1]

    newest = await db(burst)
    while seen[-1] < newest:
        seen.append((await socket.hear("snap"))["v"])

    assert seen == sorted(set(seen))
    await socket.silent()


async def test_a_topic_left_is_not_heard_of_again(peer, acme, ann):
    socket = await peer(ann)
    await socket.sub(boards.joining(ann, acme))
    name = (await socket.hear("snap"))["topic"]

    await socket.say(op="unsub", topics=[name, "0" * 32])
    await socket.say(op="ping")
    await socket.hear("pong")
    await db(boards.rename, acme, "Acme 2")

    await socket.silent()


async def test_one_broken_fragment_harms_no_other_and_heals(peer, acme, ann, quick):
    other = await db(factories.company, "OTHER", name="broken")
    await db(factories.member, ann, other)
    socket = await peer(ann)
    await socket.sub(boards.joining(ann, other), boards.joining(ann, acme))

    assert "Acme" in (await socket.hear("snap"))["html"]
    await db(boards.rename, other, "mended")
    assert "mended" in (await socket.hear("snap"))["html"]


async def test_a_slow_fragment_holds_up_no_other(peer, acme, ann):
    other = await db(factories.company, "OTHER", name="slow")
    await db(factories.member, ann, other)
    socket = await peer(ann)
    await socket.sub(boards.joining(ann, other), boards.joining(ann, acme))

    assert "Acme" in (await socket.hear("snap"))["html"]
    boards.released.set()
    assert "slow" in (await socket.hear("snap"))["html"]


async def test_sockets_stay_while_the_database_is_away(peer, acme, ann, quick, monkeypatch):
    monkeypatch.setattr(hubs, "RETRY", 0.1)
    socket = await peer(ann)
    await socket.sub(boards.joining(ann, acme))
    await socket.hear("snap")
    read = live.versions

    def away(keys: Any) -> dict[str, int]:
        raise OperationalError("the server closed the connection")

    monkeypatch.setattr(live, "versions", away)
    await db(Company.objects.filter(pk=acme.pk).update, name="Meanwhile")
    await db(live.changed, boards.topic(acme))
    await socket.silent()
    await socket.say(op="ping")
    await socket.hear("pong")
    monkeypatch.setattr(live, "versions", read)

    assert "Meanwhile" in (await socket.hear("snap"))["html"]


async def test_a_browser_that_does_not_read_gets_the_newest_only(peer, acme, ann):
    client = await db(signed_in, ann)
    reader, stalled = await peer(client=client), await peer(client=client)
    for socket in (reader, stalled):
        await socket.sub(boards.joining(ann, acme))
        await socket.hear("snap")
    stalled.reads.clear()

    for n in range(10):
        newest = await db(boards.rename, acme, f"Acme {n}")
        assert (await reader.hear("snap"))["v"] == newest
    stalled.reads.set()

    # One text was on its way when the browser stopped reading; the rest was one place in the box.
    heard = [(await stalled.hear("snap"))["v"], (await stalled.hear("snap"))["v"]]
    assert heard[-1] == newest
    await stalled.silent()


async def test_closed_sockets_leave_no_task_and_no_thread(peer, acme, ann):
    # The process's one publisher and the layer's own listener outlive every socket.
    lasting = {*threading.enumerate()}

    def ours() -> set[threading.Thread]:
        return {t for t in threading.enumerate() if t.name.startswith("oms-")} - lasting

    def tasks() -> list[str]:
        return [str(t) for t in asyncio.all_tasks() if "/oms_portal/" in str(t)]

    assert not tasks()
    sockets = [await peer(ann) for _ in range(3)]
    for socket in sockets:
        await socket.sub(boards.joining(ann, acme))
        await socket.hear("snap")
    assert ours()

    for socket in sockets:
        await socket.leave()

    async with asyncio.timeout(20):
        while ours() or tasks():
            await asyncio.sleep(0.01)
    assert not hubs._hubs
    assert not any(getattr(heard, "__self__", None) for heard in live._listeners)
