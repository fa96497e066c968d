"""From rows to an order's detail: each kind of row is read once."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q

from oms_portal.conf import settings

from .detail import (
    DocumentDetail,
    Entry,
    Happening,
    LineDetail,
    OrderDetail,
    PackageDetail,
    PackedLine,
    Place,
    ScanDetail,
    ShipmentDetail,
)
from .models import (
    Order,
    OrderLine,
    Package,
    Promise,
    Scan,
    Shipment,
    ShipmentStatus,
    TrackingStatus,
)
from .problems import problems_of
from .promises import promised, read_terms
from .rollup import counters
from .summary import summary_of
from .tracking.links import tracking_link
from .tracking.parcels import attached, packages_of, scans_of


def assemble(order: Order, now: datetime) -> OrderDetail:
    """The detail of an order that was loaded with its company: nine queries at most."""
    lines = _lines(order)
    shipments = _shipments(order, {line.ref: line for line in lines})
    return OrderDetail(
        summary=summary_of(order, now),
        placed_by=order.placed_by,
        net=order.net,
        tax=order.tax,
        requested_from=order.requested_from,
        requested_to=order.requested_to,
        delivery_address=Place.of(order.delivery_address),
        billing_address=Place.of(order.billing_address),
        terms=order.terms,
        incoterm=order.incoterm,
        cost_centre=order.cost_centre,
        told_at=order.told_at,
        lines=tuple(lines),
        shipments=tuple(shipments),
        documents=_documents(order),
        problems=problems_of(shipments),
        timeline=_timeline(order, shipments),
    )


def _lines(order: Order) -> list[LineDetail]:
    ledger: dict[str, list[Entry]] = {}
    for promise in order.promise_ledger.all():
        ledger.setdefault(promise.line_ref, []).append(_entry(promise))
    return [_line(row, ledger.get(row.ref, [])) for row in order.lines.all()]


def _entry(promise: Promise) -> Entry:
    return Entry(
        made_at=promise.made_at,
        kind=promise.kind,
        starts=promise.starts,
        ends=promise.ends,
        days_late=promise.days_late,
        reason=promise.reason,
    )


def _line(row: OrderLine, ledger: Sequence[Entry]) -> LineDetail:
    terms = read_terms(row.promises)
    return LineDetail(
        ref=row.ref,
        number=row.number,
        kind=row.kind,
        sku=row.sku,
        description=row.description,
        unit=row.unit,
        unit_price=row.unit_price,
        amount=row.amount,
        counters=counters(row),
        promise=promised(terms),
        terms=terms,
        ledger=tuple(ledger),
        serials=tuple(row.serials),
        lot=row.lot,
    )


def _shipments(order: Order, lines: Mapping[str, LineDetail]) -> list[ShipmentDetail]:
    rows = list(order.shipments.prefetch_related("packages"))
    numbers = {
        package.tracking_number
        for row in rows
        for package in row.packages.all()
        if package.tracking_number
    }
    told = scans_of(numbers)
    scans = attached(packages_of(numbers), told) if told else {}
    return [_shipment(row, scans, lines) for row in rows]


def _shipment(
    row: Shipment, scans: Mapping[Hashable, Sequence[Scan]], lines: Mapping[str, LineDetail]
) -> ShipmentDetail:
    carrier = carrier_name(row)
    return ShipmentDetail(
        ref=row.ref,
        thread=row.thread,
        number=row.number,
        status=ShipmentStatus(row.status),
        method=row.method,
        carrier=carrier,
        service=row.service,
        from_name=row.from_location.get("name", ""),
        planned_on=row.planned_on,
        shipped_at=row.shipped_at,
        eta_from=row.eta_from,
        eta_to=row.eta_to,
        delivered_at=row.delivered_at,
        address=Place.of(row.address),
        freight=row.freight,
        pickup=row.pickup,
        proof_of_delivery=row.proof_of_delivery,
        packages=tuple(
            _package(package, carrier, scans.get(package.pk, ()), lines)
            for package in row.packages.all()
        ),
    )


def carrier_name(shipment: Shipment) -> str:
    known = settings().carrier(shipment.carrier_code) if shipment.carrier_code else None
    return shipment.carrier_name or (known.name if known else shipment.carrier_code)


def _package(
    row: Package, carrier: str, scans: Sequence[Scan], lines: Mapping[str, LineDetail]
) -> PackageDetail:
    return PackageDetail(
        sscc=row.sscc,
        tracking_number=row.tracking_number,
        carrier=carrier,
        link=tracking_link(row.carrier_code, row.tracking_number, row.tracking_url),
        status=TrackingStatus(row.tracking_status) if row.tracking_status else None,
        detail=row.tracking_detail,
        at=row.tracking_at,
        eta=row.tracking_eta,
        lines=tuple(_packed(told, lines.get(told["line_ref"])) for told in row.lines),
        scans=tuple(_scan(scan) for scan in reversed(scans)),
    )


def _packed(told: Mapping[str, Any], line: LineDetail | None) -> PackedLine:
    return PackedLine(
        line_ref=told["line_ref"],
        quantity=Decimal(told["quantity"]),
        number=line.number if line else "",
        sku=line.sku if line else "",
        description=line.description if line else "",
        unit=line.unit if line else "",
        lot=told.get("lot", ""),
        serials=tuple(told.get("serials", ())),
    )


def _scan(scan: Scan) -> ScanDetail:
    return ScanDetail(
        status=TrackingStatus(scan.status),
        detail=scan.detail,
        at=scan.occurred_at,
        place=scan.place,
        text=scan.text,
        source=scan.source.name,
    )


def _documents(order: Order) -> tuple[DocumentDetail, ...]:
    rows = order.documents.defer("content").annotate(
        has_content=ExpressionWrapper(Q(content__isnull=False), output_field=BooleanField())
    )
    return tuple(
        DocumentDetail(
            id=row.pk,
            kind=row.kind,
            number=row.number,
            issued_on=row.issued_on,
            media_type=row.media_type,
            has_content=row.has_content,
            url=row.url,
        )
        for row in rows
    )


def _timeline(order: Order, shipments: Sequence[ShipmentDetail]) -> tuple[Happening, ...]:
    """Facts and scans in one, newest first; of one instant what was told last stands first."""
    facts = [
        Happening(fact.kind, fact.occurred_at, fact.source.name, fact.data)
        for fact in order.facts.select_related("source")
    ]
    scans = [
        Happening("scan", scan.at, scan.source, _scan_data(scan, package.tracking_number))
        for shipment in shipments
        for package in shipment.packages
        for scan in reversed(package.scans)
    ]
    return tuple(sorted([*facts, *scans], key=lambda happening: happening.at)[::-1])


def _scan_data(scan: ScanDetail, number: str) -> dict[str, str]:
    return {
        "status": scan.status.value,
        "detail": scan.detail,
        "place": scan.place,
        "text": scan.text,
        "number": number,
    }
