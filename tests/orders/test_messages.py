"""The words customers read for facts, scans, reasons and problems."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from oms_portal.erp import schemas
from oms_portal.orders import messages
from oms_portal.orders.detail import Happening, Problem
from oms_portal.orders.history import fold
from oms_portal.orders.models import TrackingStatus
from oms_portal.orders.snapshots import snapshot_of
from oms_portal.orders.tracking.phrases import PROBLEMS
from oms_portal.orders.tracking.words import DETAILS, is_problem
from tests import wire


BERLIN = ZoneInfo("Europe/Berlin")


def said(*records: dict[str, Any]) -> list[str]:
    """The sentences for what the last of these events added."""
    told = [snapshot_of(schemas.Order.model_validate(record)) for record in records]
    at = datetime(2026, 11, 20, tzinfo=UTC)
    facts = fold(told)[-1].facts
    return [messages.happening(Happening(f.kind, at, "ERP", f.data), BERLIN) for f in facts]


def line(ref: str = "L1", day: str = "2026-11-26", reason: str = "", **counts: str) -> Any:
    promise = {"kind": "confirmed", "from": day, "reason": reason}
    return wire.line(ref, promises=[promise], quantities=counts)


def test_what_happened_is_said_in_plain_sentences() -> None:
    sent = wire.order(lines=[line(shipped="10")], shipments=[wire.shipment()])
    assert said(sent) == [
        "B. Buyer placed the order.",
        "Confirmed: 10 of line 1.",
        "Delivery D1 left with DHL.",
    ]


@pytest.mark.parametrize(
    ("after", "sentence"),
    [
        (wire.order(on_hold=True), "The order was put on hold."),
        (wire.order(lines=[line(backordered="2.5")]), "Not in stock for now: 2.5 of line 1."),
        (wire.order(lines=[line(cancelled="10")]), "The order was cancelled."),
        (
            wire.order(lines=[line(day="2026-11-30", reason="Mould broke.")]),
            "New date for line 1: Nov 30, 2026 instead of Nov 26, 2026. Mould broke.",
        ),
        (
            wire.order(lines=[line(day="2026-11-30T23:30:00Z")], on_hold=True),
            "New date for line 1: Dec 1, 2026 instead of Nov 26, 2026. The order is on hold.",
        ),
        (
            wire.order(lines=[line()], delivery_address=wire.address(name="Plant 2", city="Kiel")),
            "The delivery address is now Plant 2, Kiel.",
        ),
    ],
)
def test_changes_are_said_in_plain_sentences(after: dict[str, Any], sentence: str) -> None:
    assert sentence in said(wire.order(lines=[line()]), after)


def test_a_correction_says_what_was_taken_back() -> None:
    before = wire.order(lines=[line(shipped="10")], shipments=[wire.shipment()])
    assert said(before, wire.order(lines=[line(shipped="1")])) == [
        "The order was corrected: fewer units were sent than we said, a delivery was taken back."
    ]


def test_many_lines_are_counted_rather_than_listed() -> None:
    many = [wire.line(f"L{n}") for n in range(1, 8)]
    assert "Confirmed: 7 lines." in said(wire.order(lines=many))


def test_a_scan_is_said_with_its_detail_and_place() -> None:
    data = {"status": "exception", "detail": "customs", "place": "Basel", "number": "T1"}
    scan = Happening("scan", datetime(2026, 11, 20, tzinfo=UTC), "DHL", data)
    assert messages.happening(scan, BERLIN) == (
        "Parcel T1: Problem on the way: with customs, Basel."
    )


def test_a_fact_of_a_kind_nobody_knows_is_said_in_safe_words() -> None:
    unknown = Happening("zz_new", datetime(2026, 11, 20, tzinfo=UTC), "ERP")
    assert messages.happening(unknown, BERLIN) == "The order was updated."


def test_percent_signs_from_the_erp_are_only_text() -> None:
    order = wire.order(placed_by="100 %s %(x)s", shipments=[wire.shipment(number="50 %d")])
    sentences = said(order)
    assert sentences[0] == "100 %s %(x)s placed the order."
    assert sentences[-1] == "Delivery 50 %d left with DHL."


def test_reasons_are_words_of_ours_or_the_seller_s_own() -> None:
    assert messages.reason("backorder") == "Not enough in stock"
    assert messages.reason("Mould broke") == "Mould broke"


def test_every_problem_has_a_reason_and_a_next_step() -> None:
    for word in TrackingStatus:
        for detail in ("", *DETAILS):
            if is_problem(word, detail):
                assert (detail or word) in PROBLEMS
    title, why, after = messages.problem(Problem("address", "D1", "T1"))
    assert title == "Delivery D1 needs attention"
    assert why == "The carrier could not find the address."
    assert after.startswith("Please check the delivery address")
