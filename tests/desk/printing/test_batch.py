"""Many labels in one PDF: what is skipped is said first, and shifts nothing."""

from __future__ import annotations

import re
from html import unescape
from io import BytesIO
from typing import Any
from uuid import uuid4

import pypdfium2 as pdfium
import pytest
import zxingcpp
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from oms_portal.returns import dress, life
from oms_portal.returns.carriers.contract import File
from oms_portal.returns.labels import zpl
from oms_portal.returns.labels.data import Dress
from oms_portal.returns.models import Return, ReturnEvent
from oms_portal.returns.parcels import Label, LabelPrint, ReturnParcel
from tests.desk.conftest import client_of, staff
from tests.returns.carriers.faking import SETTING, Fake
from tests.returns.carriers.test_passing import pdf
from tests.returns.parcels import approved, label_of, labelled, parcel_of, printable
from tests.returns.receipts.decided import codes


pytestmark = pytest.mark.django_db
PATH = "/admin/oms/returns/labels/"


def asked(*numbers: str, **data: Any) -> dict[str, Any]:
    usual = {"template": "return", "medium": "4x6", "start": "1", "copies": "1"}
    return {"numbers": "\n".join(numbers), **usual, **data}


def pages(response: Any) -> list[list[str]]:
    """What is read on each page, from the top."""
    return codes(response.getvalue())


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


def test_each_label_wears_the_brand_it_was_made_in(desk, monkeypatch):
    monkeypatch.setattr(dress, "_providers", [lambda rma: Dress(name=f"Brand of {rma.pk}")])
    made = [approved(order=f"SO-{n}") for n in range(2)]
    for rma in made:
        printable(rma)

    answer = desk.post(PATH, asked(*(rma.number for rma in made)))

    sheets = pdfium.PdfDocument(answer.getvalue())
    told = [sheet.get_textpage().get_text_range() for sheet in sheets]
    assert [f"Brand of {rma.pk}" in page for rma, page in zip(made, told, strict=True)] == [
        True
    ] * 2


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
    desk.post(PATH, asked(number)).getvalue()
    told = desk.post(PATH, asked(number))
    assert told.status_code == 422
    assert "Please say why you print it again" in told.content.decode()

    answer = desk.post(PATH, asked(number, reason="The roll was torn"))
    assert pages(answer) == [[parcel_of(three[0]).code]]
    assert LabelPrint.objects.first().reason == "The roll was torn"


def test_a_carriers_own_label_is_printed_as_it_came_and_alone(desk, three, settings):
    Fake.reset()
    settings.OMS_PORTAL = {"RETURN_CARRIERS": SETTING}
    Fake.file = File(pdf("FK00000001"), "application/pdf")
    rma = approved()
    labelled(rma)
    told = desk.post(PATH, asked(rma.number, three[0].number))
    assert "label of the carrier’s own" in told.content.decode()

    answer = desk.post(PATH, asked(rma.number, copies="3"))
    assert answer.getvalue() == Fake.file.content
    assert LabelPrint.objects.get().label == label_of(rma)


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


def test_a_return_has_one_packing_slip_on_whole_pages(desk):
    rma = approved(parcels=2)
    labelled(rma)
    life.use(parcel_of(rma), timezone.now())
    answer = desk.post(PATH, asked(rma.number, template="slip", medium="a4"))
    assert pages(answer) == [[rma.number]]
    refused = desk.post(PATH, asked(rma.number, template="slip", medium="a4-4"))
    assert "A packing slip takes whole pages" in refused.content.decode()
    refused = desk.post(PATH, asked(rma.number, template="slip", medium="a4", file="zpl-203"))
    assert "printed as PDF" in refused.content.decode()


def test_label_printers_get_zpl(desk, three):
    answer = desk.post(PATH, asked(*(rma.number for rma in three), file="zpl-300", copies="2"))
    assert answer["Content-Type"] == "application/zpl"
    assert answer["Content-Disposition"].endswith('.zpl"')
    found = [
        [code.text for code in zxingcpp.read_barcodes(image) if code.format.name == "Code128"]
        for image, dpi in zpl.images(answer.getvalue())
    ]
    assert found == [[parcel_of(rma).code] for rma in three for _copy in range(2)]


def test_the_same_form_sent_twice_prints_once(desk, three):
    key = str(uuid4())
    assert desk.post(PATH, asked(three[0].number, key=key)).getvalue()
    answer = desk.post(PATH, asked(three[0].number, key=key))
    assert answer.status_code == 302
    assert answer["Location"] == f"/admin/oms/returns/prints/{key}/"
    assert LabelPrint.objects.count() == 1


def test_as_many_queries_for_twenty_numbers_as_for_two(desk):
    made = [printable(approved(order=f"SO-{n}")).parcel.rma.number for n in range(20)]
    with CaptureQueriesContext(connection) as few:
        desk.post(PATH, asked(*made[:2], look="1"))
    with CaptureQueriesContext(connection) as many:
        desk.post(PATH, asked(*made, look="1"))
    assert len(many) <= len(few)


# What it will look like


def picture(page: str) -> str:
    return unescape(re.search(r'src="([^"]*/labels/preview/[^"]*)"', page)[1])


def test_the_first_label_is_shown_where_it_will_lie(desk, three):
    numbers = [rma.number for rma in three]
    page = desk.post(PATH, asked(*numbers, medium="a4-4", start="3", look="1")).content.decode()
    assert "3 labels are ready" in page
    assert not LabelPrint.objects.exists()

    answer = desk.get(picture(page))
    assert answer["Content-Type"] == "image/png"
    seen = Image.open(BytesIO(answer.content)).convert("L")
    ink = seen.point([255] * 128 + [0] * 128).getbbox()
    # The third place is the lower left.
    assert ink[1] > seen.height / 2
    assert ink[2] <= seen.width / 2


def test_it_is_shown_at_once_for_numbers_in_the_address(desk, three):
    keys = ",".join(str(rma.pk) for rma in three)
    page = desk.get(PATH, {"returns": f"{keys},x,999999"}).content.decode()
    assert "3 labels are ready" in page
    assert desk.get(picture(page)).status_code == 200


@pytest.mark.parametrize("medium", ["a3", "a4-4&start=9", "a4-4&start=x"])
def test_there_is_no_picture_of_what_there_is_not(desk, three, medium):
    url = f"{PATH}preview/{label_of(three[0]).pk}/"
    assert desk.get(f"{url}?template=return&medium={medium}").status_code == 404
    assert desk.get(url).status_code == 200
    assert desk.get(f"{PATH}preview/999999/").status_code == 404
    assert desk.get(f"{PATH}preview/goods/999999/").status_code == 404


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
