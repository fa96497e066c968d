"""From an order event to the rows of the read model, not yet saved. Pure."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from oms_portal.erp import schemas

from .arrivals import Leg, arrived_of, arriving_of
from .models import Document, Order, OrderLine, Package, Shipment, ShipmentStatus
from .promises import due, promised, read_terms
from .rollup import COUNTERS, DONE, counters, due_of, promised_of, status_of
from .snapshots import status_word, terms_json
from .tracking.attach import carrier_key


_SAME = (
    "number",
    "customer_reference",
    "placed_at",
    "placed_by",
    "currency",
    "terms",
    "incoterm",
    "cost_centre",
    "on_hold",
    "raw_status",
)


def order_columns(record: schemas.Order) -> dict[str, Any]:
    """The columns of the order's own row, told and rolled up."""
    return {
        **{name: getattr(record, name) for name in _SAME},
        "ship_to_ref": record.ship_to_ref or "",
        "net": record.totals.net,
        "tax": record.totals.tax,
        "gross": record.totals.gross,
        "requested_from": record.requested.from_,
        "requested_to": record.requested.to,
        "delivery_address": _place(record.delivery_address),
        "billing_address": _place(record.billing_address),
        **_rolled_up(record),
    }


def _rolled_up(record: schemas.Order) -> dict[str, Any]:
    products = [line for line in record.lines if line.kind == "product"]
    counted = [
        (counters(line.quantities), read_terms(terms_json(line.promises))) for line in products
    ]
    shipments = [status_word(shipment.status) for shipment in record.shipments]
    live = [status for status in shipments if status != ShipmentStatus.CANCELLED]
    legs = [_leg(shipment) for shipment in record.shipments]
    return {
        "status": status_of(
            [line for line, _ in counted],
            shipments,
            on_hold=record.on_hold,
            invoiced=any(paper.kind == "invoice" for paper in record.documents),
        ),
        "backordered": any(line.backordered for line, _ in counted),
        "exception": ShipmentStatus.RETURNED_TO_SENDER in shipments,
        "due": due_of(counted),
        "promised": promised_of(counted),
        "items": len(products),
        "shipments_total": len(live),
        "shipments_delivered": sum(status in DONE for status in live),
        # By the ERP alone; where there are scans, ``tracking.outlook`` looks again.
        "arriving": arriving_of(legs),
        "arrived_at": arrived_of(legs),
    }


def _leg(told: schemas.Shipment) -> Leg:
    eta = told.eta or schemas.Window()
    status = status_word(told.status)
    return Leg(status, told.shipped_at, eta.from_, eta.to, told.delivered_at)


def line_rows(order: Order, record: schemas.Order) -> list[OrderLine]:
    planned = _planned(record.shipments)
    return [
        OrderLine(
            order=order,
            position=position,
            ref=line.ref,
            number=line.number,
            kind=line.kind,
            sku=line.sku,
            gtin=line.gtin,
            description=line.description,
            unit=line.unit,
            unit_price=line.unit_price,
            amount=line.amount,
            **{name: getattr(line.quantities, name) for name in COUNTERS},
            promises=terms_json(line.promises),
            serials=line.serials,
            lot=line.lot,
            **_line_rolled_up(line, planned.get(line.ref, Decimal(0))),
        )
        for position, line in enumerate(record.lines)
    ]


def _line_rolled_up(line: schemas.Line, planned: Decimal) -> dict[str, Any]:
    """What the order's pages ask of each of its lines; charges and comments are never open."""
    units, terms = counters(line.quantities), read_terms(terms_json(line.promises))
    is_open = line.kind == "product" and units.open > 0
    last = promised(terms)
    unplanned = max(units.wanted - max(planned, units.shipped), Decimal(0))
    return {
        "contradictions": list(units.contradictions),
        "is_open": is_open,
        "due": due(terms, units.delivered) if is_open else None,
        "promised": last.last if is_open and last else None,
        "unplanned": unplanned if is_open else Decimal(0),
    }


def _planned(shipments: Sequence[schemas.Shipment]) -> dict[str, Decimal]:
    """How many units of each line lie in a delivery that comes or came."""
    found: dict[str, Decimal] = {}
    for told in shipments:
        if status_word(told.status) in (
            ShipmentStatus.CANCELLED,
            ShipmentStatus.RETURNED_TO_SENDER,
        ):
            continue
        for package in told.packages:
            for held in package.lines:
                found[held.line_ref] = found.get(held.line_ref, Decimal(0)) + held.quantity
    return found


def shipment_rows(
    order: Order, shipments: Sequence[schemas.Shipment], threads: Mapping[str, str]
) -> list[Shipment]:
    return [
        Shipment(
            order=order,
            position=position,
            ref=told.ref,
            thread=threads[told.ref],
            number=told.number,
            status=status_word(told.status),
            raw_status=told.status if status_word(told.status) != told.status else "",
            from_location=_json(told.from_location),
            method=told.method,
            carrier_code=told.carrier.code if told.carrier else "",
            carrier_name=told.carrier.name if told.carrier else "",
            service=told.service,
            planned_on=told.planned_on,
            shipped_at=told.shipped_at,
            eta_from=told.eta.from_ if told.eta else None,
            eta_to=told.eta.to if told.eta else None,
            delivered_at=told.delivered_at,
            address=_place(told.address),
            freight=_json(told.freight),
            pickup=_json(told.pickup),
            proof_of_delivery=_json(told.proof_of_delivery),
        )
        for position, told in enumerate(shipments)
    ]


def package_rows(shipment: Shipment, packages: Sequence[schemas.PackageUnit]) -> list[Package]:
    return [
        Package(
            shipment=shipment,
            position=position,
            sscc=told.sscc,
            carrier_code=carrier_key(shipment.carrier_code),
            tracking_number=told.tracking_number,
            tracking_url=told.tracking_url,
            lines=[_json(line) for line in told.lines],
        )
        for position, told in enumerate(packages)
    ]


def document_rows(
    order: Order, documents: Sequence[schemas.DocumentPaper], known: Mapping[str, int]
) -> list[Document]:
    """``known`` names the rows that were, by ref: a paper that is told again keeps its address."""
    left = dict(known)
    return [
        Document(
            pk=left.pop(paper.ref, None),
            order=order,
            company_id=order.company_id,
            ship_to_ref=order.ship_to_ref,
            position=position,
            ref=paper.ref,
            kind=paper.kind,
            number=paper.number,
            issued_on=paper.issued_on,
            url=paper.url,
            media_type=paper.media_type,
            content=b64decode(paper.content_base64) if paper.content_base64 else None,
        )
        for position, paper in enumerate(documents)
    ]


def _place(place: schemas.Place | None) -> dict[str, Any] | None:
    return place.model_dump(mode="json", exclude_defaults=True) if place else None


def _json(record: schemas.Wire | None) -> Any:
    return record.model_dump(mode="json", by_alias=True, exclude_defaults=True) if record else None
