"""What can happen to an order: each verb changes the record in place and says what it did.

A verb that makes no sense for an order raises Impossible.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import datetime
from decimal import Decimal
from random import Random
from typing import NamedTuple

from . import catalogue
from .lines import (
    Record,
    add,
    contents,
    count,
    is_confirmed,
    is_done,
    moving,
    products,
    put,
    to_ship,
)
from .scene import Impossible, Scene, need
from .shipping import PICKED, PLANNED, new_shipment


class Verb(NamedTuple):
    name: str
    label: str
    group: str
    act: Callable[[Scene], str]


VERBS: dict[str, Verb] = {}


def verb(label: str, group: str) -> Callable[[Callable[[Scene], str]], Callable[[Scene], str]]:
    def register(act: Callable[[Scene], str]) -> Callable[[Scene], str]:
        VERBS[act.__name__] = Verb(act.__name__, label, group, act)
        return act

    return register


def _open_lines(order: Record) -> list[Record]:
    return [line for line in products(order) if to_ship(order, line) > 0]


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
    order["documents"].append(_paper("confirmation", number, scene.now))
    return "confirmed"


def _paper(kind: str, number: str, now: datetime) -> Record:
    return {
        "ref": number,
        "kind": kind,
        "number": number,
        "issued_on": now.date().isoformat(),
        "media_type": "application/pdf",
    }


@verb("Delay the promise", "Order")
def delay(scene: Scene) -> str:
    lines = _open_lines(scene.order)
    need(lines and is_confirmed(scene.order), "nothing confirmed is open")
    days, reason = scene.rng.randint(4, 12), scene.rng.choice(catalogue.REASONS)
    for line in lines:
        _promise(line, "confirmed", scene.day(days + 4), reason)
    return f"promise moved: {reason}"


@verb("Backorder a line", "Order")
def backorder(scene: Scene) -> str:
    lines = [line for line in _open_lines(scene.order) if not count(line, "backordered")]
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
    lines = _open_lines(scene.order)
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


def _send_off(scene: Scene, shipment: Record) -> None:
    pickup = shipment["method"] == "pickup"
    shipment["status"] = "ready_for_pickup" if pickup else "dispatched"
    shipment["shipped_at"] = scene.at()
    by_ref = {line["ref"]: line for line in scene.order["lines"]}
    for ref, quantity in contents(shipment).items():
        add(by_ref[ref], "shipped", quantity)
        add(by_ref[ref], "allocated", -quantity)
    number = shipment["number"].replace("LS", "LN")
    scene.order["documents"].append(_paper("delivery_note", number, scene.now))
    _scan(scene, shipment, "pre_transit", "Shipment data received", "")


def _scan(scene: Scene, shipment: Record, code: str, text: str, place: str) -> None:
    if shipment["method"] != "parcel":
        return
    for package in shipment["packages"]:
        number = scene.fresh("scan")
        scan = {"id": f"scan-{number}", "code": code, "occurred_at": scene.at(), "text": text}
        if place:
            scan["place"] = place
        scene.scans.append(({"shipment": shipment, "package": package}, scan))


@verb("Plan a shipment", "Shipping")
def plan(scene: Scene) -> str:
    lines = _open_lines(scene.order)
    need(lines and is_confirmed(scene.order), "nothing confirmed is left to ship")
    parts = [(line, to_ship(scene.order, line)) for line in lines]
    for line, quantity in parts:
        add(line, "allocated", quantity)
    status = scene.rng.choice(["planned", "picking", "packed"])
    scene.order["shipments"].append(new_shipment(scene, parts, status))
    return "shipment planned"


@verb("Plan a part", "Shipping")
def plan_part(scene: Scene) -> str:
    lines = _open_lines(scene.order)
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
    lines = _open_lines(scene.order)
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


@verb("Carrier scan", "Carrier")
def scan(scene: Scene) -> str:
    shipment = _with_carrier(scene.order)
    hub = scene.rng.choice(catalogue.HUBS)
    _scan(scene, shipment, "in_transit", "Processed at the parcel centre", hub)
    return f"scanned in {hub}"


def _with_carrier(order: Record) -> Record:
    found = [s for s in moving(order) if s["method"] == "parcel"]
    need(found, "no parcel is on its way")
    return found[0]


@verb("Out for delivery", "Carrier")
def out_for_delivery(scene: Scene) -> str:
    shipment = _with_carrier(scene.order)
    _scan(scene, shipment, "out_for_delivery", "On the vehicle", _city(scene.order))
    return "out for delivery"


def _city(order: Record) -> str:
    return str(order["delivery_address"]["city"])


@verb("Delivery attempt fails", "Carrier")
def attempt_fails(scene: Scene) -> str:
    shipment = _with_carrier(scene.order)
    _scan(scene, shipment, "attempt_failed", "Nobody there to sign", _city(scene.order))
    return "attempt failed"


@verb("Damage on the way", "Carrier")
def damage(scene: Scene) -> str:
    shipment = _with_carrier(scene.order)
    hub = scene.rng.choice(catalogue.HUBS)
    _scan(scene, shipment, "exception.damaged", "Packaging damaged, being checked", hub)
    return "damaged"


@verb("Deliver", "Carrier")
def deliver(scene: Scene) -> str:
    shipments = moving(scene.order)
    need(shipments, "nothing is on its way")
    shipment = shipments[0]
    shipment["status"] = "collected" if shipment["method"] == "pickup" else "delivered"
    shipment["delivered_at"] = scene.at()
    signed = scene.rng.choice(["Goods in", "Reception", "Warehouse"])
    proof = _paper("proof_of_delivery", f"PD-{scene.fresh('document')}", scene.now)
    scene.order["documents"].append(proof)
    shipment["proof_of_delivery"] = {
        "signed_by": signed,
        "at": scene.at(),
        "document_ref": proof["ref"],
    }
    by_ref = {line["ref"]: line for line in scene.order["lines"]}
    for ref, quantity in contents(shipment).items():
        add(by_ref[ref], "delivered", quantity)
    _scan(scene, shipment, "delivered", f"Signed for by {signed}", _city(scene.order))
    if is_done(scene.order):
        number = f"RE-{scene.fresh('document')}"
        scene.order["documents"].append(_paper("invoice", number, scene.now))
    return f"{shipment['number']} delivered"


def possible(order: Record) -> list[str]:
    """The names of the verbs that can happen to this order, tried out on a copy."""
    found = []
    for name, entry in VERBS.items():
        scene = Scene(deepcopy(order), datetime.now().astimezone(), Random(0), lambda what: 1)
        try:
            entry.act(scene)
        except Impossible:
            continue
        found.append(name)
    return found
