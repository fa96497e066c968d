"""The wire's types: CloudEvents 1.0 envelopes and the records they carry, with UBL semantics.

Members nobody asked for are let through and dropped, so that senders may grow.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from .values import (
    MAX_INTEGER,
    Attribute,
    Base64,
    Country,
    Currency,
    Gln,
    Instant,
    Link,
    Moment,
    Money,
    PlainText,
    Price,
    Quantity,
    Ref,
    Text,
    Text50,
    Text100,
    Text200,
)


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
    content_base64: Base64 = ""
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


class Envelope(Wire):
    """CloudEvents 1.0, structured JSON. ``data`` is ``{"version": n, "<kind>": {…}}``; what a
    type carries is told by its own schema. Extension attributes are let through."""

    specversion: Literal["1.0"]
    id: Attribute
    source: Attribute
    type: Annotated[Attribute, Field(max_length=100)]
    subject: PlainText = ""
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
