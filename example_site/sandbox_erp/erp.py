"""The ERP itself: records, the events they become, and the ways events go wrong on purpose."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from random import Random
from typing import Any, NamedTuple

from . import catalogue
from .lines import Record
from .papers import with_papers
from .placing import CUSTOMERS, lines_of, new_order, source_of, totals
from .scene import Impossible, Scene
from .store import Store
from .verbs import VERBS


URIS = {"main": "/erp/main", "carriers": "/carriers/hub", "lyon": "/erp/lyon"}
TYPES = {
    "customer": "customer.updated.v1",
    "order": "order.updated.v1",
    "tracking": "tracking.updated.v1",
    "return": "return.updated.v1",
    "answer": "command.answered.v1",
}
LATE_SECONDS = 20
SCANNED = ("carrier", "tracking_number")


class Done(NamedTuple):
    """What was done: to which order, what it is called, and the ids of the events it became."""

    order: str
    said: str
    events: list[str]


class Erp:
    def __init__(self, store: Store, rng: Random, address: str = "http://127.0.0.1:8001") -> None:
        """``address`` is where its page answers, and its papers lie."""
        self.store = store
        self.address = address.rstrip("/")
        self.rng = rng
        self.wake: Callable[[], None] = lambda: None

    def fresh(self, what: str) -> int:
        start = {"order": 104500, "shipment": 80210, "parcel": 7730450000, "sscc": 1}.get(
            what, 1000
        )
        number = int(self.store.fact(f"last {what}", str(start))) + 1
        self.store.state(f"last {what}", str(number))
        return number

    def do(self, verb: str, number: str, now: datetime | None = None) -> Done:
        """Let one thing happen to an order; KeyError and Impossible say what can't be."""
        with self.store.transaction():
            order = self.order(number)
            scene = Scene(order, now or datetime.now(UTC), self.rng, self.fresh)
            said = VERBS[verb].act(scene)
            events = [self.tell_order(order, scene.now)] + self._tell_scans(scene)
        self.wake()
        return Done(number, said, events)

    def order(self, number: str) -> Record:
        found = self.store.get("order", number)
        if found is None:
            raise KeyError(f"there is no order {number}")
        return found[0]

    def place(
        self,
        customer_ref: str,
        now: datetime | None = None,
        wanted: Iterable[tuple[str, int]] = (),
    ) -> Done:
        """``wanted``: articles and how many; chance decides where there are none."""
        if customer_ref not in CUSTOMERS:
            raise KeyError(f"there is no customer {customer_ref}")
        now = now or datetime.now(UTC)
        with self.store.transaction():
            source = source_of(customer_ref, self.rng)
            order = new_order(customer_ref, source, now, self.rng, self.fresh)
            if lines := lines_of(wanted, order["requested"]["from"]):
                order |= {"lines": lines, "totals": totals(lines)}
        return self.enter(order, now)

    def enter(self, order: Record, now: datetime) -> Done:
        with self.store.transaction():
            event = self.tell_order(order, now)
        self.wake()
        return Done(order["number"], "placed", [event])

    def tell_customer(self, customer: Record, now: datetime | None = None) -> Done:
        with self.store.transaction():
            event = self._tell("customer", "main", customer["ref"], customer["ref"], customer, now)
        self.wake()
        return Done("", f"{customer['name']} told", [event])

    def change_customer(self, ref: str) -> Done:
        """The customer's goods-in moves to another phone; its subsidiaries keep theirs."""
        found = self.store.get("customer", ref)
        if found is None:
            raise KeyError(f"there is no customer {ref}")
        customer = found[0]
        customer["addresses"][0]["phone"] = f"+49 40 555{self.rng.randint(1000, 9999)}"
        return self.tell_customer(customer)

    # Ways events go wrong.

    def late(self, verb: str, number: str) -> Done:
        """It happens now and is told in a while."""
        return self._meddle(lambda: self.do(verb, number), not_before=time.time() + LATE_SECONDS)

    def twice(self, verb: str, number: str) -> Done:
        return self._meddle(lambda: self.do(verb, number), copies=2)

    def out_of_order(self, verb: str, number: str) -> Done:
        """Two versions, the newer one told first."""
        with self.store.transaction():
            before = self._last()
            release_first = self.order(number).get("on_hold")
            self.do("release" if release_first else "hold", number)
            done = self.do(verb if not release_first else "hold", number)
            made = self._since(before)
            self._forget(before)
            for source, id, body in reversed(made):
                self.store.add_event(source, id, body)
        self.wake()
        return done._replace(said=f"{done.said}, told newest first", events=[m[1] for m in made])

    def bad(self, number: str) -> Done:
        """An event whose envelope is right and whose data is not: it belongs in quarantine."""
        order = self.order(number)
        id = f"bad-{self.fresh('bad')}"
        broken = {**_outside(order), "lines": "none", "currency": "euros"}
        body = self._envelope("order", order["_source"], number, id, 10**6, broken, None)
        self.store.add_event(order["_source"], id, body, truth=False)
        self.wake()
        return Done(number, "a bad event is on its way", [id])

    def burst(self, count: int = 50) -> list[Done]:
        """Many things at once, at random."""
        return [done for done in (self.anything() for _ in range(count)) if done]

    def anything(self, company: str = "") -> Done | None:
        """One small thing somewhere, as a working day brings."""
        if self.rng.random() < 0.08:
            return self.place(company or self.rng.choice(list(CUSTOMERS)))
        orders = self.store.all("order", company)[:120]
        for order in self.rng.sample(orders, min(8, len(orders))):
            verbs = ["confirm", "ship", "scan", "out_for_delivery", "deliver", "restock", "delay"]
            self.rng.shuffle(verbs)
            for verb in verbs:
                try:
                    return self.do(verb, order["number"])
                except Impossible:
                    continue
        return None

    def _meddle(self, act: Callable[[], Done], copies: int = 1, not_before: float = 0) -> Done:
        with self.store.transaction():
            before = self._last()
            done = act()
            made = self._since(before)
            self._forget(before)
            for source, id, body in made * copies:
                self.store.add_event(source, id, body, not_before)
        self.wake()
        return done

    def _last(self) -> int:
        rows = self.store.connection.execute("SELECT COALESCE(MAX(seq), 0) FROM event").fetchall()
        return int(rows[0][0])

    def _since(self, seq: int) -> list[tuple[str, str, str]]:
        sql = "SELECT source, id, body FROM event WHERE seq > ? ORDER BY seq"
        return self.store.connection.execute(sql, [seq]).fetchall()

    def _forget(self, seq: int) -> None:
        self.store.connection.execute("DELETE FROM event WHERE seq > ?", [seq])

    # From records to events.

    def tell_order(self, order: Record, now: datetime) -> str:
        return self._tell(
            "order", order["_source"], order["ref"], order["customer_ref"], order, now
        )

    def tell_answer(self, order: Record, answer: Record) -> str:
        """The last word on a command, from the system that its order is kept in."""
        source, ref = order["_source"], answer["command_id"]
        return self._tell("answer", source, ref, order["customer_ref"], answer, None)

    def tell_return(self, record: Record, owner: str, now: datetime) -> str:
        return self._tell("return", record["_source"], record["ref"], owner, record, now)

    def _tell_scans(self, scene: Scene) -> list[str]:
        events = []
        for where, scan in scene.scans:
            told = {
                "carrier": where["shipment"]["carrier"]["code"],
                "tracking_number": where["package"]["tracking_number"],
                **scan,
            }
            owner, order_ref = scene.order["customer_ref"], scene.order["ref"]
            events.append(self.tell_scan(told, owner, scene.now, order_ref))
        return events

    def tell_scan(self, scan: Record, owner: str, now: datetime, order_ref: str = "") -> str:
        """By the carriers' hub; no order is named where none is known."""
        ref = f"{scan['carrier']}:{scan['tracking_number']}"
        found = self.store.get("tracking", ref)
        tracking = found[0] if found else {name: scan[name] for name in SCANNED} | {"scans": []}
        if order_ref:
            tracking["order_ref"] = order_ref
        tracking["scans"].append(scan)
        return self._tell("tracking", "carriers", ref, owner, tracking, now)

    def _tell(
        self, kind: str, source: str, ref: str, owner: str, record: Record, now: datetime | None
    ) -> str:
        version = self.store.put(kind, ref, owner, source, record)
        id = f"{kind}-{ref}-{version}"
        if kind == "order":
            record = with_papers(record, self.address)
        self.store.add_event(
            source, id, self._envelope(kind, source, ref, id, version, _outside(record), now)
        )
        return id

    def _envelope(
        self,
        kind: str,
        source: str,
        ref: str,
        id: str,
        version: int,
        record: Record,
        now: datetime | None,
    ) -> str:
        return json.dumps(
            {
                "specversion": "1.0",
                "id": id,
                "source": URIS[source],
                "type": TYPES[kind],
                "subject": ref,
                "time": (now or datetime.now(UTC)).isoformat(),
                "datacontenttype": "application/json",
                "data": {"version": version, kind: record},
            },
            ensure_ascii=False,
        )


def _outside(record: Record) -> dict[str, Any]:
    """The record as the wire knows it, without the ERP's own notes."""
    return {key: value for key, value in record.items() if not key.startswith("_")}


def customers() -> list[Record]:
    return catalogue.CUSTOMERS
