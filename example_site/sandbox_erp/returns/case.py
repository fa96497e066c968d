"""Where a move plays: a return with its orders, and what is to be told of it afterwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from random import Random
from typing import Any

from example_site.sandbox_erp.lines import Record, add
from example_site.sandbox_erp.scene import Impossible


# What the ERP itself calls its stages.
ASKED, REQUESTED, APPROVED = "asked", "requested", "approved"
DECLINED, CANCELLED = "declined", "cancelled"
RECEIVED, CHECKED, SETTLED = "received", "checked", "settled"
WAITING = (REQUESTED, ASKED)
OVER = (DECLINED, CANCELLED)
# Claims of goods that never came: nothing is to be received.
NEVER_CAME = ("short", "missing")


@dataclass
class Case:
    """``wish`` is what was said besides the verb. ``answer`` goes out as the last word on the
    return's command, ``counted`` says that the record is to be told, ``touched`` names orders that
    changed and ``placed`` are new ones."""

    record: Record
    orders: dict[str, Record]
    now: datetime
    wish: Mapping[str, Any]
    rng: Random
    fresh: Callable[[str], int]
    answer: dict[str, Any] | None = None
    counted: bool = False
    touched: set[str] = field(default_factory=set)
    placed: list[Record] = field(default_factory=list)
    scans: list[Record] = field(default_factory=list)

    @property
    def stage(self) -> str:
        return str(self.record["_stage"])

    def enter(self, stage: str) -> None:
        self.record["_stage"] = stage

    def pairs(self) -> list[tuple[Record, Record]]:
        """Each line as it was asked for, with its counters."""
        counters = {line["ref"]: line for line in self.record["lines"]}
        return [(asked, counters[asked["ref"]]) for asked in self.record["_lines"]]

    def order_line(self, asked: Record) -> Record | None:
        """None where the order has lost it since."""
        order = self.orders.get(asked["order_ref"], {"lines": []})
        return next((x for x in order["lines"] if x["ref"] == asked["line_ref"]), None)

    def named(self) -> dict[str, Decimal]:
        """Quantities of the wish by line, {} where it names none."""
        told = self.wish.get("lines") or {}
        if unknown := set(told) - {asked["ref"] for asked in self.record["_lines"]}:
            raise KeyError(f"the return has no line {sorted(unknown)[0]}")
        try:
            return {ref: Decimal(str(quantity)) for ref, quantity in told.items()}
        except InvalidOperation:
            raise Impossible("a quantity is a number") from None

    def receive(self, asked: Record, counters: Record, quantity: Decimal) -> None:
        """Count it in, on the return and on its order."""
        counters["received"] = text(Decimal(counters["received"]) + quantity)
        self.counted = True
        if line := self.order_line(asked):
            add(line, "returned", quantity)
            self.touched.add(asked["order_ref"])


def text(quantity: Decimal) -> str:
    return format(quantity.normalize(), "f")


def left(asked: Record, counters: Record) -> Decimal:
    """What was announced and has not come."""
    return max(Decimal(0), Decimal(asked["quantity"]) - Decimal(counters["received"]))


def comes(record: Record, asked: Record) -> bool:
    """Whether goods of this line are expected at all."""
    return record["_method"] != "nothing" and asked.get("claim") not in NEVER_CAME
