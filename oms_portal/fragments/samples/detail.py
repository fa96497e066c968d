"""One invented order with all that can be shown: splits, a late line, a parcel in trouble."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from oms_portal.orders.asked import DELIVERIES, Page
from oms_portal.orders.detail import (
    DocumentDetail,
    Entry,
    Happening,
    LineDetail,
    OrderDetail,
    PackageDetail,
    PackedLine,
    Place,
    Placed,
    Problem,
    Rest,
    ScanDetail,
    ShipmentDetail,
)
from oms_portal.orders.models import OrderStatus, ShipmentStatus, TrackingStatus
from oms_portal.orders.papers import Listed
from oms_portal.orders.promises import Term
from oms_portal.orders.rollup import Counters
from oms_portal.orders.summary import OrderSummary


ZONE = "Europe/Berlin"
SAMPLE = datetime(2026, 11, 20, 13, 2, tzinfo=UTC)
_ERP = "Order system"
_HOME = Place(
    name="Nordwerk plant 1",
    lines=("Hafenstrasse 12", "Gate 4"),
    postal_code="20457",
    city="Hamburg",
    country="DE",
    instructions="Deliveries 7 to 15 h, ring at the goods entrance.",
)


def summary() -> OrderSummary:
    return OrderSummary(
        slug="SO-48231",
        number="SO-48231",
        customer_reference="PO-4722",
        company="Nordwerk GmbH",
        placed_at=_at(16, 9, 30),
        ship_to_name=_HOME.name,
        ship_to_city=_HOME.city,
        status=OrderStatus.PARTIALLY_DELIVERED,
        items=3,
        currency="EUR",
        gross=Decimal("2871.47"),
        told_at=SAMPLE,
        promise=date(2026, 11, 27),
        shipments_total=2,
        shipments_delivered=1,
        backordered=True,
        exception=True,
        change_pending=True,
        time_zone=ZONE,
    )


def detail() -> OrderDetail:
    return OrderDetail(
        summary=summary(),
        placed_by="Purchasing Hamburg",
        net=Decimal("2413.00"),
        tax=Decimal("458.47"),
        requested_from=date(2026, 11, 23),
        requested_to=None,
        delivery_address=_HOME,
        billing_address=Place(
            name="Nordwerk GmbH",
            lines=("Postfach 1180",),
            postal_code="20400",
            city="Hamburg",
            country="DE",
        ),
        terms="30 days net",
        incoterm="DAP Hamburg",
        cost_centre="4410",
        told_at=SAMPLE,
        placed=tuple(Placed(line) for line in _lines()),
        found=Page(total=4),
        lines_total=4,
        shipments=tuple(
            replace(told, parcels=len(told.packages), items=len(told.packages[0].lines))
            for told in reversed(_shipments())
        ),
        page=Page(size=DELIVERIES, total=2),
        rest=(Rest(date(2026, 11, 27), 1, "V-belt SPB 1250", Decimal(40), "C62"),),
        documents=(
            DocumentDetail(
                1, "confirmation", "OC-48231", date(2026, 11, 16), "application/pdf", True
            ),
            DocumentDetail(
                2, "delivery_note", "DN-90417", date(2026, 11, 18), "application/pdf", True
            ),
        ),
        problems=(
            Problem("address", "D-90420", "JD0145", _at(20, 9, 12), "Hamburg", "House not found"),
        ),
        timeline=_timeline(),
    )


def sample_papers() -> list[Listed]:
    told = (
        ("invoice", "IN-70233", 20, "SO-48102"),
        ("credit_note", "CN-1184", 19, "SO-48066"),
        ("delivery_note", "DN-90417", 18, "SO-48231"),
        ("packing_list", "PL-90417", 18, "SO-48231"),
        ("proof_of_delivery", "PD-90398", 17, "SO-48102"),
        ("confirmation", "OC-48231", 16, "SO-48231"),
    )
    return [
        Listed(
            DocumentDetail(pk, kind, number, date(2026, 11, day), "application/pdf", True),
            order,
            order,
            "Nordwerk GmbH",
            ZONE,
        )
        for pk, (kind, number, day, order) in enumerate(told, 1)
    ]


def _at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def _counters(ordered: str, **given: str) -> Counters:
    def of(name: str) -> Decimal:
        return Decimal(given.get(name, "0"))

    return Counters(
        ordered=Decimal(ordered),
        cancelled=of("cancelled"),
        confirmed=of("confirmed"),
        backordered=of("backordered"),
        allocated=of("allocated"),
        shipped=of("shipped"),
        delivered=of("delivered"),
        returned=of("returned"),
    )


def _line(
    number: str,
    sku: str,
    description: str,
    unit: str,
    price: str,
    amount: str,
    counters: Counters,
    terms: tuple[Term, ...],
    ledger: tuple[Entry, ...] = (),
) -> LineDetail:
    return LineDetail(
        ref=number,
        number=number,
        kind="product" if sku else "charge",
        sku=sku,
        description=description,
        unit=unit,
        unit_price=Decimal(price) if price else None,
        amount=Decimal(amount),
        counters=counters,
        promise=next((term for term in terms if term.kind != "requested"), None),
        terms=terms,
        ledger=ledger,
    )


def _lines() -> tuple[LineDetail, ...]:
    asked = Term("requested", date(2026, 11, 23))
    moved = (
        Entry(_at(16, 10, 5), "confirmed", date(2026, 11, 23), None, 0, ""),
        Entry(_at(19, 8, 40), "confirmed", date(2026, 11, 27), None, 4, "backorder"),
    )
    return (
        _line(
            "10",
            "6204-2RS",
            "Deep groove ball bearing 6204-2RS, sealed",
            "C62",
            "4.85",
            "1164.00",
            _counters("240", confirmed="240", shipped="240", delivered="160"),
            (asked, Term("confirmed", date(2026, 11, 23))),
        ),
        _line(
            "20",
            "VB-1250",
            "V-belt SPB 1250",
            "C62",
            "11.90",
            "476.00",
            _counters("40", confirmed="40", backordered="28", allocated="12"),
            (asked, Term("confirmed", date(2026, 11, 27))),
            moved,
        ),
        _line(
            "30",
            "LGMT-3",
            "Bearing grease, general purpose",
            "KGM",
            "29.60",
            "740.00",
            _counters("25", confirmed="25", shipped="25", delivered="25"),
            (asked, Term("confirmed", date(2026, 11, 20))),
        ),
        _line("90", "", "Freight", "", "", "33.00", _counters("1"), ()),
    )


def _shipments() -> tuple[ShipmentDetail, ...]:
    bearings, grease = "Deep groove ball bearing 6204-2RS, sealed", "Bearing grease"
    return (
        ShipmentDetail(
            "D-90417",
            "D-90417",
            "D-90417",
            ShipmentStatus.DELIVERED,
            "parcel",
            "DHL",
            from_name="Warehouse Bremen",
            shipped_at=_at(18, 15, 10),
            delivered_at=_at(19, 9, 47),
            proof_of_delivery={"signed_by": "Goods entrance"},
            packages=(
                _package(
                    "JD0144",
                    TrackingStatus.DELIVERED,
                    "",
                    _at(19, 9, 47),
                    (_packed("10", "160", bearings, "C62"), _packed("30", "25", grease, "KGM")),
                    (
                        (TrackingStatus.DELIVERED, "", _at(19, 9, 47), "Hamburg"),
                        (TrackingStatus.OUT_FOR_DELIVERY, "", _at(19, 6, 5), "Hamburg"),
                        (TrackingStatus.IN_TRANSIT, "", _at(18, 19, 30), "Bremen"),
                    ),
                ),
            ),
        ),
        ShipmentDetail(
            "D-90420",
            "D-90420",
            "D-90420",
            ShipmentStatus.DISPATCHED,
            "parcel",
            "DHL",
            service="Express",
            from_name="Warehouse Kassel",
            shipped_at=_at(19, 16),
            eta_from=date(2026, 11, 20),
            packages=(
                _package(
                    "JD0145",
                    TrackingStatus.ATTEMPT_FAILED,
                    "address",
                    _at(20, 9, 12),
                    (_packed("10", "80", bearings, "C62"),),
                    (
                        (TrackingStatus.ATTEMPT_FAILED, "address", _at(20, 9, 12), "Hamburg"),
                        (TrackingStatus.IN_TRANSIT, "", _at(19, 21, 15), "Kassel"),
                    ),
                ),
            ),
        ),
    )


def _package(
    number: str,
    status: TrackingStatus,
    word: str,
    at: datetime,
    lines: tuple[PackedLine, ...],
    scans: tuple[tuple[TrackingStatus, str, datetime, str], ...],
) -> PackageDetail:
    return PackageDetail(
        sscc="",
        tracking_number=number,
        carrier="DHL",
        link=f"https://www.dhl.com/track?id={number}",
        status=status,
        detail=word,
        at=at,
        eta=None,
        lines=lines,
        scans=tuple(ScanDetail(*scan) for scan in scans),
    )


def _packed(line: str, quantity: str, description: str, unit: str) -> PackedLine:
    return PackedLine(line, Decimal(quantity), line, "", description, unit)


def _timeline() -> tuple[Happening, ...]:
    rest = {"line": "10", "quantity": "80"}
    confirmed = [
        {"line": "10", "quantity": "240"},
        {"line": "20", "quantity": "40"},
        {"line": "30", "quantity": "25"},
    ]
    return (
        Happening(
            "scan",
            _at(20, 9, 12),
            "DHL",
            {
                "status": "attempt_failed",
                "detail": "address",
                "place": "Hamburg",
                "text": "",
                "number": "JD0145",
            },
        ),
        Happening(
            "shipment_dispatched",
            _at(19, 16),
            _ERP,
            {"shipment": "D-90420", "carrier": "DHL", "lines": [rest]},
        ),
        Happening(
            "shipment_delivered",
            _at(19, 9, 47),
            _ERP,
            {"shipment": "D-90417", "carrier": "DHL", "lines": []},
        ),
        Happening(
            "promise_moved",
            _at(19, 8, 40),
            _ERP,
            {
                "from": "2026-11-23",
                "to": "2026-11-27",
                "reason": "backorder",
                "days_late": 4,
                "lines": ["20"],
            },
        ),
        Happening(
            "shipment_dispatched",
            _at(18, 15, 10),
            _ERP,
            {"shipment": "D-90417", "carrier": "DHL", "lines": []},
        ),
        Happening("confirmed", _at(16, 10, 5), _ERP, {"lines": confirmed}),
        Happening("placed", _at(16, 9, 30), _ERP, {"by": "Purchasing Hamburg"}),
    )
