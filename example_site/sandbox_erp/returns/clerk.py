"""Who keeps the returns, lets something happen to them, and tells the portal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from example_site.sandbox_erp.commandbook import Book, Command
from example_site.sandbox_erp.erp import Done, Erp
from example_site.sandbox_erp.lines import Record, count
from example_site.sandbox_erp.refusals import Refusal
from example_site.sandbox_erp.scene import Impossible

from .case import APPROVED, ASKED, CANCELLED, OVER, REQUESTED, WAITING, Case
from .registry import MOVES, Act, possible


class Clerk:
    """All methods but ``do`` and ``all`` are called inside a transaction of the store."""

    def __init__(self, erp: Erp, book: Book) -> None:
        self.erp, self.store, self.book = erp, erp.store, book

    def do(self, verb: str, wish: Mapping[str, Any]) -> Done:
        """``return`` of the wish is its number, else it is the newest. KeyError and Impossible say
        what can't be."""
        with self.store.transaction():
            record = self._named(str(wish.get("return") or "")) or self._newest()
            done = self.act(verb, record, wish)
        self.erp.wake()
        return done

    def act(self, verb: str, record: Record, wish: Mapping[str, Any]) -> Done:
        return self.play(MOVES[verb].act, record, wish)

    def play(self, act: Act, record: Record, wish: Mapping[str, Any]) -> Done:
        """Let it happen to the return, keep what came of it, and tell."""
        orders = self._orders(record["_lines"])
        case = Case(record, orders, datetime.now(UTC), wish, self.erp.rng, self.erp.fresh)
        said = act(case)
        return Done(_first(record), f"{record['number']}: {said}", self._tell(case))

    def all(self) -> list[dict[str, Any]]:
        """The newest returns first, as the page and programs see them."""
        return [
            {
                "number": record["number"],
                "ref": record["ref"],
                "company": record["_owner"],
                "kind": record["_kind"],
                "stage": record["_stage"],
                "reply": record["_reply"],
                "lines": [
                    {**asked, **counters}
                    for asked, counters in zip(record["_lines"], record["lines"], strict=True)
                ],
                "credit_note": record.get("credit_note"),
                "replacement_order_ref": record.get("replacement_order_ref", ""),
                "unexpected": record.get("_unexpected", []),
                "possible": possible(record, self._orders(record["_lines"])),
            }
            for record in self.store.all("return")
        ]

    # What commands do.

    def take(self, command: Command) -> Record:
        """Keep a new return, or one that was over and comes after all, under the ERP's own number
        of it."""
        told = command.body["payload"]
        try:
            number, lines = str(told["number"]), list(told["lines"])
            orders = self._orders(lines)
            for asked in lines:
                _judge(asked, orders, command.source)
        except (KeyError, TypeError, ValueError, ArithmeticError):
            raise Refusal(422, "MALFORMED", "A number, and lines with quantities.") from None
        if not lines:
            raise Refusal(422, "NOTHING", "It names nothing that is to come back.")
        known = self._named(number) if self.store.fact(f"return {number}") else None
        if known and known["_stage"] not in OVER:
            raise Refusal(409, "KNOWN", f"{number} is here already.")
        if before := self._named(str(told.get("replaces") or "")):
            self.end(before)
        record = self._new(command, number, lines, orders[lines[0]["order_ref"]]["customer_ref"])
        if known:
            record["ref"] = known["ref"]
        self.store.state(f"return {number}", record["ref"])
        self._keep(record)
        return record

    def of(self, command: Command) -> Record:
        """The return that a command is about."""
        number = str(command.body["payload"].get("number") or "")
        found = self._named(number) if self.store.fact(f"return {number}") else None
        if found is None:
            raise Refusal(404, "UNKNOWN_RETURN", f"There is no return {number}.")
        return found

    def is_waiting(self, record: Record) -> bool:
        """Whether it is the office's turn."""
        return bool(record["_stage"] == REQUESTED)

    def end(self, record: Record) -> Record:
        """It does not come after all; again is no harm."""
        if record["_stage"] not in (*WAITING, APPROVED, *OVER):
            raise Refusal(409, "RECEIVED", f"{record['number']} has come in.")
        if self.is_waiting(record):
            # The last word on what asked for it: nothing more is to be heard of that.
            self.tell_applied(record, record["_command"])
            self.book.told(record["_command"], "applied")
        if record["_stage"] not in OVER:
            record["_stage"] = CANCELLED
            self._keep(record)
        return record

    def hear(self, record: Record, command: Command) -> Record:
        if record["_stage"] != ASKED:
            raise Refusal(409, "NOT_ASKED", "Nobody asked.")
        reply = str(command.body["payload"].get("reply", ""))
        record |= {"_stage": REQUESTED, "_reply": reply, "_command": command.key}
        self._keep(record)
        return record

    def tell_applied(self, record: Record, key: str) -> None:
        """That a command about a return was carried out."""
        self.tell(record, {"command_id": key, "outcome": "applied", "reference": record["ref"]})

    def tell(self, record: Record, answer: Record) -> None:
        self.erp.tell_answer(self._orders(record["_lines"])[_first(record)], answer)

    def _new(
        self, command: Command, number: str, lines: list[Record], owner: str
    ) -> dict[str, Any]:
        told = command.body["payload"]
        counters = {"received": "0", "accepted": "0", "rejected": "0", "disposition": ""}
        return {
            "ref": f"RT-{self.erp.fresh('return')}",
            "number": number,
            "lines": [{"ref": line["ref"], **counters} for line in lines],
            "_source": command.source,
            "_owner": owner,
            "_command": command.key,
            "_stage": REQUESTED,
            "_lines": lines,
            "_kind": told.get("kind", "return"),
            "_method": told.get("method", ""),
            "_expected": told.get("expected") or {},
            "_reply": "",
            # Of each kind of the desk's commands: the newest that came.
            "_versions": {},
        }

    # What is kept and told.

    def _named(self, number: str) -> Record | None:
        if not number:
            return None
        found = self.store.get("return", self.store.fact(f"return {number}"))
        if found is None:
            raise KeyError(f"there is no return {number}")
        return found[0]

    def _newest(self) -> Record:
        for record in self.store.all("return"):
            return record
        raise Impossible("nothing was sent back yet")

    def _orders(self, lines: list[Record]) -> dict[str, Record]:
        found = {ref: self.store.get("order", ref) for ref in {line["order_ref"] for line in lines}}
        return {ref: told[0] for ref, told in found.items() if told}

    def _keep(self, record: Record) -> None:
        self.store.put("return", record["ref"], record["_owner"], record["_source"], record)

    def _tell(self, case: Case) -> list[str]:
        """The return before its orders: what came back is known before it is counted there."""
        record, events = case.record, []
        self._keep(record)
        if case.answer:
            answer = {"command_id": record["_command"], **case.answer}
            events.append(self.erp.tell_answer(case.orders[_first(record)], answer))
            self.book.told(record["_command"], str(case.answer["outcome"]))
        if case.counted:
            events.append(self.erp.tell_return(record, record["_owner"], case.now))
        told = [case.orders[ref] for ref in sorted(case.touched)]
        events += [self.erp.tell_order(order, case.now) for order in (*told, *case.placed)]
        events += [self.erp.tell_scan(scan, record["_owner"], case.now) for scan in case.scans]
        return events


def _first(record: Record) -> str:
    return str(record["_lines"][0]["order_ref"])


def _judge(asked: Record, orders: Mapping[str, Record], source: str) -> None:
    """The ERP looks for itself: what it never sent off does not come back."""
    order = orders.get(asked["order_ref"])
    if order is None or order["_source"] != source:
        raise Refusal(404, "UNKNOWN_ORDER", f"There is no order {asked['order_ref']}.")
    line = next((x for x in order["lines"] if x["ref"] == asked["line_ref"]), None)
    if line is None:
        raise Refusal(422, "UNKNOWN_LINE", f"There is no line {asked['line_ref']}.")
    quantity = Decimal(asked["quantity"])
    if quantity <= 0 or quantity > count(line, "shipped") - count(line, "returned"):
        raise Refusal(409, "TOO_MUCH", f"{quantity} of {line.get('sku', '')} are not with them.")
