"""What of an order can be changed now, until when, and why not: for each delivery by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from oms_portal.orders.models import Order

from .models import Aspect, ChangeRequest


@dataclass(frozen=True)
class Limit:
    """``until`` in UTC; None where no hour is known ("until we pick it"). ``reason`` is why it is
    closed, as a code of ``reasons``; ``words`` are staff's own in place of those. ``fee`` and
    ``later`` (working days) are what the rule says a change costs."""

    open: bool
    until: datetime | None = None
    reason: str = ""
    words: str = ""
    fee: Decimal | None = None
    fee_currency: str = ""
    later: int = 0
    rule: str = ""


@dataclass(frozen=True)
class Part:
    """A delivery, or, with ``thread`` "", the units that lie in none yet. ``lines`` maps line refs
    to quantities; ``values`` are the ERP's: address, contact, phone, instructions, requested,
    method."""

    thread: str
    number: str
    status: str
    method: str
    lines: Mapping[str, Decimal]
    limits: Mapping[Aspect, Limit]
    ref: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)

    def allows(self, aspect: Aspect) -> bool:
        return aspect in self.limits and self.limits[aspect].open


@dataclass(frozen=True)
class Standing:
    """``aspects`` are those that the ERP's connector takes at all. ``values`` are the order's own,
    shaped as ``ChangeRequest.requested``. ``open`` are its open requests, the oldest first.
    ``basis`` is a digest of all that a form shows of this: other basis, other form (412)."""

    order: Order
    now: datetime
    zone: str
    aspects: frozenset[Aspect]
    parts: tuple[Part, ...]
    values: Mapping[str, Any]
    open: tuple[ChangeRequest, ...]
    basis: str

    def changeable(self, aspect: Aspect) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if aspect in self.aspects and part.allows(aspect))

    def until(self, aspect: Aspect) -> datetime | None:
        """When the last part that can still be changed closes; None where no hour is known."""
        ends = [part.limits[aspect].until for part in self.changeable(aspect)]
        known = [end for end in ends if end]
        return max(known) if known and len(known) == len(ends) else None
