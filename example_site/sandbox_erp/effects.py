"""What a command does to an order, and why it may not.

The ERP judges by itself: what hands are on already stays as it is, whatever the portal believed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from . import catalogue
from .cancelling import cancel_lines, cancel_shipments, take
from .lines import Record, contents, count, is_confirmed, is_done, products, to_ship
from .placing import CUSTOMERS
from .refusals import Refusal
from .scene import Scene
from .shipping import PLANNED, go_by, new_shipment


PLACE = ("ref", "name", "lines", "city", "region", "postal_code", "country", "gln")
PERSON = ("contact", "phone", "instructions")
Payload = Mapping[str, Any]


def carry_out(scene: Scene, kind: str, payload: Payload) -> None:
    """Change the order; Refusal says why not, and then the record is not to be kept."""
    order = scene.order
    if is_done(order):
        raise Refusal(409, "CLOSED", "Nothing of this order is open.")
    shipments = _targets(order, payload)
    if kind == "cancel":
        _cancel(order, payload, shipments, payload.get("lines") or [])
    elif kind == "change":
        _change(scene, payload, shipments)
    else:
        raise Refusal(422, "UNKNOWN_KIND", f"There is no command {kind}.")


def drop_line(order: Record) -> None:
    """A line that no shipment holds is gone from the record; else what is open of the last one."""
    held = {ref for shipment in order["shipments"] for ref in contents(shipment)}
    free = [line for line in products(order) if line["ref"] not in held]
    if free and len(products(order)) > 1:
        order["lines"].remove(free[-1])
    else:
        last = products(order)[-1]
        cancel_lines(order, [(last, to_ship(order, last))])


def _targets(order: Record, payload: Payload) -> list[Record]:
    """The shipments it is about: those named, else all that nobody picks yet."""
    by_ref = {shipment["ref"]: shipment for shipment in order["shipments"]}
    named = payload.get("shipments") or []
    if missing := [ref for ref in named if ref not in by_ref]:
        raise Refusal(409, "GONE", f"There is no delivery {missing[0]} any more.")
    found = [by_ref[ref] for ref in named]
    scope, lines = payload.get("scope", "order"), payload.get("lines")
    if not found and not lines and scope == "lines":
        raise Refusal(422, "NOTHING", "It names nothing that is to change.")
    if not found and not lines and scope == "order":
        found = [s for s in order["shipments"] if s["status"] in PLANNED]
        if not found and not any(to_ship(order, line) for line in products(order)):
            raise Refusal(409, "PICKED", "All of it is being picked or has left.")
    if picked := [s["number"] for s in found if s["status"] not in PLANNED]:
        raise Refusal(409, "PICKED", f"{', '.join(picked)} is being picked or has left.")
    return found


def _change(scene: Scene, payload: Payload, shipments: list[Record]) -> None:
    order, scope = scene.order, payload.get("scope", "order")
    lines = _named_lines(order, payload.get("lines") or [])
    if scope == "shipment" and not shipments:
        # What lies in no delivery yet.
        scope, lines = "lines", [(line, free) for line, free in _free(order) if free]
    if payload.get("cancel"):
        _cancel(order, payload, [], payload["cancel"])
    elsewhere = {"address", "ship_to_ref", "method", *PERSON} & set(payload)
    if scope == "lines" and elsewhere:
        shipments = [*shipments, _own_delivery(scene, lines)]
    if {"address", "ship_to_ref", *PERSON} & set(payload):
        _move(order, payload, shipments, whole=scope == "order")
    if method := payload.get("method"):
        _go_by(scene, payload, str(method), shipments)
    if window := payload.get("requested"):
        about = (
            [line for line, _ in lines] if scope == "lines" else _lines_of(order, scope, shipments)
        )
        _redate(scene, window, shipments, about)
        if scope == "order":
            order["requested"] = window


def _cancel(
    order: Record, payload: Payload, shipments: list[Record], lines: Iterable[Record]
) -> None:
    if named := _named_lines(order, lines, backordered=True):
        only = shipments if payload.get("scope") == "shipment" and shipments else None
        return cancel_lines(order, named, only)
    cancel_shipments(order, shipments)
    if payload.get("scope", "order") == "order":
        left = [(line, _open(order, line, backordered=True)) for line in products(order)]
        cancel_lines(order, [(line, quantity) for line, quantity in left if quantity])


def _named_lines(
    order: Record, named: Iterable[Record], backordered: bool = False
) -> list[tuple[Record, Decimal]]:
    """The lines of a wish, each with its quantity or all that is open of it."""
    by_ref = {line["ref"]: line for line in products(order)}
    found = []
    for part in named:
        ref = part.get("line_ref") or part.get("ref")
        if ref not in by_ref:
            raise Refusal(422, "UNKNOWN_LINE", f"There is no line {ref}.")
        line = by_ref[ref]
        try:
            quantity = Decimal(part.get("quantity") or _open(order, line, backordered))
        except InvalidOperation:
            quantity = Decimal(0)
        if quantity <= 0:
            raise Refusal(422, "BAD_QUANTITY", f"How many of {ref}?")
        found.append((line, quantity))
    return found


def _free(order: Record) -> list[tuple[Record, Decimal]]:
    return [(line, to_ship(order, line)) for line in products(order)]


def _open(order: Record, line: Record, backordered: bool) -> Decimal:
    planned = [s for s in order["shipments"] if s["status"] in PLANNED]
    held = sum((contents(s).get(line["ref"], Decimal(0)) for s in planned), Decimal(0))
    waiting = count(line, "backordered") if backordered else Decimal(0)
    return to_ship(order, line) + held + waiting


def _own_delivery(scene: Scene, lines: list[tuple[Record, Decimal]]) -> Record:
    """A planned shipment of these units, taken from wherever they are."""
    for line, quantity in lines:
        take(scene.order, line, quantity - min(quantity, to_ship(scene.order, line)))
    made = new_shipment(scene, lines, "planned")
    scene.order["shipments"].append(made)
    return made


def _move(order: Record, payload: Payload, shipments: list[Record], whole: bool) -> None:
    old = order["delivery_address"]
    for shipment in shipments if not whole else [s for s in shipments if s.get("address")]:
        shipment["address"] = _place(order, payload, shipment.get("address") or old)
    if not whole:
        return
    for shipment in order["shipments"]:
        if shipment not in shipments:
            # It goes where it was going, whatever the order says from now on.
            shipment.setdefault("address", old)
    order["delivery_address"] = _place(order, payload, old)
    if ref := payload.get("ship_to_ref"):
        order["ship_to_ref"] = ref


def _place(order: Record, payload: Payload, old: Record) -> Record:
    place = payload.get("address")
    if not place and (ref := payload.get("ship_to_ref")):
        book = CUSTOMERS[order["customer_ref"]]["addresses"]
        place = next((address for address in book if address["ref"] == ref), None)
        if place is None:
            raise Refusal(422, "UNKNOWN_PLACE", f"There is no place {ref}.")
    place = dict(place or old)
    place |= {name: payload[name] for name in PERSON if name in payload}
    if not (place.get("country") and place.get("city") and place.get("lines")):
        raise Refusal(422, "BAD_ADDRESS", "An address has a street, a city and a country.")
    return {name: place[name] for name in (*PLACE, *PERSON) if place.get(name)}


def _go_by(scene: Scene, payload: Payload, method: str, shipments: list[Record]) -> None:
    if method not in ("parcel", "freight", "pickup"):
        raise Refusal(422, "UNKNOWN_METHOD", f"Nothing goes by {method}.")
    branches = {place["ref"]: place for place in [*catalogue.WAREHOUSES, catalogue.LYON]}
    branch = payload.get("pickup_ref")
    if method == "pickup" and branch and branch not in branches:
        raise Refusal(422, "UNKNOWN_PLACE", f"There is no branch {branch}.")
    for shipment in shipments:
        eta = shipment.get("eta")
        go_by(scene, shipment, method)
        if eta and "eta" in shipment:
            shipment["eta"] = eta
        if method == "pickup" and branch:
            shipment["from_location"] = branches[branch]
    if payload.get("scope", "order") == "order":
        scene.order["_method"] = method


def _lines_of(order: Record, scope: str, shipments: list[Record]) -> list[Record]:
    held = {ref for shipment in shipments for ref in contents(shipment)}
    return [
        line
        for line in products(order)
        if line["ref"] in held or (scope == "order" and to_ship(order, line))
    ]


def _redate(scene: Scene, window: Record, shipments: list[Record], lines: list[Record]) -> None:
    try:
        day = date.fromisoformat(str(window["from"])[:10])
    except (KeyError, ValueError):
        raise Refusal(422, "BAD_DATE", "When?") from None
    if day < scene.now.date():
        raise Refusal(422, "PAST_DATE", f"{day} is over.")
    firm = "confirmed" if is_confirmed(scene.order) else "estimated"
    for line in lines:
        line["promises"] = [
            {"kind": "requested", **window},
            {"kind": firm, "from": day.isoformat()},
        ]
    for shipment in shipments:
        shipment["planned_on"] = max(scene.now.date(), _working_day_before(day)).isoformat()
        if "eta" in shipment:
            shipment["eta"] = {"from": day.isoformat()}
        if shipment["method"] == "freight":
            shipment["freight"]["appointment"] = day.isoformat()
        if shipment["method"] == "pickup":
            shipment["pickup"]["ready"] = day.isoformat()


def _working_day_before(day: date) -> date:
    day -= timedelta(days=1)
    while day.weekday() > 4:
        day -= timedelta(days=1)
    return day
