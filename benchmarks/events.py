"""Events in: batches beside a bare loop that writes the same rows, a post beside a bare view.

The bare loop knows which rows each event leaves behind and writes them with Django, one
transaction per event: no signature, no JSON, no checks, no idea of what is newer. The bare view
is a django-ninja operation that verifies the signature and stores the body. All take turns in one
process, through Django's test client where HTTP is meant.
"""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from .engines import ENGINES, Missing, database
from .figures import Figure, Skipped
from .meter import Peer


ROUNDS = 7


def figures() -> Iterator[Figure | Skipped]:
    for engine in ENGINES:
        try:
            yield from _on(engine)
        except Missing as reason:
            yield Skipped(f"events, {engine}", str(reason))


def _on(engine: str) -> Iterator[Figure]:
    with database(engine) as url, Peer("events", DATABASE_URL=url) as peer:
        names = ("batches", "bare loop", "post", "bare view")
        taken: dict[str, list[float]] = {name: [] for name in names}
        for _ in range(ROUNDS):
            for name in names:
                taken[name].append(peer.ask(name))
    mid = {name: median(values) for name, values in taken.items()}
    name = f"events in batches of 100, {engine}, beside a bare loop"
    yield Figure(name, mid["batches"], mid["bare loop"], "events/s", at_least=0.5)
    name = f"a single event, {engine}, CPU beside a bare view"
    yield Figure(name, mid["post"], mid["bare view"], "ms")
