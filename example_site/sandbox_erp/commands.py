"""Commands from the portal: verified, kept under their key, carried out once, and told of.

What comes again under the same key is answered as the first time, whatever became of that answer.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from .commandbook import Book, Command
from .effects import carry_out, drop_line
from .erp import Erp
from .manners import Manner, Manners
from .refusals import Refusal
from .returns.clerk import Clerk
from .returns.office import KINDS, Office
from .scene import Scene, working_day
from .sending import sign


TOLERANCE = 300
PAUSES = ("slow", "hang")


class Answer(NamedTuple):
    """What goes back over the line; ``HANG_UP`` is nothing at all."""

    status: int
    body: str
    media: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()


HANG_UP = Answer(0, "")
TROUBLE: dict[str, Callable[[Manner], Answer]] = {
    "fail": lambda manner: Answer(500, '{"error": "ORA-00600"}'),
    "busy": lambda manner: Answer(
        503, "", "text/plain", (("Retry-After", str(round(manner.seconds))),)
    ),
    "unauthorised": lambda manner: Answer(401, '{"error": "who are you?"}'),
    "html": lambda manner: Answer(
        200, "<!doctype html><title>Sign in</title><h1>Your session is over</h1>", "text/html"
    ),
    "nothing": lambda manner: HANG_UP,
}


class Intake:
    """``secrets`` are those of the portal's connectors, by the source that each speaks to."""

    def __init__(self, erp: Erp, secrets: Mapping[str, str]) -> None:
        self.erp, self.secrets = erp, secrets
        self.store = erp.store
        self.book = Book(erp.store)
        self.manners = Manners(erp.store)
        self.clerk = Clerk(erp, self.book)
        self.office = Office(self.clerk, self.book)

    def take(self, headers: Mapping[str, str], body: bytes) -> Answer:
        """``headers`` by their names in lower case."""
        if self.manners.of("").mode == "away":
            return HANG_UP
        try:
            command = self._read(headers, body)
        except Refusal as refusal:
            return _refused(refusal)
        manner = self._note(command)
        if manner.mode in PAUSES:
            self._pause(command.ref, manner)
        if manner.mode in TROUBLE:
            return TROUBLE[manner.mode](manner)
        answer = self._settle(command, manner)
        return HANG_UP if manner.mode == "lose_answer" else answer

    def _read(self, headers: Mapping[str, str], body: bytes) -> Command:
        source = self._signed_by(headers, body)
        if source is None:
            raise Refusal(401, "SIGNATURE", "Nobody we know signed this just now.")
        key = headers.get("idempotency-key", "").strip('"')
        try:
            told = json.loads(body)
            ref, kind = str(told["order"]), str(told["kind"])
            whole = isinstance(told["payload"], dict) and key == told["id"]
        except (ValueError, TypeError, KeyError):
            whole = False
        if not whole:
            raise Refusal(400, "MALFORMED", "An id that is its key, a kind, an order, a payload.")
        return Command(key, source, ref, kind, hashlib.sha256(body).hexdigest(), told)

    def _signed_by(self, headers: Mapping[str, str], body: bytes) -> str | None:
        id, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
        if not stamp.isdecimal() or abs(int(stamp) - time.time()) > TOLERANCE:
            return None
        given = [part.encode() for part in headers.get("webhook-signature", "").split()]
        for source, secret in self.secrets.items():
            expected = sign(secret, id, stamp, body).encode()
            if any(hmac.compare_digest(expected, signature) for signature in given):
                return source
        return None

    def _note(self, command: Command) -> Manner:
        with self.store.transaction():
            self.book.note(command)
            manner = self.manners.take(command.ref)
            self.book.count(command.key, manner.mode)
        return manner

    def _pause(self, ref: str, manner: Manner) -> None:
        """As long as it is said to take, or until it is told to behave again."""
        end = time.monotonic() + manner.seconds
        patient = manner.left == 0
        while time.monotonic() < end and not (patient and self.manners.of(ref) != manner):
            time.sleep(0.05)

    def _settle(self, command: Command, manner: Manner) -> Answer:
        """What it was answered the first time; else what is decided now, kept before it is told."""
        with self.store.transaction():
            known = self.book.note(command)
            if known.digest != command.digest:
                return _refused(Refusal(422, "KEY_REUSED", "This key came with another body."))
            if known.status is not None:
                return Answer(known.status, known.answer)
            answer, outcome = self._decide(command, manner)
            self.book.answered(command.key, answer.status, answer.body, outcome)
        self.erp.wake()
        return answer

    def _decide(self, command: Command, manner: Manner) -> tuple[Answer, str]:
        accepts = command.body["payload"].get("accepts")
        try:
            order = self._order(command)
            if manner.mode == "refuse":
                raise Refusal(422, manner.code, "Not with this ERP, not today.")
            if command.kind in KINDS:
                reference, outcome = self.office.decide(command, manner)
                return _answer(202, "accepted", reference=reference), outcome
            if manner.mode == "counter" and not accepts:
                return _answer(200, "countered", **self._offer(order, manner)), "countered"
            if manner.mode == "accept_only":
                due = time.time() + manner.seconds if manner.seconds else None
                self.book.put_off(command.key, due, manner.then)
                return _answer(202, "accepted", reference=self._number("CH")), "accepted"
            reference = self._carry_out(command, order, drop=manner.mode == "drop_line")
        except Refusal as refusal:
            return _refused(refusal), "rejected"
        return _answer(202, "accepted", reference=reference), "applied"

    def _order(self, command: Command) -> dict[str, Any]:
        found = self.store.get("order", command.ref)
        if found is None or found[1] != command.source:
            raise Refusal(404, "UNKNOWN_ORDER", f"There is no order {command.ref}.")
        return found[0]

    def _carry_out(self, command: Command, order: dict[str, Any], drop: bool = False) -> str:
        """The effect, and the two events that tell of it; gives this ERP's number for it."""
        payload = command.body["payload"]
        if accepts := payload.get("accepts"):
            payload = {**payload, **json.loads(self.store.fact(f"offer {accepts}", "{}"))}
        scene = Scene(order, datetime.now(UTC), self.erp.rng, self.erp.fresh)
        carry_out(scene, command.kind, payload)
        if drop:
            drop_line(order)
        self.book.effected(command.key)
        reference = self._number("CH")
        self.erp.tell_order(order, scene.now)
        self._tell(command, order, outcome="applied", reference=reference)
        return reference

    def _offer(self, order: dict[str, Any], manner: Manner) -> dict[str, Any]:
        """Something else than was asked for, kept under its number until somebody accepts it."""
        reference = self._number("AN")
        if manner.offer == "place":
            book = self._book_of(order)
            place = {key: value for key, value in book[-1].items() if key != "kind"}
            members: dict[str, Any] = {"address": place, "ship_to_ref": place["ref"]}
        else:
            told = [order["requested"].get("from", ""), datetime.now(UTC).isoformat()]
            told += [s["planned_on"] for s in order["shipments"] if s.get("planned_on")]
            last = date.fromisoformat(max(moment[:10] for moment in told))
            day = working_day(last + timedelta(days=4))
            members = {"requested": {"from": day.isoformat()}}
        self.store.state(f"offer {reference}", json.dumps(members))
        return {"reference": reference, "counter": {"reference": reference, **members}}

    def _book_of(self, order: dict[str, Any]) -> list[dict[str, Any]]:
        found = self.store.get("customer", order["customer_ref"])
        return found[0]["addresses"] if found else [order["delivery_address"]]

    def settle_due(self, everything: bool = False) -> int:
        """Carry out what was only accepted, once its time has come, and tell of it."""
        now = None if everything else time.time()
        if not self.book.due(now):
            return 0
        with self.store.transaction():
            due = self.book.due(now)
            for command, then in due:
                self._settle_late(command, then)
        self.erp.wake()
        return len(due)

    def _settle_late(self, command: Command, then: str) -> None:
        if command.kind in KINDS:
            return self.office.settle(command, then)
        order = self._order(command)
        try:
            if then == "rejected":
                raise Refusal(422, "CHANGED_MIND", "On second thoughts, no.")
            if then == "countered":
                self._tell(command, order, outcome=then, **self._offer(order, Manner()))
            else:
                self._carry_out(command, order)
            outcome = then
        except Refusal as refusal:
            outcome = "rejected"
            self._tell(command, order, outcome=outcome, code=refusal.code, text=refusal.text)
        self.book.told(command.key, outcome)

    def _tell(self, command: Command, order: dict[str, Any], **answer: Any) -> None:
        self.erp.tell_answer(order, {"command_id": command.key, **answer})

    def _number(self, prefix: str) -> str:
        return f"{prefix}-{self.erp.fresh('paper')}"


def _answer(status: int, outcome: str, **members: Any) -> Answer:
    return Answer(status, json.dumps({"outcome": outcome, **members}))


def _refused(refusal: Refusal) -> Answer:
    return Answer(refusal.status, json.dumps({"code": refusal.code, "text": refusal.text}))
