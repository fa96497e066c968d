"""Thirty seconds of kills, rollbacks, lost hints and withdrawn rights; then: who shows what?

Stale: a screen that does not end at the last committed state within 10 s. Backward: older shown
after newer. Leaked: shown more than 5 s after the right was withdrawn.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import threading
import time
from contextlib import suppress
from importlib import import_module
from typing import Any

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from .live_stage import daphne, free_port, redis, say, signed_in_cookie


BROWSERS = 60
COMPANIES = 6
PEOPLE = 12
SECONDS = 30.0
REACHABLE_WITHIN = 10.0
WITHDRAWN_WITHIN = 5.0
LOST_HINTS = 0.3


class Browser:
    """One page with every company's name that its person may see, and a memory of its own."""

    def __init__(
        self, url: str, origin: str, cookie: str, joins: dict[str, tuple[int, str]]
    ) -> None:
        self.url, self.origin, self.cookie = url, origin, cookie
        self.joins = joins
        self.held = dict.fromkeys(joins, 0)
        self.html = dict.fromkeys(joins, "")
        self.withdrawn: dict[str, float] = {}
        self.backward = self.leaked = 0

    async def live(self) -> None:
        while True:
            with suppress(OSError, WebSocketException, TimeoutError):
                await self._session()
            await asyncio.sleep(random.uniform(0.2, 1))

    async def _session(self) -> None:
        headers = {"Cookie": self.cookie}
        async with connect(
            self.url,
            origin=self.origin,
            subprotocols=["oms.live.v1"],
            additional_headers=headers,
            compression=None,
        ) as socket:
            topics = [[name, ticket, self.held[name]] for name, (_, ticket) in self.joins.items()]
            await socket.send(json.dumps({"op": "sub", "topics": topics}))
            async for text in socket:
                self._hear(json.loads(text))

    def _hear(self, frame: dict[str, Any]) -> None:
        name = frame.get("topic", "")
        if frame["op"] in ("gone", "deny"):
            self.html[name] = ""
        elif frame["op"] == "snap":
            self.backward += frame["v"] <= self.held[name]
            withdrawn = self.withdrawn.get(name)
            self.leaked += withdrawn is not None and time.monotonic() - withdrawn > WITHDRAWN_WITHIN
            self.held[name], self.html[name] = frame["v"], frame["html"]


class World:
    """The committed truth, and a writer that changes it, now and then in vain."""

    def __init__(self) -> None:
        import django

        django.setup()
        from django.contrib.auth import get_user_model
        from django.core.management import call_command

        from oms_portal.customers.models import Company, Membership

        # It registers the fragments.
        import_module("benchmarks.peers.live_app")

        call_command("migrate", run_syncdb=True, verbosity=0)
        self.companies = [
            Company.objects.create(ref=f"C{n}", name=f"C{n} #0.", told=True)
            for n in range(COMPANIES)
        ]
        self.truth = {company.pk: company.name for company in self.companies}
        users = get_user_model().objects
        self.people = [users.create_user(f"p{n}", f"p{n}@example.com") for n in range(PEOPLE)]
        for person in self.people:
            for company in self.companies:
                Membership.objects.create(user=person, company=company, role="viewer")
        self.stopped = threading.Event()

    def browser(self, number: int, port: int) -> Browser:
        from oms_portal.fragments.base import Spec
        from oms_portal.fragments.tickets import ticket

        person = self.people[number % PEOPLE]
        joins = {}
        for company in self.companies:
            spec = Spec("name", f"name:{company.pk}", (("company", str(company.pk)),), "en")
            joins[spec.name] = (company.pk, ticket(spec, person.pk))
        origin = f"http://127.0.0.1:{port}"
        url = f"ws://127.0.0.1:{port}/ws/portal/"
        return Browser(url, origin, signed_in_cookie(person), joins)

    def write(self) -> None:
        from django.db import transaction

        from oms_portal import live
        from oms_portal.customers.models import Company

        number = 0
        while not self.stopped.wait(0.03):
            number += 1
            company = random.choice(self.companies)
            name = f"{company.ref} #{number}."
            with suppress(InterruptedError), transaction.atomic():
                Company.objects.filter(pk=company.pk).update(name=name)
                live.changed(f"name:{company.pk}")
                if random.random() < 0.2:
                    raise InterruptedError
                self.truth[company.pk] = name

    def withdraw(self, person: int, company: int) -> None:
        from oms_portal.customers.models import Membership

        Membership.objects.get(user=self.people[person], company=self.companies[company]).delete()


def _lose_hints() -> None:
    from oms_portal import live
    from oms_portal.consumers import hints

    live.unlisten(hints.publish)
    live.listen(lambda keys: hints.publish(keys) if random.random() > LOST_HINTS else None)


async def _run(world: World, browsers: list[Browser], web: Any, store: Any) -> None:
    tasks = [asyncio.create_task(browser.live()) for browser in browsers]
    writer = threading.Thread(target=world.write)
    writer.start()
    step = SECONDS / 10
    for number in range(10):
        await asyncio.sleep(step)
        if number in (1, 4, 7):
            store.kill()
            await asyncio.sleep(1)
            await asyncio.to_thread(store.start)
        if number in (2, 6):
            web.kill()
            await asyncio.to_thread(web.start)
        if number in (3, 5):
            await asyncio.to_thread(world.withdraw, number, number % COMPANIES)
            for browser in browsers[number::PEOPLE]:
                names = [
                    n for n, (pk, _) in browser.joins.items() if pk == world.companies[number].pk
                ]
                browser.withdrawn |= dict.fromkeys(names, time.monotonic())
    world.stopped.set()
    writer.join()
    end = time.monotonic() + REACHABLE_WITHIN
    while time.monotonic() < end and _stale(world, browsers):
        await asyncio.sleep(0.2)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _stale(world: World, browsers: list[Browser]) -> int:
    return sum(
        any(
            world.truth[pk] not in browser.html[name]
            for name, (pk, _) in browser.joins.items()
            if name not in browser.withdrawn
        )
        for browser in browsers
    )


def main() -> None:
    store_port, web_port = free_port(), free_port()
    os.environ["REDIS_URL"] = f"redis://127.0.0.1:{store_port}/0"
    world = World()
    _lose_hints()
    browsers = [world.browser(number, web_port) for number in range(BROWSERS)]
    with redis(store_port) as store, daphne(web_port) as web:
        asyncio.run(_run(world, browsers, web, store))
    kept = sum(bool(b.html[name]) for b in browsers for name in b.withdrawn)
    counts = {
        "stale": _stale(world, browsers),
        "backward": sum(browser.backward for browser in browsers),
        "leaked": kept + sum(browser.leaked for browser in browsers),
    }
    for what, count in counts.items():
        say(
            name=f"live: {what} of {BROWSERS} browsers after {SECONDS:g} s of chaos",
            ours=count,
            reference=BROWSERS,
            at_most=0,
        )


if __name__ == "__main__":
    main()
