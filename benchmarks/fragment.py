"""The first fragment on a warm page beside a bare Django view that shows the same rows.

A signed-in customer asks for both through Django's test client, whole stack, in one process and
in turn. The bare view is what one would write by hand for one company: its orders by one query, in
one plain template with Django's own filters. It has no live updates, no rights below the company, no
"tomorrow", and nothing around the rows; ours is measured as customers get it, with search, filters
and saved views, and as a block that leaves these out.
"""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from .engines import ENGINES, Missing, database
from .figures import Figure, Skipped
from .meter import Peer


NAME = "first fragment"
ROUNDS = 15
GOAL = 1.3


def figures() -> Iterator[Figure | Skipped]:
    for engine in ENGINES:
        try:
            yield from _on(engine)
        except Missing as reason:
            yield Skipped(f"{NAME}, {engine}", str(reason))


def _on(engine: str) -> Iterator[Figure]:
    with database(engine) as url, Peer("first_fragment", DATABASE_URL=url) as peer:
        sizes = peer.ask("sizes")
        taken: dict[str, list[float]] = {}
        for _ in range(ROUNDS):
            for name in (f"{who} {size}" for size in sizes for who in ("ours", "rows", "bare")):
                taken.setdefault(name, []).append(peer.ask(name))
    for size in sizes:
        whole, rows, bare = (median(taken[f"{who} {size}"]) for who in ("ours", "rows", "bare"))
        name = f"{NAME}, {size} rows, {engine}, CPU"
        yield Figure(name, whole, bare, "ms", at_most=GOAL)
        yield Figure(f"{name}, rows alone", rows, bare, "ms", at_most=GOAL)
