"""Counting on order lines: quantities are strings on the wire and decimals here."""

from __future__ import annotations

from decimal import Decimal
from typing import Any


Record = dict[str, Any]


def count(line: Record, counter: str) -> Decimal:
    return Decimal(line["quantities"].get(counter, "0"))


def put(line: Record, counter: str, quantity: Decimal) -> None:
    line["quantities"][counter] = format(quantity.normalize(), "f")


def add(line: Record, counter: str, quantity: Decimal) -> None:
    put(line, counter, max(Decimal(0), count(line, counter) + quantity))


def products(order: Record) -> list[Record]:
    return [line for line in order["lines"] if line["kind"] == "product"]


def to_ship(order: Record, line: Record) -> Decimal:
    """What no shipment holds yet, backordered quantities aside."""
    planned = sum(
        Decimal(part["quantity"])
        for shipment in order["shipments"]
        if shipment["status"] in ("planned", "released", "picking", "packed")
        for package in shipment["packages"]
        for part in package["lines"]
        if part["line_ref"] == line["ref"]
    )
    gone = count(line, "cancelled") + count(line, "shipped") + count(line, "backordered")
    return max(Decimal(0), count(line, "ordered") - gone - planned)


def open_lines(order: Record) -> list[Record]:
    return [line for line in products(order) if to_ship(order, line) > 0]


def is_confirmed(order: Record) -> bool:
    return any(count(line, "confirmed") for line in products(order))


def is_done(order: Record) -> bool:
    return all(
        count(line, "delivered") + count(line, "cancelled") >= count(line, "ordered")
        for line in products(order)
    )


def moving(order: Record) -> list[Record]:
    """Shipments that left and did not arrive."""
    return [s for s in order["shipments"] if s["status"] in ("dispatched", "ready_for_pickup")]


def contents(shipment: Record) -> dict[str, Decimal]:
    """How much of each line a shipment holds."""
    held: dict[str, Decimal] = {}
    for package in shipment["packages"]:
        for part in package["lines"]:
            held[part["line_ref"]] = held.get(part["line_ref"], Decimal(0)) + Decimal(
                part["quantity"]
            )
    return held
