"""Records and envelopes as a peer would send them, each test changing only what it is about."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any


START = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
_ids = count(1)


def address(ref: str = "S1", **changes: Any) -> dict[str, Any]:
    return {
        "ref": ref,
        "kind": ["ship_to"],
        "name": "Nordwerk plant 1",
        "lines": ["Hafenstrasse 12"],
        "city": "Hamburg",
        "postal_code": "20457",
        "country": "DE",
        **changes,
    }


def customer(ref: str = "C1", **changes: Any) -> dict[str, Any]:
    return {
        "ref": ref,
        "number": "10001",
        "name": f"Company {ref}",
        "language": "en",
        "time_zone": "Europe/Berlin",
        "addresses": [address()],
        **changes,
    }


def line(ref: str = "L1", ordered: str = "10", **changes: Any) -> dict[str, Any]:
    quantities = {"ordered": ordered, "confirmed": ordered, **changes.pop("quantities", {})}
    return {
        "ref": ref,
        "number": ref.lstrip("L"),
        "kind": "product",
        "sku": f"SKU-{ref}",
        "description": f"Ball bearing {ref}",
        "unit": "C62",
        "unit_price": "4.50",
        "amount": "45.00",
        "quantities": quantities,
        "promises": [
            {"kind": "requested", "from": "2026-11-25"},
            {"kind": "confirmed", "from": "2026-11-26"},
        ],
        **changes,
    }


def on_time(day: str = "2126-11-26") -> list[dict[str, Any]]:
    """A line promised for a day that no test will live to see."""
    return [line(promises=[{"kind": "confirmed", "from": day}])]


def shipment(ref: str = "D1", status: str = "dispatched", **changes: Any) -> dict[str, Any]:
    return {
        "ref": ref,
        "number": ref,
        "status": status,
        "from_location": {"ref": "W1", "name": "Warehouse Bremen"},
        "method": "parcel",
        "carrier": {"code": "dhl", "name": "DHL"},
        "shipped_at": "2026-11-20T15:00:00Z",
        "packages": [
            {
                "sscc": "340123450000000018",
                "tracking_number": "T100",
                "lines": [{"line_ref": "L1", "quantity": "10"}],
            }
        ],
        **changes,
    }


def order(ref: str = "SO-1001", customer_ref: str = "C1", **changes: Any) -> dict[str, Any]:
    return {
        "ref": ref,
        "number": ref,
        "customer_ref": customer_ref,
        "ship_to_ref": "S1",
        "customer_reference": "PO-77",
        "placed_at": "2026-11-19T09:30:00Z",
        "placed_by": "B. Buyer",
        "currency": "EUR",
        "totals": {"net": "45.00", "tax": "8.55", "gross": "53.55"},
        "delivery_address": address(),
        "lines": [line()],
        "shipments": [],
        "documents": [],
        **changes,
    }


def scan(id: str = "s1", code: str = "in_transit", **changes: Any) -> dict[str, Any]:
    return {
        "carrier": "dhl",
        "tracking_number": "T100",
        "id": id,
        "code": code,
        "occurred_at": "2026-11-20T18:00:00Z",
        "place": "Hannover",
        **changes,
    }


def tracking(*scans: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "carrier": "dhl",
        "tracking_number": "T100",
        "scans": list(scans) or [scan()],
        **changes,
    }


TYPE_OF = {
    "customer": "customer.updated.v1",
    "order": "order.updated.v1",
    "tracking": "tracking.updated.v1",
    "return": "return.updated.v1",
    "stock": "stock.updated.v1",
    "answer": "command.answered.v1",
}


def event(kind: str, record: dict[str, Any], version: int = 1, **changes: Any) -> dict[str, Any]:
    """A CloudEvent around a record; its time grows with its version unless said otherwise."""
    return {
        "specversion": "1.0",
        "id": f"e-{next(_ids)}",
        "source": "/erp/main",
        "type": TYPE_OF[kind],
        "subject": record.get("ref", ""),
        "time": (START + timedelta(minutes=min(version, 600))).isoformat(),
        "data": {"version": version, kind: deepcopy(record)},
        **changes,
    }


def encode(payload: Any) -> bytes:
    return json.dumps(payload).encode()
