"""The places that somebody may have an order sent to: those of the company's own book."""

from __future__ import annotations

from typing import Any

from oms_portal.customers.access import Actor, can, visible
from oms_portal.customers.models import Address
from oms_portal.orders.models import Order


MEMBERS = ("name", "lines", "city", "region", "postal_code", "country")
EXTRAS = ("contact", "phone", "instructions")


def book_of(actor: Actor, order: Order) -> list[Address]:
    """Ship-tos of the order's company that this person may change deliveries for; one query."""
    rows = visible(actor, Address).filter(company=order.company_id, archived_at=None)
    return [
        place
        for place in rows.order_by("name", "city", "ref")
        if (not place.kind or "ship_to" in place.kind) and can(actor, "change", place)
    ]


def place_of(address: Address) -> dict[str, Any]:
    """A place of the book in the shape of ``ChangeRequest.requested["address"]``, and its ref."""
    return {name: getattr(address, name) for name in ("ref", *MEMBERS, *EXTRAS)}
