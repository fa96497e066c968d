"""The hub: one per event loop, for all its sockets.

A hint, a subscription, a resume and the periodic sweep all do one thing: they mark a topic. The
hub takes all marked topics, asks their versions in one query, renders what changed once per
variant, encodes it once and offers the same text to every socket. Sockets are registered before
anything is read, and versions are read before the state; so nothing is missed, and versions, not
arrival, decide what is newer.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from oms_portal import live
from oms_portal.conf import settings
from oms_portal.fragments.tickets import spec_of
from oms_portal.words import book as words

from .frames import SIGNED_OUT, TOO_SLOW, Join, encode
from .hints import overhear
from .outbox import Send
from .people import Person, standing
from .pool import Pool
from .reception import Reception
from .sockets import Socket
from .variants import Subscription, Variant, judge, render


logger = logging.getLogger("oms_portal.live")

# Seconds: from one look at the versions to the next, after a look that failed, and between two times that
# every right is asked anew, also those of people for whom nothing seems to have changed.
PAUSE = 0.005
RETRY = 1.0
FULL_CHECK = 60.0
SOON = 0.3
# So many sockets are served before the event loop gets a turn.
SLICE = 500
# So many topics grow in one transaction.
CHUNK = 500


@dataclass(frozen=True)
class Stock:
    """Versions, and the people of the sessions asked for: None where one no longer stands."""

    versions: Mapping[str, int]
    people: Mapping[str, Person | None]


def take_stock(
    topics: Collection[str],
    joining: Collection[str],
    everybody: Collection[str],
    rights: int | None,
) -> Stock:
    """Versions first, people second. ``everybody`` is looked at where rights moved since."""
    versions = live.versions({*topics, live.RIGHTS, words.TOPIC})
    words.heed(versions[words.TOPIC])
    asked = everybody if versions[live.RIGHTS] != rights else joining
    found = standing(asked) if asked else {}
    return Stock(versions, {key: found.get(key) for key in asked})


def renew(topics: Collection[str]) -> None:
    """Have these topics shown anew, everywhere: the words that tell of them were edited."""
    keys = sorted(topics)
    for start in range(0, len(keys), CHUNK):
        live.changed(*keys[start : start + CHUNK])


class Hub:
    """Runs from the first socket of its event loop to the last (``hub_of_loop``, ``disconnect``)."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.sockets: set[Socket] = set()
        self.sessions: dict[str, set[Socket]] = {}
        self.people: dict[int, set[Socket]] = {}
        self.variants: dict[str, Variant] = {}
        self.topics: dict[str, set[Variant]] = {}
        self._marked: set[str] = set()
        self._joining: list[Subscription] = []
        # The version of live.RIGHTS by which everybody was last looked at; 0: nobody was.
        self._rights = 0
        # The version of the words that what was shown here is told in; 0: nothing was.
        self._words = 0
        self._check_due = True
        # Grows whenever rights moved: a judgement made meanwhile does not count.
        self._doubts = 0
        self._sweep_at = self._check_at = self._full_check_at = 0.0
        self._wake = asyncio.Event()
        self._failing = False
        self.reception = Reception()
        self._database = Pool(2, "oms-hub")
        self._tasks: set[asyncio.Task[Any]] = set()

    # Sockets

    def start(self) -> None:
        live.listen(self._hint)
        self._runs = [
            self.loop.create_task(self._run()),
            self.loop.create_task(overhear(self.mark)),
        ]

    def stop(self) -> None:
        live.unlisten(self._hint)
        for task in self._runs:
            task.cancel()
        self._database.close()
        self.reception.close()

    def connect(self, send: Send) -> Socket:
        socket = Socket(send, self.loop, lambda slow: self.end(slow, TOO_SLOW, "too slow"))
        self.sockets.add(socket)
        return socket

    def disconnect(self, socket: Socket) -> None:
        """The socket is closed; the last one takes the hub with it."""
        self.leave(socket)
        self.sockets.discard(socket)
        if not self.sockets:
            _hubs.pop(self.loop, None)
            self.stop()

    def admit(self, socket: Socket, person: Person) -> bool:
        """Let a signed-in person in; False where they have too many sockets at this process."""
        theirs = self.people.setdefault(person.user_id, set())
        if len(theirs) >= settings().SOCKETS_PER_PERSON:
            return False
        theirs.add(socket)
        self.sessions.setdefault(person.session_key, set()).add(socket)
        socket.person = person
        socket.outbox.offer("hello", encode("hello", as_of=timezone.now().isoformat()))
        return True

    def leave(self, socket: Socket) -> None:
        """Forget a socket and everything it watched."""
        socket.outbox.close()
        self.unsubscribe(socket, tuple(socket.names))
        if socket.person is not None:
            _drop(self.sessions, socket.person.session_key, socket)
            _drop(self.people, socket.person.user_id, socket)
            socket.person = None

    def end(self, socket: Socket, code: int, why: str) -> None:
        """Close a socket from our side; its consumer sees the disconnect and goes."""
        self.leave(socket)
        self.spawn(socket.close(code, why))

    def spawn(self, coroutine: Any) -> asyncio.Task[Any]:
        task = self.loop.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    # Topics

    def subscribe(self, socket: Socket, join: Join) -> None:
        """Register the interest first; the answer comes once versions and rights were read."""
        person = socket.person
        if person is None:
            return
        spec = spec_of(join.ticket, join.name, person.user_id)
        if spec is None:
            socket.outbox.offer(join.name, encode("deny", topic=join.name))
            return
        variant = self.variants.get(join.name)
        if variant is None:
            variant = self.variants[join.name] = Variant(spec, join.name)
            self.topics.setdefault(spec.topic, set()).add(variant)
        before = variant.subscriptions.get(socket)
        held = join.version
        if before is not None:
            before.known, held = False, max(held, before.sent)
        sub = variant.subscriptions[socket] = Subscription(socket, held)
        socket.names.add(join.name)
        self._joining.append(sub)
        self.mark([spec.topic])

    def unsubscribe(self, socket: Socket, names: Iterable[str]) -> None:
        for name in names:
            socket.names.discard(name)
            variant = self.variants.get(name)
            sub = variant.subscriptions.pop(socket, None) if variant else None
            if variant is None or sub is None:
                continue
            sub.known = sub.cleared = False
            if not variant.subscriptions:
                del self.variants[name]
                _drop(self.topics, variant.spec.topic, variant)

    def mark(self, keys: Iterable[str]) -> None:
        """Have these topics looked at; those that nobody here watches are no matter."""
        wanted = [key for key in keys if key in self.topics or key == live.RIGHTS]
        if wanted:
            self._marked.update(wanted)
            self._wake.set()

    def _hint(self, keys: frozenset[str]) -> None:
        """A change was committed in this process, in any thread."""
        if any(key in self.topics or key == live.RIGHTS for key in keys):
            with suppress(RuntimeError):
                self.loop.call_soon_threadsafe(self.mark, keys)

    # The loop

    async def _run(self) -> None:
        while True:
            await self._something_to_do()
            next_look = self.loop.time() + PAUSE
            marked, self._marked = self._marked, set()
            joining, self._joining = self._joining, []
            try:
                await self._look(marked, joining)
                self._failing = False
            except Exception:
                logger.warning("No versions for now; trying on", exc_info=not self._failing)
                self._failing = True
                self._marked |= marked
                self._joining += joining
                self._wake.set()
                await asyncio.sleep(RETRY)
            await asyncio.sleep(next_look - self.loop.time())

    async def _something_to_do(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout_at(min(self._sweep_at, self._check_at)):
                await self._wake.wait()
        self._wake.clear()
        now = self.loop.time()
        if now >= self._sweep_at:
            self._sweep_at = now + settings().SWEEP
            self._marked.update(self.topics)
        if now >= self._check_at:
            self._check_at = now + settings().RIGHTS_SWEEP
            self._check_due = True

    async def _look(self, marked: set[str], joining: list[Subscription]) -> None:
        rights = None if self._check_due else self._rights
        arriving = {sub.socket.person.session_key for sub in joining if sub.socket.person}
        stock = await self._database.run(take_stock, marked, arriving, set(self.sessions), rights)
        self._check_due = False
        for key, person in stock.people.items():
            self._recognise(key, person)
        self._reconsider(stock.versions[live.RIGHTS])
        await self._reword(stock.versions[words.TOPIC])
        for sub in joining:
            sub.known = sub.socket.person is not None
        for topic in marked:
            for variant in self.topics.get(topic, ()):
                variant.wanted = max(variant.wanted, stock.versions[topic])
                self._tend(variant)

    def _recognise(self, session_key: str, person: Person | None) -> None:
        for socket in tuple(self.sessions.get(session_key, ())):
            if person is None or socket.person is None or person.user_id != socket.person.user_id:
                self.end(socket, SIGNED_OUT, "signed out")
            elif person.actor != socket.person.actor:
                socket.person = person
                for name in socket.names:
                    variant = self.variants[name]
                    variant.subscriptions[socket].cleared = False
                    self._tend(variant)

    def _reconsider(self, rights: int) -> None:
        """Doubt every right, before private texts go out, where rights moved or a minute passed."""
        now = self.loop.time()
        if rights == self._rights and now < self._full_check_at:
            return
        # Django tells of a sign-out before the session is deleted: look once more, and soon.
        self._check_at = min(self._check_at, now + SOON)
        self._rights = rights
        self._full_check_at = now + FULL_CHECK
        self._doubts += 1
        for variant in self.variants.values():
            variant.doubt()
            self._tend(variant)

    async def _reword(self, version: int) -> None:
        before, self._words = self._words, version
        if before not in (0, version):
            await self._database.run(renew, set(self.topics))

    # Variants

    def _tend(self, variant: Variant) -> None:
        if variant.task is None and variant.unsettled:
            variant.task = self.spawn(self._settle(variant))

    async def _settle(self, variant: Variant) -> None:
        """Bring everybody who watches the variant to its newest version. What fails is tried again
        by the next sweep, and harms no other variant."""
        try:
            while variant.unsettled:
                await self._render(variant)
                await self._check(variant)
                await self._deliver(variant)
        except Exception:
            logger.exception("Could not show %s", variant.spec)
        finally:
            variant.task = None

    async def _render(self, variant: Variant) -> None:
        if not variant.outdated:
            return
        version, as_of = variant.wanted, timezone.now()
        rendered = await self._database.run(render, variant.spec, version)
        if rendered is not None:
            variant.hold(version, rendered, as_of)
            return
        for sub in tuple(variant.subscriptions.values()):
            self._withdraw(variant, sub)

    async def _check(self, variant: Variant) -> None:
        suspects = variant.suspects
        actors = {sub.socket.person.actor for sub in suspects if sub.socket.person}
        if not actors:
            return
        doubts = self._doubts
        verdicts = await self._database.run(judge, variant.spec, actors)
        for sub in suspects:
            # Whoever left, or is somebody else to the rules by now, is not in the verdicts.
            verdict = verdicts.get(sub.socket.person.actor) if sub.socket.person else None
            if verdict is False:
                self._withdraw(variant, sub)
            elif verdict and doubts == self._doubts:
                sub.cleared = sub.known

    async def _deliver(self, variant: Variant) -> None:
        frame = variant.frame
        for count, sub in enumerate(tuple(variant.subscriptions.values()), 1):
            if not (sub.cleared and sub.known):
                continue
            if frame is not None and sub.sent < variant.version:
                sub.sent, sub.answered = variant.version, True
                sub.socket.outbox.offer(variant.name, frame)
            elif not sub.answered:
                sub.answered = True
                same = encode("same", topic=variant.name, v=sub.sent)
                sub.socket.outbox.offer(variant.name, same)
            if count % SLICE == 0:
                await asyncio.sleep(0)

    def _withdraw(self, variant: Variant, sub: Subscription) -> None:
        op = "gone" if sub.answered else "deny"
        if variant.subscriptions.get(sub.socket) is sub:
            self.unsubscribe(sub.socket, [variant.name])
            sub.socket.outbox.offer(variant.name, encode(op, topic=variant.name))


def _drop(index: dict[Any, set[Any]], key: Any, member: Any) -> None:
    members = index.get(key, set())
    members.discard(member)
    if not members:
        index.pop(key, None)


_hubs: dict[asyncio.AbstractEventLoop, Hub] = {}


def hub_of_loop() -> Hub:
    """The running hub of this event loop, started where there is none yet."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub(loop)
        _hubs[loop].start()
    return _hubs[loop]
