"""How it treats the commands that come: as an ERP should, or as one does on its bad days."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from .store import Store


# Each manner and its button. Those of the first row still carry the command out.
MODES = {
    "fine": "Behave",
    "slow": "Answer slowly",
    "hang": "Hang",
    "lose_answer": "Lose the answer",
    "drop_line": "Drop a line of the order",
    "accept_only": "Accept, say no more",
    "counter": "Offer something else",
    "refuse": "Refuse (422)",
    "fail": "Fail (500)",
    "busy": "Be busy (503)",
    "unauthorised": "Let nobody in (401)",
    "html": "Answer a web page (200)",
    "nothing": "Close the connection",
    "away": "Be away",
}
# Seconds where the wish names none; how long it is away is for ever then.
SECONDS = {"slow": 3.0, "hang": 25.0, "busy": 2.0}
OFFERS = ("date", "place")


@dataclass(frozen=True)
class Manner:
    """``left``: for how many commands yet, 0 for all to come. ``until`` ends it by the clock.

    ``seconds`` is how long it waits (slow, hang), asks to be left alone (busy), or takes to carry
    out what it only accepted, then with the outcome ``then``; 0: never. ``offer`` is what it counters
    with, ``code`` what it refuses with.
    """

    mode: str = "fine"
    seconds: float = 0
    left: int = 0
    until: float = 0
    offer: str = "date"
    code: str = "NOT_NOW"
    then: str = "applied"


class Manners:
    """Kept in the store: who is rude stays so over a restart. An order may have a manner of its own."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.time) -> None:
        self.store, self.clock = store, clock

    def all(self) -> dict[str, Manner]:
        """By order, "" for all others; what is over by the clock is left out."""
        kept = json.loads(self.store.fact("manners", "{}"))
        manners = {order: Manner(**values) for order, values in kept.items()}
        return {
            order: manner
            for order, manner in manners.items()
            if not manner.until or manner.until > self.clock()
        }

    def of(self, order: str) -> Manner:
        manners = self.all()
        return manners.get(order) or manners.get("", Manner())

    def take(self, order: str) -> Manner:
        """The manner for one command, which is counted."""
        with self.store.transaction():
            manners = self.all()
            about = order if order in manners else ""
            manner = manners.get(about, Manner())
            if manner.left == 1:
                del manners[about]
            elif manner.left:
                manners[about] = replace(manner, left=manner.left - 1)
            self._keep(manners)
        return manner

    def behave(self, wish: Mapping[str, Any]) -> str:
        """``mode``; as wanted ``count``, ``seconds``, ``offer``, ``code``, ``then``, and ``about``, the
        order it is for. KeyError says what there is not; gives what it is from now on."""
        mode, about = str(wish["mode"]), str(wish.get("about") or "")
        seconds = float(wish.get("seconds") or SECONDS.get(mode, 0))
        offer = str(wish.get("offer") or "date")
        if mode not in MODES or offer not in OFFERS:
            raise KeyError(f"there is no manner {mode} {offer}")
        manner = Manner(
            mode,
            seconds,
            left=max(0, int(wish.get("count") or 0)),
            until=self.clock() + seconds if mode == "away" and seconds else 0,
            offer=offer,
            code=str(wish.get("code") or "NOT_NOW"),
            then=str(wish.get("then") or "applied"),
        )
        with self.store.transaction():
            manners = {} if mode == "fine" and not about else self.all()
            self._keep({**manners, about: manner})
        return f"{MODES[mode].lower()}{f', {manner.left} times' if manner.left else ''}"

    def _keep(self, manners: Mapping[str, Manner]) -> None:
        kept = {about: asdict(manner) for about, manner in manners.items()}
        self.store.state("manners", json.dumps(kept))
