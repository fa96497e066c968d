"""Many labels in one PDF: what is skipped is said first, and shifts nothing."""

from __future__ import annotations

from typing import Any

import pypdfium2
import pytest
import zxingcpp
from django.utils import timezone

from oms_portal.returns import life
from oms_portal.returns.carriers.contract import File
from oms_portal.returns.models import Return, ReturnEvent
from oms_portal.returns.parcels import Label, LabelPrint, ReturnParcel
from tests.desk.conftest import client_of, staff
from tests.returns.carriers.faking import SETTING, Fake
from tests.returns.carriers.test_passing import pdf
from tests.returns.parcels import approved, label_of, labelled, parcel_of


pytestmark = pytest.mark.django_db
PATH = "/admin/oms/returns/labels/"


@pytest.fixture
def clerk(site: Any) -> Any:
    return staff("clerk@shop.example", "view_return", "decide_return")


@pytest.fixture
def desk(clerk: Any) -> Any:
    return client_of(clerk)


@pytest.fixture
def three() -> list[Return]:
    made = [approved(order=f"SO-{n}") for n in range(3)]
    labelled(made[0])
    return made


def asked(*numbers: str, **data: Any) -> dict[str, Any]:
    usual = {"template": "return", "medium": "4x6", "start": "1", "copies": "1"}
    return {"numbers": "\n".join(numbers), **usual, **data}


def pages(response: Any) -> list[list[str]]:
    """What is read on each page, from the top."""
    with pypdfium2.PdfDocument(response.getvalue()) as document:
        seen = [zxingcpp.read_barcodes(p.render(scale=203 / 72).to_pil()) for p in document]
    return [
        [c.text for c in sorted(found, key=lambda c: c.position.top_left.y)
         if c.format.name == "Code128"]
        for found in seen
    ]  # fmt: skip


def test_the_labels_come_in_the_order_of_their_numbers_in_one_file(desk, clerk, three):
    answer = desk.post(PATH, asked(*(rma.number for rma in reversed(three)), station="Zebra 3"))

    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    codes = [parcel_of(rma).code for rma in reversed(three)]
    assert pages(answer) == [[code] for code in codes]
    noted = LabelPrint.objects.all()
    assert {(n.via, n.actor, n.station, n.size) for n in noted} == {
        ("desk", clerk, "Zebra 3", "4x6")
    }


def test_a_return_stands_for_all_its_parcels_and_no_label_comes_twice(desk):
    rma = approved(parcels=2)
    labelled(rma)
    codes = [parcel_of(rma, n).code for n in (1, 2)]
    answer = desk.post(PATH, asked(f"]C1{codes[1].lower()}", rma.number, codes[1]))
    assert pages(answer) == [[codes[1]], [codes[0]]]


def test_what_can_not_be_printed_is_said_before_and_the_others_stay_where_they_are(desk, three):
    void, fine, other = three
    void.state = "cancelled"
    life.void(void)
    wrong = fine.number[:-1] + str((int(fine.number[-1]) + 1) % 10)
    numbers = [void.number, fine.number, wrong, "R0000000000", other.number]

    told = desk.post(PATH, asked(*numbers))
    page = told.content.decode()
    assert told.status_code == 422
    assert "2 labels are ready" in page
    assert "This label is void" in page
    assert page.count("Was a character lost?") >= 1
    assert not LabelPrint.objects.exists()

    answer = desk.post(PATH, asked(*numbers, others="1"))
    assert pages(answer) == [[parcel_of(fine).code], [parcel_of(other).code]]


def test_a_sheet_is_filled_from_its_first_free_place(desk, three):
    numbers = [rma.number for rma in three]
    answer = desk.post(PATH, asked(*numbers, medium="a4-4", start="3"))
    assert [len(found) for found in pages(answer)] == [2, 1]
    refused = desk.post(PATH, asked(*numbers, medium="a4-2", start="3"))
    assert refused.status_code == 422
    assert "This sheet has 2 places" in refused.content.decode()


def test_copies_come_together(desk, three):
    answer = desk.post(PATH, asked(three[0].number, three[1].number, copies="2"))
    first, second = (parcel_of(rma).code for rma in three[:2])
    assert pages(answer) == [[first], [first], [second], [second]]


def test_whoever_prints_a_label_again_says_why(desk, three):
    number = three[0].number
    desk.post(PATH, asked(number))
    told = desk.post(PATH, asked(number))
    assert told.status_code == 422
    assert "Please say why you print it again" in told.content.decode()

    answer = desk.post(PATH, asked(number, reason="The roll was torn"))
    assert answer.status_code == 200
    assert LabelPrint.objects.first().reason == "The roll was torn"


def test_a_carriers_own_label_is_not_drawn_by_us(desk, settings):
    Fake.reset()
    settings.OMS_PORTAL = {"RETURN_CARRIERS": SETTING}
    Fake.file = File(pdf("FK00000001"), "application/pdf")
    rma = approved()
    labelled(rma)
    told = desk.post(PATH, asked(rma.number))
    assert "label of the carrier’s own" in told.content.decode()


def test_put_away_labels_are_for_staff(desk, three):
    answer = desk.post(PATH, asked(three[0].number, template="putaway"))
    assert answer.status_code == 200
    assert len(pages(answer)) >= 1


@pytest.mark.parametrize(
    "numbers", ["", " \n", "x" * 20_001, "1 " * 501, "<script>alert(1)</script>"]
)
def test_odd_numbers_are_refused_in_words(desk, three, numbers):
    answer = desk.post(PATH, asked(numbers))
    assert answer.status_code == 422
    assert "<script>alert" not in answer.content.decode().lower()


def test_the_page_can_be_opened_with_numbers_in_it(desk, three):
    page = desk.get(PATH, {"numbers": three[0].number}).content.decode()
    assert three[0].number in page
    listed = desk.get("/admin/oms/returns/").content.decode()
    assert PATH in listed


def test_who_may_see_no_returns_prints_no_labels(site, three):
    nobody = client_of(staff("nobody@shop.example", "view_order"))
    for answer in (nobody.get(PATH), nobody.post(PATH, asked(three[0].number))):
        assert answer.status_code in (302, 403)
    assert not LabelPrint.objects.exists()


# A label made anew


def again(rma: Return) -> str:
    return f"{PATH}again/{parcel_of(rma).pk}/"


def test_staff_have_a_label_made_anew_and_say_why(desk, clerk, three):
    page = desk.get(f"/admin/oms/returns/inspect/{three[0].pk}/").content.decode()
    assert again(three[0]) in page
    assert desk.get(again(three[0])).status_code == 200
    assert desk.post(again(three[0]), {"reason": ""}).status_code == 422

    answer = desk.post(again(three[0]), {"reason": "Wrong weight"})
    assert answer.status_code == 302
    assert [label.state for label in Label.objects.filter(parcel=parcel_of(three[0]))] == [
        "ready",
        "superseded",
    ]
    event = ReturnEvent.objects.get(verb="reissue")
    assert (event.actor, event.reason, event.source) == (clerk, "Wrong weight", "staff")


def test_a_label_that_failed_is_tried_once_more(desk, three):
    ReturnParcel.objects.filter(pk=parcel_of(three[0]).pk).update(state="failed", trouble="no")
    desk.post(again(three[0]), {"reason": "The address is right now"})
    assert parcel_of(three[0]).state == "wanted"


def test_a_used_label_is_not_made_anew(desk, three):
    life.use(parcel_of(three[0]), timezone.now())
    answer = desk.post(again(three[0]), {"reason": "again"}, follow=True)
    assert "Nothing was done" in answer.content.decode()
    assert label_of(three[0]).state == "used"
