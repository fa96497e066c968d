"""The list of what can happen to an order."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import datetime
from random import Random
from typing import NamedTuple

from example_site.sandbox_erp.lines import Record
from example_site.sandbox_erp.scene import Impossible, Scene


class Verb(NamedTuple):
    name: str
    label: str
    group: str
    act: Callable[[Scene], str]


VERBS: dict[str, Verb] = {}
# As they stand on the page.
GROUPS = ("Order", "Shipping", "Carrier")


def verb(label: str, group: str) -> Callable[[Callable[[Scene], str]], Callable[[Scene], str]]:
    def register(act: Callable[[Scene], str]) -> Callable[[Scene], str]:
        VERBS[act.__name__] = Verb(act.__name__, label, group, act)
        return act

    return register


def possible(order: Record) -> list[str]:
    """The names of the verbs that can happen to this order, tried out on a copy."""
    found = []
    for name, entry in VERBS.items():
        scene = Scene(deepcopy(order), datetime.now().astimezone(), Random(0), lambda what: 1)
        try:
            entry.act(scene)
        except Impossible:
            continue
        found.append(name)
    return found
