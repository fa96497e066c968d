"""An order in full, as a page, a tracker or an export shows it: frozen, and free of the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from .models import ShipmentStatus, TrackingStatus
from .moments import Moment
from .promises import Term
from .rollup import Counters
from .summary import OrderSummary


@dataclass(frozen=True)
class Place:
    """An address as the order told it; ``lines`` stand above city and postal code."""

    name: str = ""
    lines: tuple[str, ...] = ()
    postal_code: str = ""
    city: str = ""
    region: str = ""
    country: str = ""
    contact: str = ""
    phone: str = ""
    instructions: str = ""
    gln: str = ""

    @classmethod
    def of(cls, told: Mapping[str, Any] | None) -> Place | None:
        if not told:
            return None
        known = {name: told[name] for name in cls.__dataclass_fields__ if name in told}
        return cls(**{**known, "lines": tuple(told.get("lines", ()))})


@dataclass(frozen=True)
class Entry:
    """One entry of a line's promise ledger. ``reason`` is a code of ``messages`` or told words;
    ``days_late`` counts from the line's first promise."""

    made_at: datetime
    kind: str
    starts: Moment
    ends: Moment | None
    days_late: int
    reason: str


@dataclass(frozen=True)
class LineDetail:
    """``terms`` are the current ones, ``promise`` the binding one; the ledger is oldest first."""

    ref: str
    number: str
    kind: str
    sku: str
    description: str
    unit: str
    unit_price: Decimal | None
    amount: Decimal | None
    counters: Counters
    promise: Term | None = None
    terms: tuple[Term, ...] = ()
    ledger: tuple[Entry, ...] = ()
    serials: tuple[str, ...] = ()
    lot: str = ""

    @property
    def first(self) -> Entry | None:
        return self.ledger[0] if self.ledger else None

    @property
    def days_late(self) -> int:
        return self.ledger[-1].days_late if self.ledger else 0

    @property
    def reason(self) -> str:
        return self.ledger[-1].reason if self.ledger else ""


@dataclass(frozen=True)
class PackedLine:
    """What of a line lies in a package; number, sku and description are the order line's."""

    line_ref: str
    quantity: Decimal
    number: str = ""
    sku: str = ""
    description: str = ""
    unit: str = ""
    lot: str = ""
    serials: tuple[str, ...] = ()


@dataclass(frozen=True)
class ScanDetail:
    """A scan; ``text`` is the carrier's own words."""

    status: TrackingStatus
    detail: str
    at: datetime
    place: str = ""
    text: str = ""
    source: str = ""


@dataclass(frozen=True)
class PackageDetail:
    """``link`` is checked and safe to render; ``scans`` are newest first. ``status`` is None
    where no carrier said a word."""

    sscc: str
    tracking_number: str
    carrier: str
    link: str | None
    status: TrackingStatus | None
    detail: str
    at: datetime | None
    eta: Moment | None
    lines: tuple[PackedLine, ...] = ()
    scans: tuple[ScanDetail, ...] = ()


@dataclass(frozen=True)
class ShipmentDetail:
    """``thread`` stays the same when the ERP replaced the shipment by another. ``freight``,
    ``pickup`` and ``proof_of_delivery`` are as on the wire."""

    ref: str
    thread: str
    number: str
    status: ShipmentStatus
    method: str
    carrier: str
    service: str = ""
    from_name: str = ""
    planned_on: Moment | None = None
    shipped_at: datetime | None = None
    eta_from: Moment | None = None
    eta_to: Moment | None = None
    delivered_at: datetime | None = None
    address: Place | None = None
    freight: Mapping[str, Any] | None = None
    pickup: Mapping[str, Any] | None = None
    proof_of_delivery: Mapping[str, Any] | None = None
    packages: tuple[PackageDetail, ...] = ()


@dataclass(frozen=True)
class DocumentDetail:
    """``has_content``: the ERP sent the bytes; ``url`` is as told and must be checked before it
    is made a link."""

    id: int
    kind: str
    number: str
    issued_on: Moment
    media_type: str
    has_content: bool = False
    url: str = ""


@dataclass(frozen=True)
class Problem:
    """Something went wrong on the way. ``reason`` is a code that ``messages`` has words for, with
    the next step and who takes it."""

    reason: str
    shipment: str
    tracking_number: str = ""
    at: datetime | None = None
    place: str = ""
    text: str = ""


@dataclass(frozen=True)
class Happening:
    """One entry of the timeline. ``kind`` is a fact's, or "scan"; ``messages`` has the words.

    ``at`` is by the ERP's or carrier's clock, ``source`` who told it.
    """

    kind: str
    at: datetime
    source: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class OrderDetail:
    """``told_at`` is the time of the newest event, by the ERP's clock. The timeline is newest
    first."""

    summary: OrderSummary
    placed_by: str
    net: Decimal
    tax: Decimal
    requested_from: Moment | None
    requested_to: Moment | None
    delivery_address: Place | None
    billing_address: Place | None
    terms: str
    incoterm: str
    cost_centre: str
    told_at: datetime
    lines: tuple[LineDetail, ...] = ()
    shipments: tuple[ShipmentDetail, ...] = ()
    documents: tuple[DocumentDetail, ...] = ()
    problems: tuple[Problem, ...] = ()
    timeline: tuple[Happening, ...] = ()
