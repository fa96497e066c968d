"""The queues of the returns desk with 10,000 returns open, beside 400, and beside a plain listing.

All pages are asked for by a signed-in member of the desk through Django's test client, whole stack.
The plain listing is what one would write by hand: Wagtail's own IndexView over the same rows, its
own columns, no counts, no due times, nobody at it. The two sizes lie in databases of their own;
all take turns. CPU is that of the process that answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from .engines import ENGINES, Missing, database
from .figures import Figure, Skipped
from .meter import Peer


NAME = "returns desk"
ROUNDS = 9
# The fewest that fill the page of each queue: both draw as many rows.
FEW, MANY = 400, 10_000


def figures() -> Iterator[Figure | Skipped]:
    for engine in ENGINES:
        try:
            yield from _on(engine)
        except Missing as reason:
            yield Skipped(f"{NAME}, {engine}", str(reason))


def _on(engine: str) -> Iterator[Figure]:
    with (
        database(engine) as few_url,
        database(engine) as many_url,
        Peer("return_queues", DATABASE_URL=few_url, RETURNS=f"{FEW}") as few,
        Peer("return_queues", DATABASE_URL=many_url, RETURNS=f"{MANY}") as many,
    ):
        pages = many.ask("pages")
        told = {page: many.ask(f"queries {page}") for page in pages}
        taken: dict[tuple[str, str], list[float]] = {}
        for _ in range(ROUNDS):
            for page in pages:
                for size, peer in (("few", few), ("many", many)):
                    taken.setdefault((page, size), []).append(peer.ask(page))
    cpu = {key: median(values) for key, values in taken.items()}
    plain = cpu["plain", "many"]
    for page in pages:
        name = f"{NAME} {page}, {engine}, CPU at {MANY:,} beside {FEW}"
        yield Figure(name, cpu[page, "many"], cpu[page, "few"], "ms", at_most=GOALS.get(page))
    for page in ("approve", "all", "unchanged"):
        name = f"{NAME} {page}, {engine}, CPU beside a plain listing"
        yield Figure(name, cpu[page, "many"], plain, "ms", at_most=BESIDE[page])
    name = f"{NAME} approve, {engine}, queries beside a plain listing"
    yield Figure(name, told["approve"], told["plain"], "queries", at_most=2.0)


# By page; what no goal is set for is only told.
GOALS = {"approve": 1.2, "all": 1.5, "inspect": 1.5, "overdue": 1.5, "unchanged": 1.2}
BESIDE = {"approve": 2.0, "all": 2.0, "unchanged": 0.5}
