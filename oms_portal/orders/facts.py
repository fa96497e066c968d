"""What happened between two snapshots of an order, as plain facts. Pure.

A fact's data holds what its words need (``messages``): line numbers, quantities, shipment numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from .ledger import Move
from .models import ShipmentStatus
from .moments import write
from .rollup import DONE
from .snapshots import Snapshot, plain
from .threads import Threads


@dataclass(frozen=True)
class Fact:
    """``at`` None: when the event says it was."""

    kind: str
    data: dict[str, Any] = field(default_factory=dict)
    at: datetime | None = None


Counted = dict[str, Decimal]


def header_facts(before: Snapshot | None, after: Snapshot) -> list[Fact]:
    found: list[Fact] = []
    if before is None:
        data = {"number": after["number"], **({"by": after["by"]} if after["by"] else {})}
        found.append(Fact("placed", data, _instant(after["placed_at"])))
    held = before is not None and before["on_hold"]
    if after["on_hold"] != held:
        found.append(Fact("on_hold" if after["on_hold"] else "released"))
    if before is not None and before["place"] != after["place"]:
        found.append(Fact("address_changed", after["place"]))
    known = {paper["ref"] for paper in before["documents"]} if before else set()
    for paper in after["documents"]:
        if paper["ref"] not in known:
            found.append(Fact("document_added", {"kind": paper["kind"], "number": paper["number"]}))
    return found


def shipment_facts(threads: Threads, after: Snapshot) -> list[Fact]:
    numbers = {line["ref"]: line["number"] for line in after["lines"]}
    return [
        fact
        for told in after["shipments"]
        for fact in _of_shipment(told, threads, _shipment_data(told, threads, numbers))
    ]


def _of_shipment(told: Mapping[str, Any], threads: Threads, data: dict[str, Any]) -> Iterable[Fact]:
    before = threads.before.get(
        told["ref"], {"status": "", "shipped_at": None, "delivered_at": None}
    )
    status = told["status"] if told["status"] != before["status"] else ""
    if told["ref"] in threads.replaced:
        yield Fact("shipment_replaced", {**data, "replaced": threads.replaced[told["ref"]]})
    # What people fetch is never on its way to them, whenever it left the shelf.
    fetched = told["status"] in (ShipmentStatus.READY_FOR_PICKUP, ShipmentStatus.COLLECTED)
    if is_shipped(told) and not is_shipped(before) and not fetched:
        yield Fact("shipment_dispatched", data, _instant(told["shipped_at"]))
    if is_delivered(told) and not is_delivered(before):
        kind = "shipment_collected" if told["status"] == "collected" else "shipment_delivered"
        yield Fact(kind, data, _instant(told["delivered_at"]))
    if status == ShipmentStatus.READY_FOR_PICKUP:
        yield Fact("shipment_ready", data)
    elif status == ShipmentStatus.RETURNED_TO_SENDER:
        yield Fact("shipment_returned", data)
    elif status == ShipmentStatus.CANCELLED and before["status"]:
        yield Fact("shipment_cancelled", data)


def line_facts(
    before: Snapshot | None, after: Snapshot, moved: Mapping[str, Counted]
) -> list[Fact]:
    """``moved``: what shipments' own facts told of in this step, {"shipped": {line: quantity}}."""
    old = _quantities(before) if before else {}
    now = _quantities(after)
    numbers = {line["ref"]: line["number"] for line in after["lines"]}

    def grown(name: str) -> Counted:
        told = moved.get(name, {})
        growth = {
            ref: line.get(name, Decimal(0)) - old.get(ref, {}).get(name, Decimal(0))
            for ref, line in now.items()
        }
        rest = {ref: value - told.get(ref, Decimal(0)) for ref, value in growth.items()}
        return {numbers[ref]: value for ref, value in rest.items() if value > 0}

    found = [
        Fact(kind, {"lines": _listed(lines)})
        for name, kind in (
            ("confirmed", "confirmed"),
            ("backordered", "backordered"),
            ("shipped", "quantity_shipped"),
            ("delivered", "quantity_delivered"),
            ("returned", "returned"),
        )
        if (lines := grown(name))
    ]
    if lines := grown("cancelled"):
        all_of_it = all(line.get("cancelled") == line.get("ordered") for line in now.values())
        found.append(
            Fact("order_cancelled") if all_of_it else Fact("cancelled", {"lines": _listed(lines)})
        )
    return [*found, *_changes(old, now, numbers)] if before else found


def _changes(
    old: Mapping[str, Counted], now: Mapping[str, Counted], numbers: Mapping[str, str]
) -> Iterable[Fact]:
    zero = Decimal(0)
    filled = {
        numbers[ref]: old[ref]["backordered"]
        for ref, line in now.items()
        if old.get(ref, {}).get("backordered") and not line.get("backordered")
    }
    if filled:
        yield Fact("backorder_filled", {"lines": _listed(filled)})
    added = {numbers[ref]: line.get("ordered", zero) for ref, line in now.items() if ref not in old}
    if added:
        yield Fact("lines_added", {"lines": _listed(added)})
    changed = {
        numbers[ref]: line.get("ordered", zero)
        for ref, line in now.items()
        if ref in old and old[ref].get("ordered", zero) != line.get("ordered", zero)
    }
    if changed:
        yield Fact("quantity_changed", {"lines": _listed(changed)})


def promise_facts(moves: Iterable[Move]) -> list[Fact]:
    """One fact for all lines that moved alike."""

    def key(move: Move) -> tuple[str, str, str, int]:
        before = write(move.before) if move.before else ""
        return (before, write(move.term.last), move.reason, move.days_late)

    moved = sorted((move for move in moves if move.is_moved), key=key)
    return [
        Fact(
            "promise_moved",
            {
                "from": before,
                "to": after,
                "reason": reason,
                "days_late": days,
                "lines": [move.line for move in group],
            },
        )
        for (before, after, reason, days), group in groupby(moved, key)
    ]


def correction(before: Snapshot | None, after: Snapshot, threads: Threads) -> Fact | None:
    """What the ERP took back: units it had shipped or delivered, lines of them, a shipment."""
    if before is None:
        return None
    old, now = _quantities(before), _quantities(after)
    numbers = {line["ref"]: line["number"] for line in before["lines"]}
    what: dict[str, list[str]] = {}
    for ref, line in old.items():
        if ref not in now and line.get("shipped"):
            what.setdefault("line_removed", []).append(numbers[ref])
        for name in ("shipped", "delivered"):
            if ref in now and now[ref].get(name, Decimal(0)) < line.get(name, Decimal(0)):
                what.setdefault(f"{name}_fell", []).append(numbers[ref])
    for told in threads.lost:
        if is_shipped(told):
            what.setdefault("shipment_removed", []).append(told["number"])
    return Fact("correction", {"what": what}) if what else None


def moved_by_shipments(threads: Threads, after: Snapshot) -> dict[str, Counted]:
    """The quantities that left, and arrived, with the shipments whose facts say so."""
    found: dict[str, Counted] = {"shipped": {}, "delivered": {}}
    for told in after["shipments"]:
        before = threads.before.get(told["ref"], {})
        for name, test in (("shipped", is_shipped), ("delivered", is_delivered)):
            if test(told) and not (before and test(before)):
                for ref, quantity in told["lines"]:
                    found[name][ref] = found[name].get(ref, Decimal(0)) + Decimal(quantity)
    return found


def is_shipped(told: Mapping[str, Any]) -> bool:
    gone = (ShipmentStatus.DISPATCHED, ShipmentStatus.DELIVERED, ShipmentStatus.RETURNED_TO_SENDER)
    return told["status"] in gone or bool(told["shipped_at"])


def is_delivered(told: Mapping[str, Any]) -> bool:
    return told["status"] in DONE or bool(told["delivered_at"])


def _shipment_data(
    told: Mapping[str, Any], threads: Threads, numbers: Mapping[str, str]
) -> dict[str, Any]:
    lines = {numbers.get(ref, ref): Decimal(quantity) for ref, quantity in told["lines"]}
    return {
        "shipment": told["number"],
        "thread": threads.of[told["ref"]],
        "carrier": told["carrier"],
        "lines": _listed(lines),
    }


def _quantities(snapshot: Snapshot) -> dict[str, Counted]:
    return {
        line["ref"]: {name: Decimal(value) for name, value in line["quantities"].items()}
        for line in snapshot["lines"]
    }


def _listed(lines: Counted) -> list[dict[str, str]]:
    return [{"line": number, "quantity": plain(quantity)} for number, quantity in lines.items()]


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
