"""Orders as they stand, made without any row; a test names only what it is about."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from oms_portal.changes.cutoffs import Limit
from oms_portal.changes.models import Aspect
from oms_portal.changes.standing import Part, Standing
from oms_portal.orders.models import Order


NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)


def part(number: str = "", *, closed: str = "", **changes: Any) -> Part:
    """A delivery with ten of L1, open for everything or closed because of ``closed``; "" is what
    lies in none. ``limit`` is what its limits say besides."""
    limit = Limit(open=not closed, reason=closed, **changes.pop("limit", {}))
    told: dict[str, Any] = {
        "thread": f"t-{number}" if number else "",
        "number": number,
        "status": closed or ("planned" if number else "none"),
        "method": "parcel",
        "lines": {"L1": Decimal(10)},
        "limits": dict.fromkeys(Aspect, limit),
    }
    return Part(**told | changes)


def standing(*parts: Part, **changes: Any) -> Standing:
    told: dict[str, Any] = {
        "order": Order(ref="SO-1", slug="SO-1", number="SO-1", net=Decimal(100)),
        "now": NOW,
        "zone": "Europe/Berlin",
        "aspects": frozenset(Aspect),
        "parts": parts,
        "values": {},
        "open": (),
        "basis": "b",
    }
    return Standing(**told | changes)
