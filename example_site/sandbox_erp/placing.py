"""New orders: who buys what, to which place."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from . import catalogue


CUSTOMERS = {customer["ref"]: customer for customer in catalogue.CUSTOMERS}
PRODUCTS = {product.sku: product for product in catalogue.PRODUCTS}
CENT = Decimal("0.01")


def source_of(customer_ref: str, rng: Random) -> str:
    """The system an order is kept in; only one customer's may lie in the branch's."""
    if customer_ref == catalogue.BRANCH_CUSTOMER and rng.random() < 0.4:
        return "lyon"
    return "main"


def new_order(
    customer_ref: str,
    source: str,
    now: datetime,
    rng: Random,
    fresh: Callable[[str], int],
    ship_to: str = "",
) -> dict[str, Any]:
    """To one of the customer's places, chosen by chance where none is named."""
    customer = CUSTOMERS[customer_ref]
    places = [p for p in customer["addresses"] if ship_to in ("", p["ref"])]
    place = rng.choice(places)
    address = {key: value for key, value in place.items() if key != "kind"}
    ref = f"{'LY' if source == 'lyon' else 'SO'}-{fresh('order')}"
    lines = _lines(now, rng)
    wanted = (now + timedelta(days=rng.randint(5, 15))).date().isoformat()
    return {
        "ref": ref,
        "number": ref,
        "customer_ref": customer_ref,
        "ship_to_ref": place["ref"],
        "customer_reference": f"PO-{rng.randint(20000, 99999)}",
        "placed_at": now.isoformat(),
        "placed_by": rng.choice(catalogue.BUYERS[customer_ref]),
        "currency": "GBP" if place["country"] == "GB" else "EUR",
        "totals": totals(lines),
        "requested": {"from": wanted},
        "delivery_address": address,
        "billing_address": {k: v for k, v in customer["addresses"][0].items() if k != "kind"},
        "terms": rng.choice(catalogue.TERMS),
        "incoterm": rng.choice(["DAP", "DAP", "EXW"]),
        "cost_centre": rng.choice(["", "4100", "4210", "Maintenance"]),
        "raw_status": "OPEN",
        "lines": lines,
        "shipments": [],
        "documents": [],
        "_method": rng.choice(["parcel"] * 7 + ["freight"] * 2 + ["pickup"]),
        "_source": source,
    }


def _lines(now: datetime, rng: Random) -> list[dict[str, Any]]:
    lines = []
    wanted = (now + timedelta(days=rng.randint(5, 15))).date().isoformat()
    for index, product in enumerate(rng.sample(catalogue.PRODUCTS, rng.choice([1, 2, 2, 3, 4, 6]))):
        ordered = rng.choice([1, 2, 4, 5, 10, 12, 20, 50])
        lines.append(line(index, product, ordered, wanted))
    if rng.random() < 0.3:
        lines.append(
            {
                "ref": "F1",
                "number": "900",
                "kind": "charge",
                "description": "Freight and packing",
                "unit": "C62",
                "amount": "14.50",
                "quantities": {"ordered": "1"},
                "promises": [],
            }
        )
    return lines


def line(index: int, product: catalogue.Product, ordered: int, wanted: str) -> dict[str, Any]:
    """An order line as it is placed; ``wanted`` is a day."""
    return {
        "ref": f"L{index + 1}",
        "number": str((index + 1) * 10),
        "kind": "product",
        "sku": product.sku,
        "gtin": product.gtin,
        "description": product.description,
        "unit": product.unit,
        "unit_price": product.price,
        "amount": str((Decimal(product.price) * ordered).quantize(CENT)),
        "quantities": {"ordered": str(ordered)},
        "promises": [{"kind": "requested", "from": wanted}],
    }


def lines_of(wanted: Iterable[tuple[str, int]], day: str) -> list[dict[str, Any]]:
    """Lines of these articles, each with its number. KeyError for one that nobody makes."""
    return [
        line(index, PRODUCTS[sku], int(ordered), day) for index, (sku, ordered) in enumerate(wanted)
    ]


def totals(lines: list[dict[str, Any]]) -> dict[str, str]:
    net = sum((Decimal(line["amount"]) for line in lines if "amount" in line), Decimal(0))
    tax = (net * Decimal("0.19")).quantize(CENT)
    return {"net": str(net), "tax": str(tax), "gross": str(net + tax)}
