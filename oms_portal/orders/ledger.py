"""The promise ledger: the first date of each line, every move of it, and why. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from decimal import Decimal
from typing import Any

from .models import ShipmentStatus
from .moments import Moment, day_of, read, write
from .promises import Term, promised, read_terms
from .snapshots import Snapshot


@dataclass(frozen=True)
class Move:
    """A line's promise given (``before`` None) or changed. ``reason`` is as told, else one of
    backorder, on_hold, carrier, correction, else ""."""

    line_ref: str
    line: str
    term: Term
    days_late: int
    reason: str
    before: Moment | None

    @property
    def is_moved(self) -> bool:
        return self.before is not None and self.before != self.term.last


def moves(
    known: Mapping[str, Any], snapshot: Snapshot, *, corrected: bool
) -> tuple[dict[str, Any], list[Move]]:
    """The ledger's state after a snapshot, {line ref: {first, kind, starts, ends}}, and what
    of it is new."""
    state = dict(known)
    found: list[Move] = []
    on_the_way = _on_the_way(snapshot)
    for line in snapshot["lines"]:
        term = promised(read_terms(line["terms"]))
        before = state.get(line["ref"])
        if term is None or before == (entry := _entry(term, before)):
            continue
        state[line["ref"]] = entry
        last = read(before["ends"] or before["starts"]) if before else None
        first = read(entry["first"])
        later = last is not None and _days(last, term.last) > 0
        reason = term.reason or (_reason(line, snapshot, on_the_way, corrected) if later else "")
        found.append(Move(line["ref"], line["number"], term, _days(first, term.last), reason, last))
    return state, found


def _entry(term: Term, before: Mapping[str, Any] | None) -> dict[str, Any]:
    return {
        "first": before["first"] if before else write(term.last),
        "kind": term.kind,
        "starts": write(term.starts),
        "ends": write(term.ends) if term.ends else None,
    }


def _reason(
    line: Mapping[str, Any], snapshot: Snapshot, on_the_way: set[str], corrected: bool
) -> str:
    if Decimal(line["quantities"].get("backordered", 0)):
        return "backorder"
    if snapshot["on_hold"]:
        return "on_hold"
    if line["ref"] in on_the_way:
        return "carrier"
    return "correction" if corrected else ""


def _on_the_way(snapshot: Snapshot) -> set[str]:
    return {
        ref
        for shipment in snapshot["shipments"]
        if shipment["status"] == ShipmentStatus.DISPATCHED and not shipment["delivered_at"]
        for ref, _ in shipment["lines"]
    }


def _days(first: Moment, last: Moment) -> int:
    return (day_of(last, UTC) - day_of(first, UTC)).days
