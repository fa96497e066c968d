"""Searching 100,000 orders beside the plain list of them; files of 20,000 lines beside 2,000.

Wall time of a request through Django's test client, whole stack, signed in, on the same rows: what
is typed is rare, frequent, everywhere or nowhere, in each of the four sorts. Memory is the highest
that Python held while a file was made.
"""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from .engines import ENGINES, Missing, database
from .figures import Figure, Skipped
from .meter import Peer
from .peers.order_search import SEARCHES, SORTS


ROUNDS = 5
# What is asked of every search but that for what only the oldest orders bear: it is shown.
AT_MOST, UNBOUNDED = 3.0, "the oldest"


def figures() -> Iterator[Figure | Skipped]:
    for engine in ENGINES:
        try:
            yield from _on(engine)
        except Missing as reason:
            yield Skipped(f"search, {engine}", str(reason))


def _on(engine: str) -> Iterator[Figure]:
    asked = [f"{words} {sort}" for words in SEARCHES for sort in SORTS]
    with database(engine) as url, Peer("order_search", DATABASE_URL=url) as peer:
        taken: dict[str, list[float]] = {name: [] for name in ["plain", *asked]}
        for _ in range(ROUNDS):
            for name in taken:
                taken[name].append(peer.ask(name))
        peaks = {
            name: peer.ask(name) for name in ("csv 2000", "csv 20000", "xlsx 2000", "xlsx 20000")
        }
    wall = {name: median(values) for name, values in taken.items()}
    for words in SEARCHES:
        slowest = max(wall[f"{words} {sort}"] for sort in SORTS)
        bound = None if words == UNBOUNDED else AT_MOST
        name = f"search for {words}, {engine}, slowest sort beside the list"
        yield Figure(name, slowest, wall["plain"], "ms", at_most=bound)
    for kind in ("csv", "xlsx"):
        name = f"export {kind}, {engine}, peak memory at 20,000 beside 2,000"
        yield Figure(name, peaks[f"{kind} 20000"], peaks[f"{kind} 2000"], "MiB", at_most=1.3)
