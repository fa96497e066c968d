"""Second thoughts about what had left: counted again, it was less."""

from __future__ import annotations

from decimal import Decimal

from example_site.sandbox_erp.lines import Record, add, contents, count, products
from example_site.sandbox_erp.scene import Scene, need

from .registry import verb


GONE = ("dispatched", "delivered", "ready_for_pickup", "collected")
ARRIVED = ("delivered", "collected")


@verb("Correct the last delivery down by one", "Shipping")
def correct_shipped(scene: Scene) -> str:
    gone = [s for s in scene.order["shipments"] if s["status"] in GONE and contents(s)]
    need(gone, "nothing has left")
    held = contents(gone[-1])
    ref = max(held, key=lambda each: held[each])
    less(scene.order, gone[-1], ref, Decimal(1))
    return f"{gone[-1]['number']} held one of {ref} less"


@verb("Take one back over the counter", "Shipping")
def take_back(scene: Scene) -> str:
    """Somebody brings it without a word to the portal."""
    lines = [x for x in products(scene.order) if count(x, "delivered") > count(x, "returned")]
    need(lines, "nothing was delivered")
    add(lines[0], "returned", Decimal(1))
    return f"one of {lines[0]['sku']} came back over the counter"


def less(order: Record, shipment: Record, line_ref: str, quantity: Decimal) -> None:
    """So much of the line had not been in the shipment after all, or all of it where it is less."""
    left = quantity
    for package in shipment["packages"]:
        for part in [p for p in package["lines"] if p["line_ref"] == line_ref]:
            taken = min(left, Decimal(part["quantity"]))
            left -= taken
            part["quantity"] = format((Decimal(part["quantity"]) - taken).normalize(), "f")
            if "serials" in part:
                part["serials"] = part["serials"][: int(Decimal(part["quantity"]))]
        package["lines"] = [p for p in package["lines"] if Decimal(p["quantity"])]
    shipment["packages"] = [p for p in shipment["packages"] if p["lines"]]
    line = next(line for line in order["lines"] if line["ref"] == line_ref)
    add(line, "shipped", left - quantity)
    if shipment["status"] in ARRIVED:
        add(line, "delivered", left - quantity)
