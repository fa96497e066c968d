"""The bench, the returns beside it, and finding anything."""

from __future__ import annotations

from typing import Any

import pytest

from oms_portal.customers.models import Company
from oms_portal.orders.models import Order
from oms_portal.returns.kinds import ReturnState
from oms_portal.returns.models import Evidence, Return
from oms_portal.returns.parcels import ReturnParcel
from oms_portal.returns.receipts import queries, strays
from tests import factories
from tests.returns.scene import NOW, item, new_key

from .scene import GTIN, Desk, cost, set_up


pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(settings: Any) -> Desk:
    return set_up(settings)


def test_the_bench_shows_expected_against_counted(desk: Desk) -> None:
    desk.here.beep(desk.codes[0])
    desk.here.beep("SN1")
    desk.here.beep("SKU-L1")
    desk.here.key("damaged", line="1")
    desk.here.key("wrong", line="3", description="A brick")
    desk.here.key("unexpected", sku="XX")
    desk.here.key("unexpected", sku="YY")
    desk.here.key("undo")
    photo = Evidence.objects.create(
        rma=desk.rma, line=desk.rma.lines.get(ref="1"), sha256="a", width=1, height=1, size=1
    )
    ReturnParcel.objects.filter(code=desk.codes[1]).update(outward=True)
    with cost(10):
        bench = queries.bench(desk.rma)
        first, second, third = bench.rows
        assert (first.expected, first.counted, first.damaged) == (3, 2, 1)
        assert (first.serials, first.shipped_serials) == (("SN1",), ("SN1", "SN2"))
        assert (first.gtin, first.photos) == (GTIN, (photo,))
        assert (second.expected, second.counted, second.wrong) == (2.5, 0, ())
        assert [one.description for one in third.wrong] == ["A brick"]
        # What was taken back is not there.
        assert [one.sku for one in bench.unexpected] == ["XX"]
        assert [one.code for one in bench.parcels] == [desk.codes[0]]
        assert bench.receipt and bench.receipt.arrived_at == NOW
        assert [one.result for one in bench.scans[:2]] == ["undone", "unexpected"]
        assert bench.scans[0].actor == desk.here.user


def test_nothing_scanned_is_an_empty_bench(desk: Desk) -> None:
    bench = queries.bench(desk.rma)
    assert bench.receipt is None
    assert [row.counted for row in bench.rows] == [0, 0, 0]


def test_beside_are_the_companys_others_those_that_are_here_first(desk: Desk) -> None:
    factories.company("C9")
    third = desk.scene.send(item("1"))
    gone = desk.scene.send(item("1"))
    Return.objects.filter(pk=gone.pk).update(state=ReturnState.CANCELLED)
    desk.here.beep(desk.other.parcels.get().code)
    with cost(1):
        assert queries.beside(desk.rma) == [desk.other, third]


def hits(text: str) -> tuple[set[str], set[str], set[str]]:
    found = queries.find(text)
    return (
        {rma.number for rma in found.returns},
        {order.number for order in found.orders},
        {stray.number for stray in found.strays},
    )


def test_anything_that_stands_on_a_parcel_finds_its_return(desk: Desk) -> None:
    ReturnParcel.objects.filter(code=desk.codes[0]).update(
        tracking_number="1Z9", sscc="340123450000000017"
    )
    for text in (
        desk.rma.number, desk.rma.number.lower(), desk.codes[1], f"]C0{desk.codes[0]}", "1z9",
        "00340123450000000017",
    ):  # fmt: skip
        assert hits(text)[0] == {desk.rma.number}, text


def test_whatever_finds_an_order_finds_its_returns(desk: Desk) -> None:
    Order.objects.filter(ref="SO-2").update(customer_reference="PO 4711")
    assert hits("SO-2")[:2] == ({desk.other.number}, {"SO-2"})
    assert hits("PO 4711")[:2] == ({desk.other.number}, {"SO-2"})
    # The serial number of what was shipped, and the tracking number of the delivery.
    assert hits("sn1")[:2] == ({desk.rma.number}, {"SO-1"})
    assert hits("T-SO-2-D1")[:2] == ({desk.other.number}, {"SO-2"})
    desk.here.beep(f"(01){GTIN}(21)STRANGE1", rma=desk.rma.pk)
    assert hits("STRANGE1")[0] == {desk.rma.number}


def test_a_caller_is_found_by_phone_and_by_company(desk: Desk) -> None:
    Return.objects.filter(pk=desk.other.pk).update(phone_digits="405550100")
    for text in ("+49 40 5550100", "040 / 555 01 00", "0049405550100"):
        assert hits(text)[0] == {desk.other.number}
    Company.objects.filter(ref="C1").update(name="Werft Nord")
    both = {desk.rma.number, desk.other.number}
    assert hits("werft")[0] == hits("10001")[0] == hits("C1")[0] == both


def test_a_return_is_found_by_the_phone_of_its_pick_up(desk: Desk) -> None:
    pickup = {"on": "2126-11-25", "phone": "+49 421 778899"}
    rma = desk.scene.send(item("1"), method="pickup", pickup=pickup)
    assert hits("0421 778899")[0] == {rma.number}


def test_an_unknown_parcel_is_found_by_its_number_and_its_code(desk: Desk) -> None:
    stray = strays.write_down(desk.here.user, now=NOW, key=new_key(), code="ZZ-1")
    assert hits(stray.number.lower())[2] == hits("ZZ-1")[2] == {stray.number}


def test_drafts_and_nonsense_are_found_by_nobody(desk: Desk) -> None:
    assert hits(desk.scene.draft().number) == (set(), set(), set())
    for text in ("", " ", "\0", "a\0b", "\ud800", "(", "%", "nonsense-nobody-knows", "x" * 500):
        assert hits(text) == (set(), set(), set())
