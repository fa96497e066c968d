"""What one event says of an order, reduced to what its history is made of. Pure.

A snapshot is plain JSON, with lists where the order counts: databases do not keep that of objects.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from oms_portal.erp import schemas

from .models import ShipmentStatus
from .moments import write
from .rollup import COUNTERS, counters


Snapshot = dict[str, Any]


def snapshot_of(order: schemas.Order) -> Snapshot:
    """{number, customer, placed_at, by, on_hold, place, lines[], shipments[], documents[]}."""
    return {
        "number": order.number,
        "customer": order.customer_ref,
        "placed_at": write(order.placed_at),
        "by": order.placed_by,
        "on_hold": order.on_hold,
        "place": order.delivery_address.model_dump(
            mode="json", include={"name", "lines", "city", "region", "postal_code", "country"}
        ),
        "lines": [_line(line) for line in order.lines if line.kind == "product"],
        "shipments": [_shipment(shipment) for shipment in order.shipments],
        "documents": [
            {"ref": paper.ref, "kind": paper.kind, "number": paper.number}
            for paper in order.documents
        ],
    }


def status_word(told: str) -> ShipmentStatus:
    """The shipment status of the contract; an ERP's own code counts as unknown."""
    word = told.strip().lower()
    return ShipmentStatus(word) if word in ShipmentStatus.values else ShipmentStatus.UNKNOWN


def terms_json(terms: Iterable[schemas.PromiseTerm]) -> list[dict[str, Any]]:
    """Promises as an order line keeps them: [{kind, from, to?, quantity?, reason?}]."""
    return [
        {
            "kind": term.kind,
            "from": write(term.from_),
            **({"to": write(term.to)} if term.to else {}),
            **({"quantity": str(term.quantity)} if term.quantity is not None else {}),
            **({"reason": term.reason} if term.reason else {}),
        }
        for term in terms
    ]


def _line(line: schemas.Line) -> dict[str, Any]:
    shown = counters(line.quantities)
    told = {name: getattr(shown, name) for name in COUNTERS}
    return {
        "ref": line.ref,
        "number": line.number,
        "quantities": {name: plain(value) for name, value in told.items() if value},
        "terms": terms_json(line.promises),
    }


def _shipment(shipment: schemas.Shipment) -> dict[str, Any]:
    packed: dict[str, Decimal] = {}
    for package in shipment.packages:
        for line in package.lines:
            packed[line.line_ref] = packed.get(line.line_ref, Decimal(0)) + line.quantity
    return {
        "ref": shipment.ref,
        "number": shipment.number,
        "status": status_word(shipment.status).value,
        "carrier": shipment.carrier.name or shipment.carrier.code if shipment.carrier else "",
        "method": shipment.method,
        "shipped_at": write(shipment.shipped_at) if shipment.shipped_at else None,
        "delivered_at": write(shipment.delivered_at) if shipment.delivered_at else None,
        "lines": [[ref, plain(quantity)] for ref, quantity in packed.items()],
        "numbers": sorted({p.tracking_number for p in shipment.packages if p.tracking_number}),
    }


def plain(value: Decimal) -> str:
    """A decimal as people write it: no exponent, no idle zeros."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
