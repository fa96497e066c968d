"""The sandbox at work: what can be asked of it, its senders, and the pace of its days."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from .commands import Intake
from .erp import Done, Erp
from .placing import CUSTOMERS
from .returns.registry import MOVES
from .scene import Impossible
from .sending import Sender
from .store import Store
from .verbs import VERBS, possible


log = logging.getLogger(__name__)


class Sandbox:
    """``every`` is the seconds between things that happen by themselves; 0: nothing does."""

    def __init__(
        self,
        erp: Erp,
        senders: list[Sender],
        every: float = 0,
        secrets: Mapping[str, str] | None = None,
    ) -> None:
        self.erp, self.senders, self.every = erp, senders, every
        self.store: Store = erp.store
        self.intake = Intake(erp, secrets or {})
        self.lock = threading.RLock()
        self.ended = threading.Event()
        erp.wake = self._wake
        self.others: dict[str, Callable[[Mapping[str, Any]], Done]] = {
            "new_order": self._new_order,
            "change_customer": self._change_customer,
            "late": lambda wish: erp.late(self._something(wish), wish["order"]),
            "twice": lambda wish: erp.twice(self._something(wish), wish["order"]),
            "out_of_order": lambda wish: erp.out_of_order(self._something(wish), wish["order"]),
            "bad": lambda wish: erp.bad(wish["order"]),
            "burst": self._burst,
            "silence": lambda wish: self._be_silent(True),
            "speak": lambda wish: self._be_silent(False),
            "pace": self._pace,
            "behave": self._behave,
            "settle": self._settle,
            "return_pace": self._return_pace,
        }

    @property
    def silent(self) -> bool:
        return any(sender.silent for sender in self.senders)

    @property
    def trouble(self) -> str:
        return "; ".join(sorted({s.trouble for s in self.senders if s.trouble}))

    def start(self) -> None:
        for sender in self.senders:
            sender.start()
        threading.Thread(target=self._live, daemon=True, name="life").start()
        threading.Thread(target=self._catch_up, daemon=True, name="clerk").start()

    def end(self) -> None:
        self.ended.set()
        for sender in self.senders:
            sender.end()

    def do(self, wish: Mapping[str, Any]) -> Done:
        """``verb``, and as the verb needs it ``order``, ``company``, ``count``, ``every``; ``lines``
        of a new order: [[sku, quantity], …]; for ``behave`` see ``Manners``; ``return`` is the
        number of one, and what its verb needs besides is told there (``returns``).

        KeyError and Impossible say why not.
        """
        verb = str(wish["verb"])
        with self.lock:
            if verb in self.others:
                return self.others[verb](wish)
            if verb in MOVES:
                return self.intake.clerk.do(verb, wish)
            if verb not in VERBS:
                raise KeyError(f"there is no verb {verb}")
            return self.erp.do(verb, str(wish["order"]))

    def wait_for(self, events: list[str], seconds: float = 15) -> dict[str, str | None]:
        """The portal's answers to these events, None for those that came too late."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            answers = self.store.answers(events)
            if all(answer is not None for answer in answers.values()):
                return answers
            time.sleep(0.02)
        return self.store.answers(events)

    def _wake(self) -> None:
        for sender in self.senders:
            sender.wake.set()

    def _something(self, wish: Mapping[str, Any]) -> str:
        """The verb asked for, else one that can happen to the order."""
        if asked := wish.get("what"):
            return str(asked)
        can = [v for v in possible(self.erp.order(str(wish["order"]))) if v != "release"]
        if not can:
            raise Impossible("nothing more can happen to this order")
        return self.erp.rng.choice(can)

    def _new_order(self, wish: Mapping[str, Any]) -> Done:
        company = str(wish.get("company") or self.erp.rng.choice(list(CUSTOMERS)))
        return self.erp.place(company, wanted=wish.get("lines") or ())

    def _change_customer(self, wish: Mapping[str, Any]) -> Done:
        company = wish.get("company")
        if not company:
            company = self.erp.order(str(wish["order"]))["customer_ref"]
        return self.erp.change_customer(str(company))

    def _burst(self, wish: Mapping[str, Any]) -> Done:
        done = self.erp.burst(min(500, int(wish.get("count") or 50)))
        return Done("", f"{len(done)} things happened", [e for d in done for e in d.events])

    def _be_silent(self, silent: bool) -> Done:
        for sender in self.senders:
            sender.silent = silent
        self._wake()
        return Done("", "silent now" if silent else "speaking again", [])

    def _pace(self, wish: Mapping[str, Any]) -> Done:
        self.every = max(0.0, float(wish.get("every") or 0))
        said = f"something happens every {self.every:g} s" if self.every else "nothing by itself"
        return Done("", said, [])

    def _return_pace(self, wish: Mapping[str, Any]) -> Done:
        pace = self.intake.office.pace = max(0.0, float(wish.get("seconds") or 0))
        said = f"after {pace:g} s" if pace else "when somebody presses the button"
        return Done("", f"returns are approved {said}", [])

    def _behave(self, wish: Mapping[str, Any]) -> Done:
        return Done("", f"commands: {self.intake.manners.behave(wish)}", [])

    def _settle(self, wish: Mapping[str, Any]) -> Done:
        return Done("", f"{self.intake.settle_due(everything=True)} carried out", [])

    def _catch_up(self) -> None:
        while not self.ended.wait(0.1):
            try:
                self.intake.settle_due()
            except (Impossible, KeyError):
                log.exception("a command could not be settled")

    def _live(self) -> None:
        while not self.ended.wait(self.every or 0.5):
            if not self.every or self.silent:
                continue
            with self.lock:
                try:
                    self.erp.anything()
                except (Impossible, KeyError):
                    log.exception("life stumbled")
