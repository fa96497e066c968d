"""A scan at the returns desk beside a bare Django view with the same queries, 100 and 10,000 open
returns.

Both stand behind the admin's door and are asked through Django's test client, whole stack, in one
process and in turn: a parcel, an article of it, a serial number of it, one return after the other.
The bare view makes the very same queries and no more: it reads no bar code, chooses nothing, knows
no second scan, words no answer. Each figure is the 95th percentile, the median of several runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from statistics import median

from .engines import ENGINES, Missing, database
from .figures import Figure, Skipped
from .meter import Peer


NAME = "a scan, p95"
SIZES = (100, 10_000)
RUNS = 7
GOAL, FLAT = 2.0, 1.5


def figures() -> Iterator[Figure | Skipped]:
    for engine in ENGINES:
        try:
            yield from _on(engine)
        except Missing as reason:
            yield Skipped(f"{NAME}, {engine}", str(reason))


def _on(engine: str) -> Iterator[Figure]:
    with ExitStack() as stack:
        peers = {
            size: stack.enter_context(
                Peer("scans", DATABASE_URL=stack.enter_context(database(engine)), RETURNS=str(size))
            )
            for size in SIZES
        }
        taken: dict[tuple[str, int], list[float]] = {}
        for _ in range(RUNS):
            for size, peer in peers.items():
                for who in ("ours", "bare"):
                    taken.setdefault((who, size), []).append(peer.ask(who))
        statements = {size: peer.ask("statements") for size, peer in peers.items()}
    p95 = {key: median(values) for key, values in taken.items()}
    for size in SIZES:
        name = f"{NAME}, {size:,} open returns, {engine}"
        yield Figure(name, p95["ours", size], p95["bare", size], "ms", at_most=GOAL)
        yield Figure(f"{name}, statements", statements[size], 6, at_most=1)
    few, many = (p95["ours", size] for size in SIZES)
    yield Figure(f"{NAME}, 10,000 beside 100, {engine}", many, few, "ms", at_most=FLAT)
