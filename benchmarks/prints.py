"""A print of 1,000 labels at the desk: how soon it begins to arrive, and what it takes to keep on.

Nobody has printed or proven any of them before. Staff post the numbers of 1,000 parcels through
Django's test client, whole stack; the answer's pieces are taken and dropped, as a download's are.
"""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from .engines import ENGINES, Missing, database
from .figures import Figure, Skipped
from .meter import Peer


NAME = "print of 1,000 unproven labels"
ROUNDS = 5
FEW, MANY = 100, 1000
# In seconds; and in megabytes: what a process that keeps nothing grows by.
SOON, MOST = 1.0, 24.0


def figures() -> Iterator[Figure | Skipped]:
    for engine in ENGINES:
        try:
            yield from _on(engine)
        except Missing as reason:
            yield Skipped(f"{NAME}, {engine}", str(reason))


def _on(engine: str) -> Iterator[Figure]:
    with database(engine) as url, Peer("prints", DATABASE_URL=url) as peer:
        first = median(peer.ask("first byte") for _ in range(ROUNDS))
        few, many = peer.ask(f"whole {FEW}"), peer.ask(f"whole {MANY}")
    yield Figure(f"{NAME}, {engine}, first byte", first, SOON, "s", at_most=1)
    yield Figure(f"{NAME}, {engine}, memory", many["megabytes"], MOST, "MB", at_most=1)
    label, beside = many["seconds"] / MANY * 1000, few["seconds"] / FEW * 1000
    yield Figure(f"{NAME}, {engine}, each beside of 100", label, beside, "ms", at_most=1.5)
