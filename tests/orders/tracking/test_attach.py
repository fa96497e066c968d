"""Scans and the parcels they belong to. No database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from oms_portal.orders.models import Scan
from oms_portal.orders.tracking.attach import Parcel, Standing, attach, standing


NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def parcel(key: str, days: float = 0, **changes: Any) -> Parcel:
    given = {"order_ref": key, "carrier": "dhl", "number": "T1"}
    return Parcel(key=key, started_at=NOON + timedelta(days=days), **{**given, **changes})


def scan(id: str, days: float = 0, status: str = "in_transit", **changes: Any) -> Scan:
    given = {"carrier": "dhl", "tracking_number": "T1", "source_id": 1, "digest": id}
    return Scan(
        scan_id=id, occurred_at=NOON + timedelta(days=days), status=status, **{**given, **changes}
    )


def shared_out(parcels: list[Parcel], *scans: Scan) -> dict[str, list[str]]:
    return {str(key): [s.scan_id for s in kept] for key, kept in attach(parcels, scans).items()}


def test_a_recycled_number_s_scans_go_to_the_parcel_that_was_under_way() -> None:
    parcels = [parcel("A"), parcel("B", 90)]
    scans = [scan("before", -3), scan("label", -1), scan("a", 5), scan("late", 80), scan("b", 89)]
    assert shared_out(parcels, *scans) == {"A": ["label", "a", "late"], "B": ["b"]}


def test_the_order_the_carrier_named_wins() -> None:
    parcels = [parcel("A"), parcel("B", 90)]
    named = [scan("x", 95, order_ref="A"), scan("y", -50, order_ref="B"), scan("z", order_ref="?")]
    assert shared_out(parcels, *named) == {"A": ["x"], "B": ["y"]}


def test_two_orders_in_one_box_share_its_scans() -> None:
    assert shared_out([parcel("A"), parcel("B", 0.1)], scan("s")) == {"A": ["s"], "B": ["s"]}


def test_other_carriers_and_numbers_are_other_parcels() -> None:
    parcels = [parcel("A", carrier="ups"), parcel("B", number="T2"), parcel("C", carrier="")]
    assert shared_out(parcels, scan("s")) == {"A": [], "B": [], "C": []}


def test_a_shipment_without_a_carrier_takes_scans_that_name_its_order() -> None:
    assert shared_out([parcel("A", carrier="")], scan("s", order_ref="A")) == {"A": ["s"]}


def test_a_source_that_may_not_speak_for_the_company_is_not_heard() -> None:
    deaf = parcel("A", speaks=lambda source_id: source_id != 2)
    assert shared_out([deaf], scan("s"), scan("t", source_id=2)) == {"A": ["s"]}


def test_two_tellings_of_one_scan_count_once_and_alike_in_any_order() -> None:
    tellings = [
        scan("s", 1, digest="1"),
        scan("s", 2, "delivered", digest="2"),
        scan("s", 1, order_ref="A", digest="3"),
    ]
    for told in permutations(tellings):
        (kept,) = attach([parcel("A")], told)["A"]
        assert kept.digest == "3"


def test_the_latest_known_word_counts() -> None:
    told = [
        scan("a", 1),
        scan("b", 3, "exception", detail="customs", eta=NOON.date()),
        scan("c", 4, "unknown"),
        scan("d", 2, "delivered"),
    ]
    expected = Standing("exception", "customs", NOON + timedelta(days=3), NOON.date(), 4)
    assert all(standing(order) == expected for order in permutations(told))


def test_of_one_instant_the_farther_word_counts() -> None:
    assert standing([scan("b", 1, "delivered"), scan("z", 1, "in_transit")]).status == "delivered"


def test_unknown_words_alone_are_unknown_and_no_scans_are_nothing() -> None:
    assert standing([scan("a", 1, "unknown")]).status == "unknown"
    assert standing([]) == Standing()


@pytest.mark.parametrize("moment", [datetime.min, datetime.max])
def test_the_ends_of_time_do_no_harm(moment: datetime) -> None:
    at = moment.replace(tzinfo=UTC)
    lone = Parcel("A", "A", "dhl", "T1", at)
    early = Scan(carrier="dhl", tracking_number="T1", scan_id="s", status="pending", occurred_at=at)
    early.source_id = 1
    assert attach([lone], [early]) == {"A": [early]}
