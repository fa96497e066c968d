"""The office takes commands about returns: it writes down at once, and decides after a while."""

from __future__ import annotations

import time

from example_site.sandbox_erp.commandbook import Book, Command
from example_site.sandbox_erp.manners import Manner
from example_site.sandbox_erp.refusals import Refusal

from . import counting
from .clerk import Clerk
from .settling import make_good


# Kinds of commands that come here.
KINDS = ("return", "return_cancel", "return_reply", *counting.ACTS)
# Seconds until it approves by itself what nobody decided, and makes good what was; 0: never.
PACE = 3.0
# What is left to do about goods that were decided.
_OWED = "made good"
_VERBS = {"applied": "return_approve", "rejected": "return_decline", "countered": "return_ask"}


class Office:
    """All methods are called inside a transaction of the store."""

    def __init__(self, clerk: Clerk, book: Book) -> None:
        self.clerk, self.book, self.store = clerk, book, book.store

    @property
    def pace(self) -> float:
        return float(self.store.fact("return pace", str(PACE)))

    @pace.setter
    def pace(self, seconds: float) -> None:
        self.store.state("return pace", str(seconds))

    def decide(self, command: Command, manner: Manner) -> tuple[str, str]:
        """The ERP's number of the return, and what became of the command; Refusal says why not."""
        if command.kind in counting.ACTS:
            return self._hear_desk(command, manner)
        reference = {
            "return": self._take,
            "return_cancel": self._cancel,
            "return_reply": self._hear,
        }[command.kind](command, manner)
        self.book.effected(command.key)
        if command.kind == "return_cancel":
            return reference, "applied"
        asked = command.kind == "return" and manner.mode == "counter"
        return reference, "countered" if asked else "accepted"

    def settle(self, command: Command, then: str) -> None:
        """Its time has come; what was decided by hand meanwhile stays."""
        record = self.clerk.of(command)
        if then == _OWED:
            self.book.put_off(command.key, None, "")
            self.clerk.play(make_good, record, {})
        elif command.kind in counting.ACTS:
            self._settle_desk(command, then)
        elif self.clerk.is_waiting(record):
            self.clerk.act(_VERBS[then], record, {})
        else:
            self.book.put_off(command.key, None, "")

    def _take(self, command: Command, manner: Manner) -> str:
        record = self.clerk.take(command)
        if manner.mode == "counter":
            self.clerk.act("return_ask", record, {})
        else:
            self._put_off(command.key, manner)
        return str(record["ref"])

    def _cancel(self, command: Command, manner: Manner) -> str:
        record = self.clerk.end(self.clerk.of(command))
        self.clerk.tell_applied(record, command.key)
        return str(record["ref"])

    def _hear(self, command: Command, manner: Manner) -> str:
        """From here on the answer is the command that decisions are told about."""
        record = self.clerk.hear(self.clerk.of(command), command)
        self._put_off(command.key, manner)
        return str(record["ref"])

    def _hear_desk(self, command: Command, manner: Manner) -> tuple[str, str]:
        """What the returns desk found or decided."""
        record = self.clerk.of(command)
        counting.judge(record, command.kind)
        if manner.mode == "accept_only":
            self._put_off(command.key, manner)
            return str(record["ref"]), "accepted"
        self._carry_out(command)
        return str(record["ref"]), "applied"

    def _carry_out(self, command: Command) -> None:
        """An older version than is known changes nothing and is taken all the same."""
        kind, told = command.kind, command.body["payload"]
        record = self.clerk.of(command)
        if counting.is_news(record, kind, told):
            self.clerk.play(counting.ACTS[kind], record, told)
        self.book.effected(command.key)
        self.clerk.tell_applied(record, command.key)
        self.book.told(command.key, "applied")
        if kind == counting.DECISION:
            due = time.time() + self.pace if self.pace else None
            self.book.put_off(command.key, due, _OWED)

    def _settle_desk(self, command: Command, then: str) -> None:
        """What was only accepted; it is judged again, for it may have been cancelled since."""
        try:
            if then == "rejected":
                raise Refusal(422, "CHANGED_MIND", "On second thoughts, no.")
            counting.judge(self.clerk.of(command), command.kind)
            self._carry_out(command)
        except Refusal as refusal:
            said = {"outcome": "rejected", "code": refusal.code, "text": refusal.text}
            self.clerk.tell(self.clerk.of(command), {"command_id": command.key, **said})
            self.book.told(command.key, "rejected")

    def _put_off(self, key: str, manner: Manner) -> None:
        seconds = manner.seconds if manner.mode == "accept_only" else self.pace
        self.book.put_off(key, time.time() + seconds if seconds else None, manner.then)
