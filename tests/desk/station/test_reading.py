"""Scans as browsers, and others, send them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from oms_portal.desk.station.reading import wish_of
from oms_portal.returns.receipts.scanning.wishes import ScanWish


pytestmark = pytest.mark.once
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
KEY = "5f0c9b2e-8f61-4b7a-a5d4-0d9b1e1f2a3b"


def read(**told: Any) -> ScanWish:
    wish = wish_of({"id": KEY, **told}, NOW)
    assert wish is not None
    return wish


def test_a_scan_is_taken_as_it_was_made():
    wish = read(
        text="]C1R0000000001", rma=7, tab="t", station="Gate 3", sequence=1763800000000,
        at="2026-11-22T08:59:00.123Z", parcel_damaged=True,
    )  # fmt: skip

    assert (wish.text, wish.rma, wish.tab, wish.station) == ("]C1R0000000001", 7, "t", "Gate 3")
    assert (wish.verb, wish.quantity, wish.parcel_damaged) == ("scan", "1", True)
    assert wish.sequence == 1763800000000
    assert wish.at == datetime(2026, 11, 22, 8, 59, 0, 123000, UTC)


@pytest.mark.parametrize("told", [None, [], "x", {}, {"id": "1"}, {"id": KEY, "verb": "drop"}])
def test_what_no_browser_of_ours_sends_is_no_scan(told):
    assert wish_of(told, NOW) is None


@pytest.mark.parametrize("at", ["", "yesterday", "2026-13-01T00:00:00Z", "2026-11-22T09:00", 5])
def test_a_clock_that_says_nothing_usable_is_ours(at):
    assert read(at=at).at == NOW


@pytest.mark.parametrize("odd", ["7", True, -1, 2**63, 1.5, {}])
def test_no_number_is_no_number(odd):
    wish = read(rma=odd, sequence=odd)

    assert (wish.rma, wish.sequence) == (None, 0)


def test_texts_fit_and_hold_no_zero_byte():
    wish = read(text="a\0b" + "x" * 1000, description=["x"])

    assert wish.text.startswith("abx")
    assert len(wish.text) == 250
    assert wish.description == ""


def test_what_came_in_place_of_a_line_is_wrong_and_not_unexpected():
    assert read(verb="unexpected", line="1").verb == "wrong"
    assert read(verb="unexpected").verb == "unexpected"
