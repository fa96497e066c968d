"""Promises and holds: what happens to an order before anything of it moves."""

from __future__ import annotations

from decimal import Decimal

from example_site.sandbox_erp import catalogue
from example_site.sandbox_erp.lines import (
    Record,
    add,
    count,
    is_confirmed,
    is_done,
    open_lines,
    products,
    put,
    to_ship,
)
from example_site.sandbox_erp.papers import paper
from example_site.sandbox_erp.scene import Scene, need

from .registry import verb


def _promise(line: Record, kind: str, day: str, reason: str = "") -> None:
    kept = [p for p in line["promises"] if p["kind"] == "requested"]
    line["promises"] = [
        *kept,
        {"kind": kind, "from": day, **({"reason": reason} if reason else {})},
    ]


@verb("Confirm", "Order")
def confirm(scene: Scene) -> str:
    order = scene.order
    lines = [line for line in products(order) if not count(line, "confirmed")]
    need(lines, "it is confirmed already")
    for line in lines:
        free = count(line, "ordered") - count(line, "cancelled") - count(line, "backordered")
        put(line, "confirmed", free)
        _promise(line, "confirmed", scene.day(scene.rng.randint(3, 8)))
    order["raw_status"] = "CONF"
    number = f"AB-{scene.fresh('document')}"
    order["documents"].append(paper("confirmation", number, scene.now))
    return "confirmed"


@verb("Delay the promise", "Order")
def delay(scene: Scene) -> str:
    lines = open_lines(scene.order)
    need(lines and is_confirmed(scene.order), "nothing confirmed is open")
    days, reason = scene.rng.randint(4, 12), scene.rng.choice(catalogue.REASONS)
    for line in lines:
        _promise(line, "confirmed", scene.day(days + 4), reason)
    return f"promise moved: {reason}"


@verb("Backorder a line", "Order")
def backorder(scene: Scene) -> str:
    lines = [line for line in open_lines(scene.order) if not count(line, "backordered")]
    need(lines, "no line is open")
    line = lines[-1]
    short = max(Decimal(1), (to_ship(scene.order, line) / 2).to_integral_value())
    put(line, "backordered", short)
    put(line, "confirmed", max(Decimal(0), count(line, "ordered") - short))
    _promise(line, "estimated", scene.day(scene.rng.randint(14, 35)), "Waiting for the maker")
    return f"{short} of {line['sku']} backordered"


@verb("Backorder arrives", "Order")
def restock(scene: Scene) -> str:
    lines = [line for line in products(scene.order) if count(line, "backordered")]
    need(lines, "nothing is backordered")
    for line in lines:
        put(line, "backordered", Decimal(0))
        put(line, "confirmed", count(line, "ordered") - count(line, "cancelled"))
        _promise(line, "confirmed", scene.day(3))
    return "backorder arrived"


@verb("Cancel a line", "Order")
def cancel_line(scene: Scene) -> str:
    lines = open_lines(scene.order)
    need(lines, "no line is open")
    line = lines[-1]
    add(line, "cancelled", to_ship(scene.order, line))
    put(line, "confirmed", max(Decimal(0), count(line, "ordered") - count(line, "cancelled")))
    return f"{line['sku']} cancelled"


@verb("Put on hold", "Order")
def hold(scene: Scene) -> str:
    need(not scene.order.get("on_hold"), "it is on hold already")
    need(not is_done(scene.order), "it is done")
    scene.order["on_hold"] = True
    return "on hold"


@verb("Release from hold", "Order")
def release(scene: Scene) -> str:
    need(scene.order.get("on_hold"), "it is not on hold")
    scene.order["on_hold"] = False
    return "released"
