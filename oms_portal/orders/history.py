"""The history of an order as a fold over what its events said. Pure.

``step`` goes from one event to the next; ``fold`` goes through all of them by rank. Events that
come in order are stepped, one that comes late makes all be folded anew, and both end alike.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .facts import (
    Fact,
    correction,
    header_facts,
    line_facts,
    moved_by_shipments,
    promise_facts,
    shipment_facts,
)
from .ledger import Move, moves
from .snapshots import Snapshot
from .threads import follow


State = dict[str, Any]


@dataclass(frozen=True)
class Step:
    """What one event adds. ``state`` is plain JSON: {last, threads, gone, promises, corrected}.

    With ``anew`` the order went to another company, which must not read what was before: all
    earlier facts and promises are dropped.
    """

    state: State
    facts: tuple[Fact, ...]
    promises: tuple[Move, ...]
    anew: bool = False


def step(state: State, snapshot: Snapshot) -> Step:
    """The state after a snapshot, and the facts and promises that are new with it."""
    last: Snapshot | None = state.get("last")
    if last is not None and last["customer"] != snapshot["customer"]:
        return _handed_over(snapshot)
    threads = follow(
        state.get("threads", {}),
        state.get("gone", []),
        last["shipments"] if last else [],
        snapshot["shipments"],
    )
    taken_back = correction(last, snapshot, threads)
    promises, moved = moves(state.get("promises", {}), snapshot, corrected=taken_back is not None)
    facts = [
        *header_facts(last, snapshot),
        *line_facts(last, snapshot, moved_by_shipments(threads, snapshot)),
        *shipment_facts(threads, snapshot),
        *promise_facts(moved),
        *([taken_back] if taken_back else []),
    ]
    after = {
        "last": snapshot,
        "threads": threads.of,
        "gone": threads.gone,
        "promises": promises,
        "corrected": state.get("corrected", False) or taken_back is not None,
    }
    return Step(after, tuple(facts), tuple(moved))


def _handed_over(snapshot: Snapshot) -> Step:
    first = step({}, snapshot)
    return Step(
        {**first.state, "corrected": True},
        (*first.facts, Fact("correction", {"what": {"company_changed": []}})),
        first.promises,
        anew=True,
    )


def fold(snapshots: Iterable[Snapshot]) -> list[Step]:
    """The steps of a whole history, from the last time the order changed hands."""
    steps: list[Step] = []
    state: State = {}
    for snapshot in snapshots:
        taken = step(state, snapshot)
        state = taken.state
        if taken.anew:
            steps = [Step({}, (), ())] * len(steps)
        steps.append(taken)
    return steps
