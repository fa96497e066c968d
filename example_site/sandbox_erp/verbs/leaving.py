"""Shipments: planned, picked, split, sent off, and made anew under another number."""

from __future__ import annotations

from decimal import Decimal

from example_site.sandbox_erp.lines import (
    Record,
    add,
    contents,
    is_confirmed,
    moving,
    open_lines,
    to_ship,
)
from example_site.sandbox_erp.papers import paper
from example_site.sandbox_erp.scene import Scene, need
from example_site.sandbox_erp.shipping import PICKED, PLANNED, new_shipment

from .carrying import tell_scan
from .registry import verb


def _send_off(scene: Scene, shipment: Record) -> None:
    pickup = shipment["method"] == "pickup"
    shipment["status"] = "ready_for_pickup" if pickup else "dispatched"
    shipment["shipped_at"] = scene.at()
    by_ref = {line["ref"]: line for line in scene.order["lines"]}
    for ref, quantity in contents(shipment).items():
        add(by_ref[ref], "shipped", quantity)
        add(by_ref[ref], "allocated", -quantity)
    number = shipment["number"].replace("LS", "LN")
    scene.order["documents"].append(paper("delivery_note", number, scene.now))
    tell_scan(scene, shipment, "pre_transit", "Shipment data received", "")


@verb("Plan a shipment", "Shipping")
def plan(scene: Scene) -> str:
    lines = open_lines(scene.order)
    need(lines and is_confirmed(scene.order), "nothing confirmed is left to ship")
    parts = [(line, to_ship(scene.order, line)) for line in lines]
    for line, quantity in parts:
        add(line, "allocated", quantity)
    status = scene.rng.choice(["planned", "picking", "packed"])
    scene.order["shipments"].append(new_shipment(scene, parts, status))
    return "shipment planned"


@verb("Plan a part", "Shipping")
def plan_part(scene: Scene) -> str:
    lines = open_lines(scene.order)
    need(lines and is_confirmed(scene.order), "nothing confirmed is left to ship")
    parts = _some(scene.order, lines)
    for line, quantity in parts:
        add(line, "allocated", quantity)
    scene.order["shipments"].append(new_shipment(scene, parts, "planned"))
    return "a part is planned"


def _some(order: Record, lines: list[Record]) -> list[tuple[Record, Decimal]]:
    """About half of what is open."""
    parts = [(line, to_ship(order, line)) for line in lines[: max(1, len(lines) // 2)]]
    if len(lines) == 1 and parts[0][1] > 1:
        return [(lines[0], (parts[0][1] / 2).to_integral_value())]
    return parts


@verb("Pick the planned shipment", "Shipping")
def pick(scene: Scene) -> str:
    planned = [s for s in scene.order["shipments"] if s["status"] in PLANNED]
    need(planned, "no shipment waits to be picked")
    planned[0]["status"] = "picking"
    return f"{planned[0]['number']} is being picked"


@verb("Split the planned shipment", "Shipping")
def split(scene: Scene) -> str:
    planned = _planned(scene.order)
    need(planned, "no shipment is planned")
    whole = planned[0]
    held = contents(whole)
    big = {ref: quantity for ref, quantity in held.items() if quantity >= 2}
    need(big or len(held) > 1, "it holds a single piece")
    first, second = _halves(held)
    by_ref = {line["ref"]: line for line in scene.order["lines"]}
    scene.order["shipments"].remove(whole)
    for half in (first, second):
        parts = [(by_ref[ref], quantity) for ref, quantity in half.items() if quantity]
        scene.order["shipments"].append(new_shipment(scene, parts, "planned"))
    return f"{whole['number']} split in two"


def _halves(held: dict[str, Decimal]) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
    if len(held) > 1:
        refs = list(held)
        return {r: held[r] for r in refs[::2]}, {r: held[r] for r in refs[1::2]}
    ((ref, quantity),) = held.items()
    half = (quantity / 2).to_integral_value()
    return {ref: half}, {ref: quantity - half}


def _planned(order: Record) -> list[Record]:
    return [s for s in order["shipments"] if s["status"] in (*PLANNED, *PICKED)]


@verb("Ship everything", "Shipping")
def ship(scene: Scene) -> str:
    if not _planned(scene.order):
        plan(scene)
    numbers = []
    for shipment in _planned(scene.order):
        _send_off(scene, shipment)
        numbers.append(shipment["number"])
    return f"{', '.join(numbers)} shipped"


@verb("Ship a part", "Shipping")
def ship_part(scene: Scene) -> str:
    lines = open_lines(scene.order)
    need(lines and is_confirmed(scene.order), "nothing confirmed is left to ship")
    shipment = new_shipment(scene, _some(scene.order, lines), "packed")
    scene.order["shipments"].append(shipment)
    _send_off(scene, shipment)
    return f"{shipment['number']} shipped"


@verb("Replace the shipment under a new number", "Shipping")
def replace_shipment(scene: Scene) -> str:
    candidates = moving(scene.order) or _planned(scene.order)
    need(candidates, "no shipment is on its way")
    old = candidates[-1]
    number = f"LS-{scene.fresh('shipment')}"
    place = scene.order["shipments"].index(old)
    scene.order["shipments"][place] = {**old, "ref": number, "number": number}
    return f"{old['number']} became {number}"
