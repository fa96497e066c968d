"""Taking units out of an order: from its lines, and from shipments that nobody picks yet."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from .lines import Record, add, contents, count, products, put, to_ship
from .refusals import Refusal
from .shipping import PLANNED


def cancel_shipments(order: Record, shipments: Iterable[Record]) -> None:
    by_ref = {line["ref"]: line for line in order["lines"]}
    for shipment in shipments:
        for ref, quantity in contents(shipment).items():
            _count_off(by_ref[ref], quantity)
            add(by_ref[ref], "allocated", -quantity)
        shipment["status"] = "cancelled"
    _close(order)


def cancel_lines(
    order: Record,
    parts: Iterable[tuple[Record, Decimal]],
    shipments: list[Record] | None = None,
) -> None:
    """So much of each line: from these shipments only, or else what waits for its maker first,
    then what is free, then what is planned."""
    for line, quantity in parts:
        if shipments is not None:
            take(order, line, quantity, shipments)
        else:
            waiting = min(quantity, count(line, "backordered"))
            take(order, line, quantity - waiting - to_ship(order, line))
            add(line, "backordered", -waiting)
        _count_off(line, quantity)
    _close(order)


def take(
    order: Record, line: Record, quantity: Decimal, shipments: list[Record] | None = None
) -> None:
    """Take so much of a line out of these shipments, else of all that are only planned, the last
    one first.

    One that is left empty is deleted, as ERPs do. Refusal where they do not hold so much.
    """
    if quantity <= 0:
        return
    planned = [s for s in order["shipments"] if s["status"] in PLANNED]
    for shipment in reversed(planned if shipments is None else shipments):
        for package in shipment["packages"]:
            for part in [p for p in package["lines"] if p["line_ref"] == line["ref"]]:
                taken = min(quantity, Decimal(part["quantity"]))
                quantity -= taken
                add(line, "allocated", -taken)
                part["quantity"] = format((Decimal(part["quantity"]) - taken).normalize(), "f")
            package["lines"] = [p for p in package["lines"] if Decimal(p["quantity"])]
        shipment["packages"] = [p for p in shipment["packages"] if p["lines"]]
        if not shipment["packages"] and shipment in order["shipments"]:
            order["shipments"].remove(shipment)
    if quantity > 0:
        raise Refusal(409, "PICKED", f"{quantity} of {line['sku']} are being picked or have left.")


def _count_off(line: Record, quantity: Decimal) -> None:
    add(line, "cancelled", quantity)
    left = count(line, "ordered") - count(line, "cancelled") - count(line, "backordered")
    put(line, "confirmed", max(Decimal(0), min(count(line, "confirmed"), left)))


def _close(order: Record) -> None:
    if all(count(line, "cancelled") >= count(line, "ordered") for line in products(order)):
        order["raw_status"] = "CANC"
