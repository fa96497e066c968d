"""What carriers do with a shipment, up to its delivery."""

from __future__ import annotations

from example_site.sandbox_erp import catalogue
from example_site.sandbox_erp.lines import Record, add, contents, is_done, moving
from example_site.sandbox_erp.papers import paper
from example_site.sandbox_erp.scene import Scene, need

from .registry import verb


def tell_scan(scene: Scene, shipment: Record, code: str, text: str, place: str) -> None:
    if shipment["method"] != "parcel":
        return
    for package in shipment["packages"]:
        number = scene.fresh("scan")
        scan = {"id": f"scan-{number}", "code": code, "occurred_at": scene.at(), "text": text}
        if place:
            scan["place"] = place
        scene.scans.append(({"shipment": shipment, "package": package}, scan))


@verb("Carrier scan", "Carrier")
def scan(scene: Scene) -> str:
    shipment = _with_carrier(scene.order)
    hub = scene.rng.choice(catalogue.HUBS)
    tell_scan(scene, shipment, "in_transit", "Processed at the parcel centre", hub)
    return f"scanned in {hub}"


def _with_carrier(order: Record) -> Record:
    found = [s for s in moving(order) if s["method"] == "parcel"]
    need(found, "no parcel is on its way")
    return found[0]


@verb("Out for delivery", "Carrier")
def out_for_delivery(scene: Scene) -> str:
    shipment = _with_carrier(scene.order)
    tell_scan(scene, shipment, "out_for_delivery", "On the vehicle", _city(scene.order))
    return "out for delivery"


def _city(order: Record) -> str:
    return str(order["delivery_address"]["city"])


@verb("Delivery attempt fails", "Carrier")
def attempt_fails(scene: Scene) -> str:
    shipment = _with_carrier(scene.order)
    tell_scan(scene, shipment, "attempt_failed", "Nobody there to sign", _city(scene.order))
    return "attempt failed"


@verb("Damage on the way", "Carrier")
def damage(scene: Scene) -> str:
    shipment = _with_carrier(scene.order)
    hub = scene.rng.choice(catalogue.HUBS)
    tell_scan(scene, shipment, "exception.damaged", "Packaging damaged, being checked", hub)
    return "damaged"


@verb("Deliver", "Carrier")
def deliver(scene: Scene) -> str:
    shipments = moving(scene.order)
    need(shipments, "nothing is on its way")
    shipment = shipments[0]
    shipment["status"] = "collected" if shipment["method"] == "pickup" else "delivered"
    shipment["delivered_at"] = scene.at()
    signed = scene.rng.choice(["Goods in", "Reception", "Warehouse"])
    proof = paper("proof_of_delivery", f"PD-{scene.fresh('document')}", scene.now)
    scene.order["documents"].append(proof)
    shipment["proof_of_delivery"] = {
        "signed_by": signed,
        "at": scene.at(),
        "document_ref": proof["ref"],
    }
    by_ref = {line["ref"]: line for line in scene.order["lines"]}
    for ref, quantity in contents(shipment).items():
        add(by_ref[ref], "delivered", quantity)
    tell_scan(scene, shipment, "delivered", f"Signed for by {signed}", _city(scene.order))
    if is_done(scene.order):
        number = f"RE-{scene.fresh('document')}"
        scene.order["documents"].append(paper("invoice", number, scene.now))
    return f"{shipment['number']} delivered"
