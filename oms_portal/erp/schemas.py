"""The wire's types: CloudEvents 1.0 envelopes and the records they carry, with UBL semantics.

Quantities and money are strings holding decimals; instants carry an offset; dates without a time
stay dates. Members nobody asked for are let through and dropped, so that senders may grow.
Lengths fit the columns, so no database is the first to complain.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
    model_validator,
)


MAX_INTEGER = 2**53 - 1
_FIRST = datetime(1, 1, 2, tzinfo=UTC)
_LAST = datetime(9999, 12, 30, tzinfo=UTC)
_MONEY = re.compile(r"-?\d{1,13}(\.\d{1,6})?")
# SQLite keeps 15 digits: with six decimals, more than twelve before them may be rounded up to what
# the column can no longer be read as.
_QUANTITY = re.compile(r"-?\d{1,12}(\.\d{1,6})?")
_INSTANT = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:?\d\d)", re.ASCII
)
# CloudEvents 1.0, type String: no control characters and no noncharacters.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")


def _decimal(pattern: re.Pattern[str]) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if isinstance(value, Decimal):
            return value
        if not isinstance(value, str) or not pattern.fullmatch(value) or not value.isascii():
            raise ValueError('must be a string holding a decimal, such as "2.5"')
        return Decimal(value)

    return read


def _moment(value: Any) -> Any:
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        raise ValueError("must be a string holding a date or an instant")
    if len(value) == 10:
        return date.fromisoformat(value)
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("an instant must carry its offset")
    return _utc(moment)


def _instant_text(value: Any) -> Any:
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        raise ValueError("must be a string holding an RFC 3339 instant with its offset")
    return value


def _utc(moment: datetime) -> datetime:
    """In UTC. ERPs write the ends of the calendar for "never": kept a day within, so that the
    instant can be shown in any zone."""
    try:
        return min(max(moment.astimezone(UTC), _FIRST), _LAST)
    except OverflowError as error:
        raise ValueError("the instant is out of range") from error


def _plain_text(value: str) -> str:
    if _CONTROL.search(value) or len(value.encode()) > 255:
        raise ValueError("must have no control characters and at most 255 bytes in UTF-8")
    return value


def _base64(value: str) -> str:
    try:
        b64decode(value, validate=True)
    except ValueError:
        raise ValueError("must be base64 (RFC 4648, section 4), with its padding") from None
    return value


Quantity = Annotated[
    Decimal,
    BeforeValidator(_decimal(_QUANTITY)),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "pattern": f"^{_QUANTITY.pattern}$"}),
]
# For prices of one unit, which may be finer than any currency.
Price = Quantity
Money = Annotated[
    Decimal,
    BeforeValidator(_decimal(_MONEY)),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "pattern": f"^{_MONEY.pattern}$"}),
]
Instant = Annotated[
    AwareDatetime,
    BeforeValidator(_instant_text),
    AfterValidator(_utc),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
Moment = Annotated[
    date | datetime,
    BeforeValidator(_moment),
    WithJsonSchema({"type": "string", "anyOf": [{"format": "date"}, {"format": "date-time"}]}),
]
Ref = Annotated[str, Field(min_length=1, max_length=100)]
Text50 = Annotated[str, Field(max_length=50)]
Text100 = Annotated[str, Field(max_length=100)]
Text200 = Annotated[str, Field(max_length=200)]
Text = Annotated[str, Field(max_length=4000)]
Link = Annotated[str, Field(max_length=2000)]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Gln = Annotated[str, Field(max_length=13)]


def _once(rows: Sequence[Any], what: str) -> None:
    refs = [row.ref for row in rows]
    if len(set(refs)) != len(refs):
        raise ValueError(f"{what} must each have a ref of their own")


class Wire(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)


class Place(Wire):
    """An address; ``lines`` are the street lines above city and postal code."""

    ref: Text100 = ""
    kind: list[Literal["ship_to", "bill_to"]] = []
    name: Text200 = ""
    lines: Annotated[list[Text200], Field(max_length=10)] = []
    city: Text100 = ""
    region: Text100 = ""
    postal_code: Annotated[str, Field(max_length=20)] = ""
    country: Country
    gln: Gln = ""
    contact: Text200 = ""
    phone: Text50 = ""
    instructions: Text = ""


class BookAddress(Place):
    ref: Ref


class Customer(Wire):
    ref: Ref
    number: Text100 = ""
    name: Annotated[str, Field(min_length=1, max_length=200)]
    parent_ref: Text100 | None = None
    language: Annotated[str, Field(max_length=20)] = ""
    time_zone: Annotated[str, Field(max_length=64)] = ""
    vat: Text50 = ""
    gln: Gln = ""
    addresses: list[BookAddress] = []
    delivery_rules: dict[str, Any] = {}

    @model_validator(mode="after")
    def _addresses_once(self) -> Customer:
        _once(self.addresses, "addresses")
        return self


class Totals(Wire):
    net: Money
    tax: Money
    gross: Money


class Window(Wire):
    from_: Annotated[Moment | None, Field(alias="from")] = None
    to: Moment | None = None


class PromiseTerm(Wire):
    kind: Literal["requested", "confirmed", "estimated"]
    from_: Annotated[Moment, Field(alias="from")]
    to: Moment | None = None
    quantity: Quantity | None = None
    reason: Text200 = ""


class Quantities(Wire):
    ordered: Quantity = Decimal(0)
    cancelled: Quantity = Decimal(0)
    confirmed: Quantity = Decimal(0)
    backordered: Quantity = Decimal(0)
    allocated: Quantity = Decimal(0)
    shipped: Quantity = Decimal(0)
    delivered: Quantity = Decimal(0)
    returned: Quantity = Decimal(0)


class Line(Wire):
    ref: Ref
    number: Text50
    kind: Literal["product", "charge", "comment"] = "product"
    sku: Text100 = ""
    gtin: Annotated[str, Field(max_length=14)] = ""
    description: Text = ""
    unit: Annotated[str, Field(max_length=10)] = ""
    unit_price: Price | None = None
    amount: Annotated[Money | None, AfterValidator(lambda v: v if v is None else round(v, 4))] = (
        None
    )
    quantities: Quantities = Quantities()
    promises: list[PromiseTerm] = []
    serials: list[Text100] = []
    lot: Text100 = ""


class Location(Wire):
    ref: Text100 = ""
    name: Text200 = ""
    gln: Gln = ""
    address: Place | None = None


class CarrierName(Wire):
    code: Text50
    name: Text200 = ""


class PackageLine(Wire):
    line_ref: Text100
    quantity: Quantity
    lot: Text100 = ""
    serials: list[Text100] = []


class PackageUnit(Wire):
    """A parcel or pallet; ``sscc`` is a GS1 Serial Shipping Container Code of 18 digits."""

    sscc: Annotated[str, Field(max_length=18)] = ""
    tracking_number: Text100 = ""
    tracking_url: Link = ""
    lines: list[PackageLine] = []


class Freight(Wire):
    appointment: Moment | Text200 | None = None
    pallets: Annotated[int, Field(ge=0, le=100_000)] | None = None
    tail_lift: bool | None = None
    site_contact: Text200 = ""
    call_ahead: bool | Text200 | None = None


class Pickup(Wire):
    ready: Moment | bool | None = None
    code: Text50 = ""
    hours: Text200 = ""


class ProofOfDelivery(Wire):
    signed_by: Text200 = ""
    at: Instant | None = None
    document_ref: Text100 = ""


class Shipment(Wire):
    """UBL DespatchAdvice. ``status`` is a word of the contract or any ERP code, kept as raw."""

    ref: Ref
    number: Text100
    status: Text100
    from_location: Location = Location()
    method: Literal["parcel", "freight", "pickup"] = "parcel"
    carrier: CarrierName | None = None
    service: Text200 = ""
    planned_on: Moment | None = None
    shipped_at: Instant | None = None
    eta: Window | None = None
    delivered_at: Instant | None = None
    address: Place | None = None
    packages: list[PackageUnit] = []
    freight: Freight | None = None
    pickup: Pickup | None = None
    proof_of_delivery: ProofOfDelivery | None = None


class DocumentPaper(Wire):
    ref: Ref
    kind: Literal[
        "confirmation",
        "delivery_note",
        "packing_list",
        "invoice",
        "credit_note",
        "proof_of_delivery",
        "other",
    ]
    number: Text100
    issued_on: Moment
    url: Link = ""
    content_base64: Annotated[str, Field(max_length=262_144), AfterValidator(_base64)] = ""
    media_type: Text100


class Order(Wire):
    ref: Ref
    number: Annotated[str, Field(min_length=1, max_length=100)]
    customer_ref: Ref
    ship_to_ref: Text100 | None = None
    customer_reference: Text200 = ""
    placed_at: Instant
    placed_by: Text200 = ""
    currency: Currency
    totals: Totals
    requested: Window = Window()
    delivery_address: Place
    billing_address: Place | None = None
    terms: Text200 = ""
    incoterm: Text100 = ""
    cost_centre: Text100 = ""
    on_hold: bool = False
    raw_status: Text200 = ""
    lines: list[Line]
    shipments: list[Shipment] = []
    documents: list[DocumentPaper] = []

    @model_validator(mode="after")
    def _refs_once(self) -> Order:
        _once(self.lines, "lines")
        _once(self.shipments, "shipments")
        _once(self.documents, "documents")
        return self


class CarrierScan(Wire):
    """``code`` is one of the 13 words, "word.detail", or the carrier's own, kept as raw."""

    carrier: Text50 = ""
    tracking_number: Text100 = ""
    id: Annotated[str, Field(min_length=1, max_length=200)]
    code: Text100
    occurred_at: Instant
    place: Text200 = ""
    text: Text = ""
    eta: Moment | None = None


class Tracking(Wire):
    carrier: Annotated[str, Field(min_length=1, max_length=50)]
    tracking_number: Annotated[str, Field(min_length=1, max_length=100)]
    order_ref: Text100 | None = None
    scans: Annotated[list[CarrierScan], Field(min_length=1, max_length=500)]


class ReturnLine(Wire):
    ref: Ref
    received: Quantity = Decimal(0)
    accepted: Quantity = Decimal(0)
    rejected: Quantity = Decimal(0)
    disposition: Text100 = ""


class CreditNote(Wire):
    number: Text100
    amount: Money
    currency: Currency


class Return(Wire):
    ref: Ref
    number: Ref
    lines: list[ReturnLine]
    credit_note: CreditNote | None = None
    replacement_order_ref: Text100 = ""


class Incoming(Wire):
    quantity: Quantity
    on: Moment


class Stock(Wire):
    sku: Ref
    gtin: Annotated[str, Field(max_length=14)] = ""
    location_ref: Ref
    on_hand: Quantity
    available: Quantity
    incoming: list[Incoming] = []
    as_of: Instant


class Answer(Wire):
    command_id: Ref
    outcome: Literal["accepted", "applied", "rejected", "countered"]
    code: Text100 = ""
    text: Text = ""
    reference: Text200 = ""
    counter: dict[str, Any] | None = None


Attribute = Annotated[str, Field(min_length=1, max_length=255), AfterValidator(_plain_text)]


class Envelope(Wire):
    """CloudEvents 1.0, structured JSON. ``data`` is ``{"version": n, "<kind>": {…}}``; what a
    type carries is told by its own schema. Extension attributes are let through."""

    specversion: Literal["1.0"]
    id: Attribute
    source: Attribute
    type: Annotated[Attribute, Field(max_length=100)]
    subject: Annotated[str, Field(max_length=255), AfterValidator(_plain_text)] = ""
    time: Instant
    datacontenttype: Literal["application/json"] = "application/json"
    data: dict[str, Any]


class Version(Wire):
    """What all data have: the sender's version of the record."""

    version: Annotated[int, Field(strict=True, ge=0, le=MAX_INTEGER)]


# What each event type carries: the kind, which is the member of ``data``, and its schema.
TYPES: dict[str, tuple[str, type[Wire]]] = {
    "customer.updated.v1": ("customer", Customer),
    "order.updated.v1": ("order", Order),
    "tracking.updated.v1": ("tracking", Tracking),
    "return.updated.v1": ("return", Return),
    "stock.updated.v1": ("stock", Stock),
    "command.answered.v1": ("answer", Answer),
}
