"""From rows to an order's detail: each kind of row is read once, and of many only a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from . import line_index
from .asked import DELIVERIES, Asked, Page
from .deliveries import Deliveries, deliveries_of
from .detail import (
    Entry,
    Happening,
    LineDetail,
    OrderDetail,
    Place,
    Placed,
    Rest,
    ScanDetail,
    ShipmentDetail,
)
from .line_index import Row, Spot, Unplanned
from .models import Order, OrderLine
from .moments import zone_of
from .papers import papers_at
from .past import Promise
from .problems import problems_of
from .promises import promised, read_terms
from .rollup import counters
from .summary import summary_of


# So much of the timeline is told; the updates' page goes further back.
HAPPENINGS = 60


def assemble(order: Order, now: datetime, asked: Asked) -> OrderDetail:
    """The detail of an order that was loaded with its company: eleven queries at most."""
    deliveries = deliveries_of(order, asked.deliveries, DELIVERIES)
    index = line_index.index_of(order)
    spots = _spots(order, index, asked, deliveries, now)
    found = Page(asked.page, total=len(spots))
    rest = line_index.unplanned(index)
    shown = found.of(spots)
    refs = {spot.ref for spot in shown} | deliveries.line_refs() | {each.ref for each in rest}
    rows = {row.ref: row for row in order.lines.filter(ref__in=refs).order_by()} if refs else {}
    shipments = deliveries.details(rows)
    timeline, older = _timeline(order, shipments) if asked.history else ((), False)
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
        placed=_placed(order, shown, rows, deliveries, shipments),
        shipments=shipments,
        documents=papers_at(order),
        problems=problems_of(shipments),
        timeline=timeline,
        rest=tuple(_rest(each, rows.get(each.ref)) for each in rest),
        older=older,
        reached=line_index.reached(index) if order.on_hold else 0,
        asked=asked,
        found=found,
        lines_total=len(index),
        page=deliveries.page,
    )


def _spots(
    order: Order, index: Sequence[Row], asked: Asked, deliveries: Deliveries, now: datetime
) -> Sequence[Spot]:
    if not asked.lines:
        return ()
    packages = (package for row in deliveries.rows for package in row.packages.all())
    found = line_index.matching(order, asked.find, packages) if asked.find else None
    rows = line_index.chosen(index, asked, found, now, zone_of(order.company.time_zone))
    if asked.grouped:
        return line_index.grouped(rows, deliveries.rows)
    return [Spot(row.ref) for row in rows]


def _placed(
    order: Order,
    spots: Iterable[Spot],
    rows: Mapping[str, OrderLine],
    deliveries: Deliveries,
    shipments: Iterable[ShipmentDetail],
) -> tuple[Placed, ...]:
    known = [spot for spot in spots if spot.ref in rows]
    if not known:
        return ()
    ledger: dict[str, list[Entry]] = {}
    for promise in order.promise_ledger.filter(line_ref__in={spot.ref for spot in known}):
        ledger.setdefault(promise.line_ref, []).append(_entry(promise))
    lines = {spot.ref: _line(rows[spot.ref], ledger.get(spot.ref, [])) for spot in known}
    by_row = {row.pk: told for row, told in zip(deliveries.rows, shipments, strict=True)}
    return tuple(
        Placed(lines[spot.ref], by_row.get(spot.shipment_id or 0), spot.quantity) for spot in known
    )


def _rest(told: Unplanned, line: OrderLine | None) -> Rest:
    if line is None:
        return Rest(told.promised, told.lines)
    return Rest(told.promised, told.lines, line.description or line.sku, told.quantity, line.unit)


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


def _timeline(
    order: Order, shipments: Sequence[ShipmentDetail]
) -> tuple[tuple[Happening, ...], bool]:
    """Facts and scans in one, newest first; of one instant what was told last stands first.
    And whether there is more than that."""
    newest = order.facts.select_related("source").order_by("-occurred_at", "-rank", "-position")
    facts = [
        Happening(fact.kind, fact.occurred_at, fact.source.name, fact.data)
        for fact in newest[: HAPPENINGS + 1][::-1]
    ]
    scans = [
        Happening("scan", scan.at, scan.source, _scan_data(scan, package.tracking_number))
        for shipment in shipments
        for package in shipment.packages
        for scan in reversed(package.scans)
    ]
    told = sorted([*facts, *scans], key=lambda happening: happening.at)[::-1]
    return tuple(told[:HAPPENINGS]), len(told) > HAPPENINGS


def _scan_data(scan: ScanDetail, number: str) -> dict[str, str]:
    return {
        "status": scan.status.value,
        "detail": scan.detail,
        "place": scan.place,
        "text": scan.text,
        "raw_code": scan.raw_code,
        "number": number,
    }
