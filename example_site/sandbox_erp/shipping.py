"""The shipments it makes: packages, numbers, and what each way of delivery needs."""

from __future__ import annotations

from decimal import Decimal

from . import catalogue
from .lines import Record
from .scene import Scene


# Where it can still be changed, and where hands are on it already.
PLANNED, PICKED = ("planned", "released"), ("picking", "packed")
HOURS = "Mon–Fri 7–17"
# What has serial numbers, and how those of its maker begin.
NUMBERED = {"GM": "NM", "HC": "HZ"}


def new_shipment(scene: Scene, parts: list[tuple[Record, Decimal]], status: str) -> Record:
    order = scene.order
    number = f"LS-{scene.fresh('shipment')}"
    branch = order["ref"].startswith("LY")
    made: Record = {
        "ref": number,
        "number": number,
        "status": status,
        "from_location": catalogue.LYON if branch else scene.rng.choice(catalogue.WAREHOUSES),
        "packages": _packages(scene, parts),
    }
    go_by(scene, made, order.get("_method", "parcel"))
    if status == "planned":
        made["planned_on"] = scene.day(2)
    return made


def go_by(scene: Scene, shipment: Record, method: str) -> None:
    """Let it go by this way of delivery, with what that needs and without what others do."""
    for member in ("carrier", "service", "freight", "pickup", "eta"):
        shipment.pop(member, None)
    for package in shipment["packages"]:
        package.pop("tracking_number", None)
    shipment["method"] = method
    {"parcel": _by_parcel, "freight": _by_freight, "pickup": _by_pickup}[method](scene, shipment)


def _by_parcel(scene: Scene, shipment: Record) -> None:
    carrier = scene.rng.choice(catalogue.PARCEL_CARRIERS)
    shipment["carrier"] = {"code": carrier["code"], "name": carrier["name"]}
    shipment["service"] = carrier["service"]
    shipment["eta"] = {"from": scene.day(2), "to": scene.day(4)}
    for package in shipment["packages"]:
        package["tracking_number"] = f"{carrier['code'].upper()}{scene.fresh('parcel')}"


def _by_freight(scene: Scene, shipment: Record) -> None:
    shipment["carrier"] = catalogue.FREIGHT_CARRIER
    shipment["eta"] = {"from": scene.day(2), "to": scene.day(4)}
    shipment["freight"] = {"pallets": len(shipment["packages"]), "tail_lift": True}
    shipment["freight"]["appointment"] = scene.day(3)


def _by_pickup(scene: Scene, shipment: Record) -> None:
    code = str(scene.rng.randint(1000, 9999))
    ready = scene.now.date().isoformat()
    shipment["pickup"] = {"ready": ready, "code": code, "hours": HOURS}


def _packages(scene: Scene, parts: list[tuple[Record, Decimal]]) -> list[Record]:
    boxes = min(len(parts), scene.rng.choice([1, 1, 1, 2, 3]))
    packages: list[Record] = [
        {"sscc": _sscc(scene.fresh("sscc")), "lines": []} for _ in range(boxes)
    ]
    for index, (line, quantity) in enumerate(parts):
        held: Record = {"line_ref": line["ref"], "quantity": format(quantity.normalize(), "f")}
        if line["sku"].startswith(("PV", "GR")):
            held["lot"] = f"L{scene.rng.randint(2400, 2699)}"
        if maker := NUMBERED.get(line["sku"][:2]):
            held["serials"] = [f"{maker}{scene.fresh('serial')}" for _ in range(int(quantity))]
        packages[index % boxes]["lines"].append(held)
    return packages


def _sscc(number: int) -> str:
    """GS1 General Specifications 7.9.1: the last digit makes the weighted sum a multiple of ten."""
    digits = f"34006381{number:09d}"
    total = sum(int(d) * (3 if i % 2 == 0 else 1) for i, d in enumerate(digits))
    return f"{digits}{-total % 10}"
