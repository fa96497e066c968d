"""What the desk is told of a scan: short, plain, with a tone and a way on."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from oms_portal.desk.station.saying import nonsense, said
from oms_portal.returns.receipts.kinds import ScanKind, ScanResult
from oms_portal.returns.receipts.scanning.answers import Answer


pytestmark = pytest.mark.once
KEY = UUID("5f0c9b2e-8f61-4b7a-a5d4-0d9b1e1f2a3b")


def told(result: ScanResult, kind: ScanKind = ScanKind.ARTICLE, **more: Any) -> dict[str, Any]:
    return said(Answer(KEY, kind, result, **more), "SCANNED 1")


@pytest.mark.parametrize("result", ScanResult)
def test_everything_that_can_come_of_a_scan_has_a_sentence_a_tone_and_no_gap(result):
    answer = told(result, number="R0000000001", numbers=("R1", "R2"), rma=7)

    assert answer["tone"] in ("ok", "warn", "bad")
    assert answer["say"].endswith(".")
    assert "%(" not in answer["say"]


def test_a_parcel_tells_how_many_are_here():
    answer = told(
        ScanResult.ARRIVED, ScanKind.PARCEL, number="R0000000001", rma=7, parcel="R000000000112",
        total_parcels=3, arrived_parcels=2,
    )  # fmt: skip

    assert answer["say"] == "The parcel is in. It belongs to return R0000000001."
    assert answer["tally"] == "Parcel 2 of 3"
    assert (answer["tone"], answer["url"]) == ("ok", "/admin/oms/returns/receive/7/")


def test_counts_are_said_without_needless_zeros():
    answer = told(ScanResult.COUNTED, counted="3.000000", expected="5.000000", rma=7)

    assert answer["tally"] == "3 of 5"


def test_of_what_nobody_expected_only_the_count_is_said():
    assert told(ScanResult.UNEXPECTED, counted="2", expected="")["tally"] == "2"


def test_what_was_scanned_before_says_by_whom_and_when():
    answer = told(
        ScanResult.AGAIN, ScanKind.PARCEL, number="R0000000001",
        by="Ada <b>North</b>", when="2026-11-22T08:59:00+00:00",
    )  # fmt: skip

    assert answer["tone"] == "warn"
    assert answer["say"].startswith("This parcel of return R0000000001 was scanned before. By Ada")
    assert "Nov. 22, 2026, 8:59 a.m." in answer["say"]


def test_an_unknown_code_leads_to_the_form_for_unknown_parcels_with_the_code_in_it():
    assert told(ScanResult.UNKNOWN)["url"] == "/admin/oms/returns/unknown/new/?code=SCANNED+1"


def test_where_several_fit_they_are_named_and_found():
    answer = told(ScanResult.SEVERAL, numbers=("R1", "R2"))

    assert "R1, R2" in answer["say"]
    assert answer["url"] == "/admin/oms/returns/find/?q=SCANNED+1"


def test_of_goods_of_another_return_it_is_said_which_that_is():
    say = told(ScanResult.NOT_IN_IT, number="R1", numbers=("R2",))["say"]

    assert say.startswith("Not counted: this is not on return R1.")
    assert say.endswith("It belongs to R2.")


@pytest.mark.parametrize("why", ["outward", "below", "quantity", "line", "nothing"])
def test_why_something_is_not_possible_is_said(why):
    assert told(ScanResult.REFUSED, why=why)["say"] != told(ScanResult.REFUSED)["say"]


def test_the_answer_to_nonsense_bears_its_id_so_that_the_browser_lets_go_of_it():
    assert nonsense("x")["id"] == "x"
    assert nonsense("x")["tone"] == "bad"
