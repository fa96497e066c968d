"""One box, and whatever stands on a parcel or an article: what the person with the scanner is told,
and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from oms_portal import live
from oms_portal.customers.models import Company
from oms_portal.orders.models import OrderLine, Package
from oms_portal.returns import actions as returns
from oms_portal.returns import deciding, history
from oms_portal.returns.kinds import Method, ParcelState, ReturnState
from oms_portal.returns.models import Return
from oms_portal.returns.parcels import ReturnParcel
from oms_portal.returns.receipts import actions, arrivals
from oms_portal.returns.receipts.kinds import ScanKind
from oms_portal.returns.receipts.models import DeskScan, FoundSerial, Receipt
from oms_portal.returns.receipts.scanning import goods
from oms_portal.returns.receipts.scanning.answers import Answer
from oms_portal.returns.receipts.waiting.queues import QUEUES
from oms_portal.returns.refusals import Refused
from tests.returns.scene import again, item, new_key

from ..scene import GTIN, NOW, Desk, cost, set_up


pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(settings: Any) -> Desk:
    return set_up(settings)


def said(answer: Answer) -> tuple[str, str]:
    return answer.kind.value, answer.result.value


def test_a_parcel_is_in_with_one_scan_and_its_return_is_open(desk: Desk) -> None:
    with cost(6):
        answer = desk.here.beep(f"]C0{desk.codes[0]}\r")
    assert said(answer) == ("parcel", "arrived")
    assert (answer.number, answer.parcel) == (desk.rma.number, desk.codes[0])
    assert (answer.arrived_parcels, answer.total_parcels) == (1, 2)
    assert desk.parcels[0].arrived_at == desk.receipt().arrived_at == NOW
    # No order, no return was touched: the worker tells them.
    assert Return.objects.get(pk=desk.rma.pk).version == desk.rma.version
    with cost(6):
        assert desk.here.beep("SKU-L1").number == desk.rma.number


def test_a_scan_moves_the_lists_of_the_desk_of_its_company_and_above(desk: Desk) -> None:
    top = Company.objects.create(ref="TOP", name="Top")
    Company.objects.filter(pk=desk.rma.company_id).update(parent=top)
    topics = [
        f"return:{desk.rma.pk}", "desk:returns", f"returns:{top.pk}",
        f"returns:{desk.rma.company_id}",
    ]  # fmt: skip
    before = live.versions(topics)
    with cost(6):
        desk.here.beep(desk.codes[0])
    after = live.versions(topics)
    assert all(after[topic] > before[topic] for topic in topics)
    desk.here.beep("SKU-L1")
    assert live.versions(topics[:2])["desk:returns"] > after["desk:returns"]
    assert live.versions(topics)[topics[3]] == after[topics[3]]


def test_a_second_scan_says_who_was_first_and_changes_nothing(desk: Desk) -> None:
    desk.here.beep(desk.codes[0])
    with cost(6):
        answer = desk.there.beep(desk.codes[0])
    assert said(answer) == ("parcel", "again")
    assert (answer.by, answer.when) == ("Dana", NOW.isoformat())
    assert (answer.arrived_parcels, answer.total_parcels) == (1, 2)


def test_the_same_scan_sent_again_is_answered_alike_and_counts_once(desk: Desk) -> None:
    parcel = desk.here.wish(desk.codes[0])
    first = actions.scan(parcel, desk.here.user, now=NOW)
    article = desk.here.wish("SKU-L1")
    counted = actions.scan(article, desk.here.user, now=NOW)
    desk.here.beep("SKU-L1")
    # Even when its text was changed on the way.
    changed = replace(article, text="SN1", verb="add", line="1", quantity="5")
    for wish, answer in ((parcel, first), (article, counted), (changed, counted)):
        assert actions.scan(wish, desk.here.user, now=NOW) == answer
    assert desk.counted() == "2"
    assert DeskScan.objects.count() == 3


def test_an_answer_survives_being_told_in_json(desk: Desk) -> None:
    answer = desk.here.beep(desk.codes[0])
    assert Answer.read(answer.told()) == answer
    assert DeskScan.objects.get().answer == answer.told()


@pytest.mark.parametrize("damaged", [True, False])
def test_a_damaged_parcel_is_noted_with_its_scan(desk: Desk, damaged: bool) -> None:
    desk.here.beep(desk.codes[0], parcel_damaged=damaged)
    assert desk.parcels[0].damaged is damaged
    desk.here.beep(desk.codes[0], parcel_damaged=True)
    assert desk.parcels[0].damaged
    with cost(6):
        answer = desk.here.key("parcel_damaged", text=desk.codes[1])
    assert said(answer) == ("parcel", "damaged")
    assert desk.parcels[1].damaged
    assert desk.parcels[1].arrived_at is None


@pytest.mark.parametrize("column", ["sscc", "tracking_number"])
def test_a_parcel_is_known_by_sscc_and_tracking_number(desk: Desk, column: str) -> None:
    number = {"sscc": "340123450000000017", "tracking_number": "1Z999AA10123456784"}[column]
    ReturnParcel.objects.filter(code=desk.codes[1]).update(**{column: number})
    with cost(6):
        answer = desk.here.beep(number.lower())
    assert answer.result.value == "arrived"
    assert answer.parcel == desk.codes[1]
    assert answer.kind == (ScanKind.SSCC if column == "sscc" else ScanKind.TRACKING)


def test_a_parcel_of_the_customers_own_carrier_is_known_by_its_number(desk: Desk) -> None:
    Return.objects.filter(pk=desk.rma.pk).update(
        method=Method.OWN_CARRIER, tracking_number="OWN-77"
    )
    answer = desk.here.beep("own-77")
    assert (answer.result.value, answer.parcel) == ("arrived", desk.codes[0])
    assert desk.here.beep("OWN-77").result.value == "again"


def test_a_number_a_carrier_used_twice_is_the_parcels_that_is_to_come(desk: Desk) -> None:
    old = desk.scene.send(item("1"))
    ReturnParcel.objects.filter(rma__in=[old, desk.other]).update(tracking_number="T7")
    Return.objects.filter(pk=old.pk).update(state=ReturnState.CLOSED)
    assert desk.here.beep("T7").number == desk.other.number
    third = desk.scene.send(item("1"))
    fourth = desk.scene.send(item("1"))
    ReturnParcel.objects.filter(rma__in=[third, fourth]).update(tracking_number="T7")
    answer = desk.here.beep("T7")
    assert said(answer) == ("tracking", "several")
    assert set(answer.numbers) == {third.number, fourth.number}


def test_a_returns_number_and_its_link_open_it(desk: Desk, settings: Any) -> None:
    settings.OMS_PORTAL = {**settings.OMS_PORTAL, "BASE_URL": "https://shop.example"}
    link = f"https://shop.example/portal/returns/{desk.rma.number}/"
    for text in (desk.rma.number, link):
        with cost(6):
            answer = desk.here.beep(text)
        assert said(answer) == ("return", "opened")
        assert (answer.rma, answer.total_parcels) == (desk.rma.pk, 2)
    assert not Receipt.objects.exists()
    assert desk.here.beep("SKU-L1").result.value == "counted"


@pytest.mark.parametrize("text", ["SKU-L1", "sku-l1", GTIN, GTIN[1:], f"]d201{GTIN}10LOT"])
def test_an_article_counts_on_what_the_tab_opened_last(desk: Desk, text: str) -> None:
    desk.here.beep(desk.codes[0])
    with cost(6):
        answer = desk.here.beep(text)
    assert said(answer) == ("article", "counted")
    assert (answer.line, answer.item) == ("1", "Ball bearing L1")
    assert (answer.counted, answer.expected) == ("1", "3")
    # The other station has nothing open.
    assert desk.there.beep(f"01{GTIN}10LOT").result.value == "no_return"


def test_what_came_late_over_the_wire_counts_where_it_was_scanned(desk: Desk) -> None:
    desk.here.beep(desk.codes[0], sequence=1)
    desk.here.beep(desk.other.number, sequence=5)
    assert desk.here.beep("SKU-L1", sequence=3).number == desk.rma.number
    assert desk.here.beep("SKU-L1", sequence=6).number == desk.other.number


def test_the_screens_own_return_counts_whatever_the_tab_opened(desk: Desk) -> None:
    desk.here.beep(desk.codes[0])
    assert desk.here.beep("SKU-L1", rma=desk.other.pk).number == desk.other.number
    assert (desk.counted(), desk.counted(rma=desk.other)) == ("0", "1")


def test_one_too_many_counts_and_says_so(desk: Desk) -> None:
    desk.here.beep(desk.codes[0])
    told = [desk.here.beep("SKU-L1").result.value for _ in range(4)]
    assert told == ["counted", "counted", "counted", "over"]
    assert desk.counted() == "4"


def test_goods_of_another_return_of_the_company_count_there_and_it_says_where(desk: Desk) -> None:
    OrderLine.objects.filter(order=desk.scene.other).update(serials=["SN77"])
    desk.known_by(desk.scene.other, "SN77")
    desk.here.beep(desk.codes[0])
    with cost(6):
        answer = desk.here.beep("SN77")
    assert said(answer) == ("serial", "counted")
    assert answer.number == desk.other.number


def test_a_serial_number_counts_once_in_a_return(desk: Desk) -> None:
    desk.here.beep(desk.codes[0])
    with cost(6):
        assert said(desk.here.beep("sn1")) == ("serial", "counted")
    with cost(6):
        answer = desk.there.beep("SN1", rma=desk.rma.pk)
    assert said(answer) == ("serial", "serial_again")
    assert (answer.by, answer.when) == ("Dana", NOW.isoformat())
    assert said(desk.here.beep("Sn1")) == ("serial", "serial_again")
    assert desk.counted() == "1"
    found = FoundSerial.objects.get()
    assert (found.serial, found.shipped) == ("SN1", True)


def test_a_serial_number_told_with_a_package_is_known(desk: Desk) -> None:
    package = Package.objects.get(shipment__order=desk.scene.order, shipment__thread="SO-1-D1")
    lines = [{**held, "serials": ["PK-9"]} for held in package.lines if held["line_ref"] == "L1"]
    Package.objects.filter(pk=package.pk).update(lines=lines)
    desk.known_by(desk.scene.order, "PK-9")
    desk.here.beep(desk.codes[0])
    with cost(6):
        answer = desk.here.beep("PK-9")
    assert (answer.result.value, answer.line, answer.serial) == ("counted", "1", "PK-9")


def test_an_article_of_ours_with_a_number_that_nobody_shipped_is_counted_and_marked(
    desk: Desk,
) -> None:
    desk.here.beep(desk.codes[0])
    answer = desk.here.beep(f"(01){GTIN}(21)STRANGE1")
    assert (answer.result.value, answer.serial) == ("counted", "STRANGE1")
    found = FoundSerial.objects.get()
    assert (found.serial, found.shipped) == ("STRANGE1", False)


def test_a_serial_number_with_nothing_open_opens_the_return_it_is_on(desk: Desk) -> None:
    with cost(6):
        answer = desk.here.beep("SN1")
    assert said(answer) == ("serial", "opened")
    assert answer.number == desk.rma.number
    assert desk.here.beep("SN1").result.value == "counted"
    desk.scene.send(item("1"))
    assert desk.there.beep("SN2").result.value == "several"


def test_what_is_not_on_the_return_is_not_counted(desk: Desk) -> None:
    assert desk.here.beep("4006381333931").result.value == "no_return"
    desk.here.beep(desk.codes[0])
    with cost(6):
        answer = desk.here.beep("4006381333931")
    assert said(answer) == ("article", "not_in_it")
    assert answer.number == desk.rma.number
    assert not desk.receipt().findings.exists()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("R1234567895", ("return", "digit")),
        ("]C100340123450000000018", ("sscc", "digit")),
        ("R123456789", ("unknown", "digit")),
        ("https://other.example/portal/returns/R1234567894/", ("unknown", "foreign")),
        ("R1234567894", ("return", "unknown")),
        ("R123456789026", ("parcel", "unknown")),
        ("nonsense", ("unknown", "unknown")),
        ("", ("unknown", "unknown")),
        ("\0\x1d]", ("unknown", "unknown")),
        ("half \ud800 a pair", ("unknown", "unknown")),
        ("x" * 3000, ("unknown", "unknown")),
    ],
)
def test_what_nobody_knows_is_told_and_kept(desk: Desk, text: str, told: tuple[str, str]) -> None:
    with cost(1 if told[1] in ("digit", "foreign") and told[0] != "unknown" else 6):
        assert said(desk.here.beep(text)) == told
    assert DeskScan.objects.get().result == told[1]


@pytest.mark.parametrize(
    "state", [ReturnState.CANCELLED, ReturnState.REJECTED, ReturnState.EXPIRED, ReturnState.CLOSED]
)
def test_of_a_return_that_is_over_a_parcel_is_a_fact_and_nothing_is_counted(
    desk: Desk, state: str
) -> None:
    Return.objects.filter(pk=desk.rma.pk).update(state=state)
    ReturnParcel.objects.filter(rma=desk.rma).update(state=ParcelState.VOIDED)
    assert said(desk.here.beep(desk.rma.number)) == ("return", "over_already")
    assert desk.here.beep("SKU-L1", rma=desk.rma.pk).result.value == "over_already"
    assert desk.here.key("add", rma=desk.rma.pk, line="1").result.value == "over_already"
    with cost(6):
        answer = desk.here.beep(desk.codes[0])
    assert said(answer) == ("parcel", "over_already")
    assert desk.parcels[0].arrived_at == NOW
    # The tab has nothing open: what is scanned next is not counted on it by chance.
    assert desk.here.beep(f"(01){GTIN}").result.value == "no_return"
    # However often it is scanned, and by whatever way it is opened, before somebody lets it in.
    with cost(6):
        again_scanned = desk.there.beep(desk.codes[0])
    assert said(again_scanned) == ("parcel", "over_already")
    assert again_scanned.by == "Dana"
    arrivals.tell_all()
    ways: list[dict[str, Any]] = [
        {"text": desk.codes[1]},
        {"text": desk.rma.number},
        {"text": "SKU-L1", "rma": desk.rma.pk},
        {"verb": "add", "line": "1", "rma": desk.rma.pk},
    ]
    assert {desk.here.beep(**way).result.value for way in ways} == {"over_already"}
    with pytest.raises(Refused):
        actions.finish(desk.rma, desk.here.user, now=NOW, key=new_key())
    assert desk.counted() == "0"
    answer = desk.here.key("let_in", rma=desk.rma.pk)
    assert said(answer) == ("hand", "opened")
    assert desk.here.beep(f"(01){GTIN}").result.value == "counted"
    assert desk.there.beep(desk.codes[0]).result.value == "again"


def test_goods_without_a_code_are_let_in_of_a_return_that_was_withdrawn_and_told(
    desk: Desk,
) -> None:
    returns.withdraw(desk.rma, desk.scene.user, now=NOW)
    desk.here.beep(desk.rma.number)
    desk.here.key("let_in", rma=desk.rma.pk)
    # Pressed twice, or for a return that is expected, it opens it and does no more.
    desk.here.key("let_in", rma=desk.rma.pk)
    assert desk.here.key("let_in", rma=desk.other.pk).number == desk.other.number
    assert not Receipt.objects.filter(rma=desk.other).exists()
    assert [box.arrived_at for box in desk.parcels] == [NOW, None]
    desk.here.beep("SKU-L1", rma=desk.rma.pk)
    receipt = actions.finish(desk.rma, desk.here.user, now=NOW, key=new_key())
    assert receipt.command is not None
    assert receipt.command.payload["lines"][0]["counted"] == "1"
    assert again(desk.rma).state == ReturnState.IN_TRANSIT


def test_goods_that_are_let_in_bring_their_return_under_way_with_or_without_a_parcel(
    desk: Desk,
) -> None:
    returns.withdraw(desk.rma, desk.scene.user, now=NOW)
    desk.rma.parcels.all().delete()
    deciding.close(desk.other, desk.lead, now=NOW, reason="Nothing came.")
    for rma in (desk.rma, desk.other):
        desk.here.beep(rma.number)
        desk.here.key("let_in", rma=rma.pk)
        desk.there.key("let_in", rma=rma.pk)
        moved = again(rma)
        assert moved.state == ReturnState.IN_TRANSIT
        assert [event.actor for event in moved.events.filter(verb="let_in")] == [desk.here.user]
        assert QUEUES["inspect"].rows(NOW).filter(pk=rma.pk).exists()
        assert history.folded(moved.events.all()) == history.row_of(moved, moved.lines.all())
    assert desk.other.parcels.get().arrived_at == NOW


def test_what_was_counted_before_it_was_withdrawn_goes_on_being_counted(desk: Desk) -> None:
    for rma in (desk.rma, desk.other):
        desk.here.beep(rma.number)
        desk.here.beep("SKU-L1")
        returns.withdraw(rma, desk.scene.user, now=NOW)
    assert desk.here.beep(desk.codes[0]).result.value == "arrived"
    assert desk.here.beep("SKU-L1").result.value == "counted"
    # Said to be done although no parcel of it was scanned, it is under way too.
    actions.finish(desk.other, desk.here.user, now=NOW, key=new_key())
    assert again(desk.other).state == ReturnState.IN_TRANSIT


def test_a_draft_is_nobodys_business(desk: Desk) -> None:
    draft = desk.scene.draft()
    assert desk.here.beep(draft.number).result.value == "unknown"
    assert desk.here.beep("SKU-L1", rma=draft.pk).result.value == "unknown"


def test_a_parcel_on_its_way_to_the_customer_did_not_come_back(desk: Desk) -> None:
    ReturnParcel.objects.filter(code=desk.codes[1]).update(outward=True)
    answer = desk.here.beep(desk.codes[1])
    assert (answer.result.value, answer.why) == ("refused", "outward")
    assert desk.parcels[1].arrived_at is None
    assert desk.here.key("parcel_damaged", text=desk.codes[1]).why == "outward"
    assert desk.here.beep(desk.codes[0]).total_parcels == 1


def test_a_clock_without_a_zone_and_a_long_name_fail_nothing(desk: Desk) -> None:
    wish = replace(desk.here.wish(desk.codes[0]), at=NOW.replace(tzinfo=None), station="D" * 300)
    assert actions.scan(wish, desk.here.user, now=NOW).result.value == "arrived"
    row = DeskScan.objects.get()
    assert (row.scanned_at, len(row.station), row.actor) == (NOW, 100, desk.here.user)


def test_fifty_scans_at_once_are_all_counted_in_their_order(desk: Desk) -> None:
    texts = [desk.codes[0], *["SKU-L1"] * 20, desk.other.number, *["SKU-L1"] * 26, "?", "SN1"]
    wishes = [desk.here.wish(text) for text in texts]
    for wish in [*wishes, *wishes[10:30]]:
        actions.scan(wish, desk.here.user, now=NOW)
    assert len(wishes) == 50
    assert (desk.counted(), desk.counted(rma=desk.other)) == ("21", "26")
    assert DeskScan.objects.count() == 50


def test_a_scan_costs_as_much_beside_many_returns_as_beside_few(desk: Desk) -> None:
    def costs(serial: str) -> list[int]:
        found = []
        for text in ("SKU-L1", serial, GTIN, "nonsense", "T100", desk.rma.number, desk.codes[0]):
            with cost(6) as run:
                desk.here.beep(text)
            found.append(len(run))
        return found

    desk.here.beep(desk.codes[0])
    few = costs("SN1")
    for _ in range(6):
        desk.here.beep(desk.scene.send(item("1")).parcels.get().code)
    desk.here.beep(desk.codes[0])
    assert costs("SN2") == few


@pytest.mark.parametrize("text", ["SKU-L1", GTIN])
def test_an_article_of_the_open_return_reads_no_other_of_the_customer(
    desk: Desk, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []

    def fits(lines: Iterable[goods.Line], what: goods.Asked) -> Iterator[goods.Fit]:
        rows = list(lines)
        read.append(len(rows))
        return weigh(rows, what)

    weigh = goods.fits
    monkeypatch.setattr(goods, "fits", fits)
    desk.known_by(desk.scene.order, text)
    for _ in range(3):
        desk.scene.send(item("1"))
    desk.here.beep(desk.codes[0])
    assert desk.here.beep(text).result.value == "counted"
    assert read == [3]
