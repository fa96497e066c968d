"""An order in full, as a page, a tracker or an export shows it: frozen, and free of the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from .asked import DELIVERIES, Asked, Page
from .models import ShipmentStatus, TrackingStatus
from .moments import Moment
from .promises import Term, instant
from .rollup import DONE, Counters
from .summary import OrderSummary


_STOPPED = frozenset({ShipmentStatus.CANCELLED, ShipmentStatus.RETURNED_TO_SENDER})


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
    """A scan; ``text`` is the carrier's own words, ``raw_code`` its own code: not to be shown."""

    status: TrackingStatus
    detail: str
    at: datetime
    place: str = ""
    text: str = ""
    source: str = ""
    raw_code: str = ""


@dataclass(frozen=True)
class PackageDetail:
    """``link`` is checked and safe to render; ``scans`` are newest first. ``status`` is None
    where no carrier said a word. ``more`` counts the contents that were left out."""

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
    more: int = 0

    @property
    def raw_code(self) -> str:
        """The carrier's own code, where none of its scans says a word of ours."""
        unknown = self.status == TrackingStatus.UNKNOWN and self.scans
        return self.scans[0].raw_code if unknown else ""


@dataclass(frozen=True)
class ShipmentDetail:
    """``thread`` stays the same when the ERP replaced the shipment by another. ``freight``,
    ``pickup`` and ``proof_of_delivery`` are as on the wire.

    ``items`` counts the lines in it, ``parcels`` its packages, of which ``packages`` may be fewer.
    ``raw_status`` is the ERP's own code: not to be shown.
    """

    ref: str
    thread: str
    number: str
    status: ShipmentStatus
    method: str
    carrier: str
    raw_status: str = ""
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
    items: int = 0
    parcels: int = 0

    @property
    def is_done(self) -> bool:
        return self.status in DONE

    @property
    def is_over(self) -> bool:
        """Nothing of it is to come any more."""
        return self.is_done or self.status in _STOPPED

    @property
    def loaded_at(self) -> datetime | None:
        """When a parcel of it went onto the van that has it now."""
        out = (each for each in self.packages if each.status == TrackingStatus.OUT_FOR_DELIVERY)
        return max((each.at for each in out if each.at), default=None)

    @property
    def expected(self) -> tuple[Moment, Moment | None] | None:
        """When it comes, from when to when: by the carrier, else by the seller, else the plan."""
        if self.is_over:
            return None
        etas = [package.eta for package in self.packages if package.eta]
        if etas:
            return max(etas, key=instant), None
        if self.eta_from:
            return self.eta_from, self.eta_to
        return (self.planned_on, None) if self.planned_on else None


@dataclass(frozen=True)
class DocumentDetail:
    """``has_content``: the ERP sent the bytes; ``url`` is the ERP's, for the server alone."""

    id: int
    kind: str
    number: str
    issued_on: Moment
    media_type: str
    has_content: bool = False
    url: str = ""
    ref: str = ""


@dataclass(frozen=True)
class Problem:
    """Something went wrong on the way. ``reason`` is a code that ``messages`` has words for, with
    the next step and who takes it; ``thread`` names the delivery."""

    reason: str
    shipment: str
    tracking_number: str = ""
    at: datetime | None = None
    place: str = ""
    text: str = ""
    thread: str = ""


@dataclass(frozen=True)
class Rest:
    """What is in no delivery yet and promised for one moment (None: none is): so many lines, the
    first of them by name and quantity."""

    promised: Moment | None
    lines: int
    description: str = ""
    quantity: Decimal = Decimal(0)
    unit: str = ""


@dataclass(frozen=True)
class Placed:
    """A line where it stands in the list: with the delivery that brings ``quantity`` of it.

    ``shipment`` None: in no delivery yet; ``quantity`` None: lines are not grouped."""

    line: LineDetail
    shipment: ShipmentDetail | None = None
    quantity: Decimal | None = None


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
    first, ``older`` where it goes on. ``placed`` are the lines of the page that was asked for,
    ``shipments`` all deliveries, the soonest first; only those of ``page`` have their parcels'
    contents and scans. ``reached``: how far an order on hold had come, 0 to 3."""

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
    placed: tuple[Placed, ...] = ()
    shipments: tuple[ShipmentDetail, ...] = ()
    documents: tuple[DocumentDetail, ...] = ()
    problems: tuple[Problem, ...] = ()
    timeline: tuple[Happening, ...] = ()
    rest: tuple[Rest, ...] = ()
    older: bool = False
    reached: int = 0
    asked: Asked = Asked()
    found: Page = Page()
    lines_total: int = 0
    page: Page = Page(size=DELIVERIES)

    @property
    def lines(self) -> tuple[LineDetail, ...]:
        return tuple(placed.line for placed in self.placed)

    @property
    def deliveries(self) -> Sequence[ShipmentDetail]:
        """The deliveries of the page."""
        return self.page.of(self.shipments)
