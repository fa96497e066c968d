"""The list of what can happen to a return."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime
from random import Random
from typing import NamedTuple

from example_site.sandbox_erp.lines import Record
from example_site.sandbox_erp.scene import Impossible

from .case import Case


Act = Callable[[Case], str]


class Move(NamedTuple):
    name: str
    label: str
    group: str
    act: Act


MOVES: dict[str, Move] = {}
# As they stand on the page.
GROUPS = ("Office", "Carrier", "Goods in", "Settlement")


def move(label: str, group: str) -> Callable[[Act], Act]:
    """Its name on the wire of the buttons is the function's, with "return_" before it."""

    def register(act: Act) -> Act:
        name = f"return_{act.__name__}"
        MOVES[name] = Move(name, label, group, act)
        return act

    return register


def possible(record: Record, orders: dict[str, Record]) -> list[str]:
    """The names of the moves that can happen to this return, tried out on a copy."""
    found = []
    for name, entry in MOVES.items():
        case = Case(
            deepcopy(record), deepcopy(orders), datetime.now(UTC), {}, Random(0), lambda what: 1
        )
        try:
            entry.act(case)
        except Impossible:
            continue
        found.append(name)
    return found
