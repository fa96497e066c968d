"""One key prints what a screen is about; what was printed is asked about, listed, printed again."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.utils import timezone

from oms_portal.desk.station.settings import COOKIE
from oms_portal.returns import life
from oms_portal.returns.kinds import ParcelState
from oms_portal.returns.models import Return
from oms_portal.returns.parcels import LabelPrint, ReturnParcel
from oms_portal.returns.receipts.kinds import JobState
from oms_portal.returns.receipts.models import PrintJob
from tests.desk.conftest import client_of, staff
from tests.returns.parcels import approved, label_of, parcel_of, printable
from tests.returns.receipts.decided import codes, decided, texts


pytestmark = pytest.mark.django_db
HOME = "/admin/oms/returns/"


def at(station: dict[str, Any], desk: Any) -> None:
    desk.cookies[COOKIE] = quote(json.dumps(station))


def printed(desk: Any, kind: str, pk: int) -> Any:
    return desk.post(f"{HOME}print/{kind}/{pk}/", {"key": str(uuid4())})


def job_of(desk: Any, kind: str, pk: int) -> PrintJob:
    printed(desk, kind, pk).getvalue()
    return PrintJob.objects.order_by("-pk")[0]


def said(desk: Any, job: PrintJob, word: str) -> Any:
    return desk.post(f"{HOME}prints/{job.key}/", {"printed": word})


def test_one_key_prints_the_label_as_the_station_prints(desk, three):
    at({"name": "Dock 2", "size": "100x150", "format": "zpl", "dpi": 300, "printer": "Z1"}, desk)
    answer = printed(desk, "label", three[0].pk)
    assert answer["Content-Type"] == "application/zpl"
    answer.getvalue()
    job = PrintJob.objects.get()
    assert (job.medium, job.format, job.station, job.printer) == (
        "100x150-300", "zpl", "Dock 2", "Z1",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("size", "paper"), [("4x6", "a4"), ("letter-4", "letter"), ("a4", "a4"), ("a6", "a4")]
)
def test_a_packing_slip_comes_on_the_stations_pages_or_those_usual_here(desk, three, size, paper):
    at({"size": size, "format": "zpl"}, desk)
    answer = printed(desk, "slip", three[0].pk)
    assert answer["Content-Type"] == "application/pdf"
    assert codes(answer.getvalue()) == [[three[0].number]]
    assert PrintJob.objects.get().medium == paper


def test_put_away_labels_of_a_return_are_those_of_what_was_decided(desk, three):
    decided(three[0], "1", "restock")
    decided(three[0], "1", "scrap")
    decided(three[1])
    pages = texts(printed(desk, "putaway", three[0].pk).getvalue())
    assert ["Back to stock" in page for page in pages] == [True, False]
    assert ["Scrap" in page for page in pages] == [False, True]


def test_only_what_was_not_printed_yet_is_printed_next(desk, three):
    decided(three[0], "1", "restock")
    printed(desk, "putaway", three[0].pk).getvalue()
    decided(three[0], "1", "scrap")
    (page,) = texts(printed(desk, "putaway", three[0].pk).getvalue())
    assert "Scrap" in page

    answer = printed(desk, "putaway", three[0].pk)
    assert answer.status_code == 422
    assert answer.content.decode().count("Please say why you print it again") == 2


def test_the_label_of_one_verdict_is_printed_and_again_for_a_reason(desk, three):
    verdict = decided(three[0])
    assert len(codes(printed(desk, "verdict", verdict.pk).getvalue())) == 1
    told = printed(desk, "verdict", verdict.pk)
    assert told.status_code == 422
    asked = {"verdicts": str(verdict.pk), "template": "putaway", "medium": "4x6", "start": "1",
             "copies": "1", "reason": "Fell off"}  # fmt: skip
    assert desk.post(f"{HOME}labels/", asked).getvalue()
    assert PrintJob.objects.order_by("-pk")[0].reason == "Fell off"


def test_what_a_second_person_must_confirm_has_no_label_yet(desk, three):
    verdict = decided(three[0], needs_second=True)
    answer = printed(desk, "verdict", verdict.pk)
    assert "A second person has not agreed yet" in answer.content.decode()


def test_many_verdicts_are_printed_together_on_a_sheet(desk, three):
    keys = [decided(rma, "1", disposition).pk for rma in three
            for disposition in ("restock", "scrap")]  # fmt: skip
    page = desk.get(f"{HOME}labels/", {"verdicts": ",".join(map(str, keys))}).content.decode()
    assert "6 labels are ready" in page
    told = {"verdicts": ",".join(map(str, keys)), "template": "putaway", "medium": "a4-4",
            "start": "2", "copies": "1"}  # fmt: skip
    found = codes(desk.post(f"{HOME}labels/", told).getvalue())
    assert [len(page) for page in found] == [6, 6]


@pytest.mark.parametrize("verdicts", ["x", "-1", "1" * 30, "1,2,<b>", "٣"])
def test_odd_keys_of_goods_are_refused(desk, three, verdicts):
    told = {"verdicts": verdicts, "template": "putaway", "medium": "a4-4", "start": "1",
            "copies": "1"}  # fmt: skip
    assert desk.post(f"{HOME}labels/", told).status_code == 422


def test_goods_that_go_back_have_the_label_of_their_own_parcel_printed(desk, three):
    rma = three[0]
    life.use(parcel_of(rma), timezone.now())
    back = ReturnParcel.objects.create(
        rma=rma, sequence=2, code=parcel_of(three[1]).code[:-3] + "999", outward=True,
        state=ParcelState.READY, next_attempt_at=None,
    )  # fmt: skip
    told = label_of(three[1])
    told.pk, told.key, told.parcel = None, "outward", back
    told.data = {
        **told.data,
        "label": {**told.data["label"], "parcel": back.code, "tracking_number": back.code},
    }
    told.save(force_insert=True)
    assert codes(printed(desk, "label", rma.pk).getvalue()) == [[back.code]]


@pytest.mark.parametrize("kind", ["label", "slip", "putaway", "verdict", "<b>", "qr"])
def test_what_does_not_exist_is_not_printed(desk, three, kind):
    assert printed(desk, kind, 999999).status_code == 404
    assert desk.get(f"{HOME}print/{kind}/999999/").status_code == 404


def test_the_form_for_it_can_be_looked_at_first(desk, three):
    page = desk.get(f"{HOME}print/label/{three[0].pk}/").content.decode()
    assert three[0].number in page
    assert "One label is ready" in page
    assert not PrintJob.objects.exists()


# Whether it came out


def is_asking(page: str) -> bool:
    bar = re.search(r'<section class="omsdesk-print[^>]*>', page)
    assert bar, "there is no bar"
    return not bar[0].endswith("hidden>")


def test_it_is_asked_on_every_screen_until_somebody_said(desk, three):
    job = job_of(desk, "label", three[0].pk)
    page = desk.get(f"{HOME}labels/").content.decode()
    assert is_asking(page)
    assert f"{HOME}prints/{job.key}/" in page

    answer = said(desk, job, "yes")
    assert answer.status_code == 302
    job.refresh_from_db()
    assert job.printed is True
    page = desk.get(answer["Location"]).content.decode()
    assert not is_asking(page)
    assert "Came out of the printer" in page


def test_what_did_not_print_is_printed_again_with_its_reason(desk, three):
    verdict = decided(three[0])
    job = job_of(desk, "verdict", verdict.pk)
    said(desk, job, "no")
    again = f"{HOME}prints/{job.key}/again/"
    page = desk.get(again).content.decode()
    assert "It did not print." in page
    assert len(codes(desk.post(again, {"key": str(uuid4())}).getvalue())) == 1
    newest = PrintJob.objects.order_by("-pk")[0]
    assert (newest.reason, newest.verdicts) == ("It did not print.", [verdict.pk])


def test_labels_are_printed_again_on_the_same_paper(desk, three):
    at({"size": "4x6", "format": "zpl", "dpi": 300}, desk)
    job = job_of(desk, "label", three[0].pk)
    at({}, desk)
    answer = desk.post(f"{HOME}prints/{job.key}/again/", {"key": str(uuid4())})
    assert answer["Content-Type"] == "application/zpl"
    answer.getvalue()
    assert PrintJob.objects.order_by("-pk")[0].medium == "4x6-300"


def test_a_script_reads_how_far_it_is(desk, three):
    job = job_of(desk, "label", three[0].pk)
    told = desk.get(f"{HOME}prints/{job.key}/state/").json()
    assert told["say"] == "Return label × 1: One label was made."
    assert (told["state"], told["made"], told["total"], told["asks"]) == ("done", 1, 1, True)
    PrintJob.objects.update(state=JobState.MAKING, made=120, total=1000)
    told = desk.get(f"{HOME}prints/{job.key}/state/").json()
    assert told["say"].endswith("Being made: 120 of 1000.")
    assert told["asks"] is False
    page = desk.get(f"{HOME}prints/{job.key}/").content.decode()
    assert 'max="1000" value="120"' in page
    assert desk.get(f"{HOME}prints/{uuid4()}/state/").status_code == 404


def test_what_was_left_out_is_told_with_its_reason(desk, three):
    label = label_of(three[0])
    label.data["label"]["sender"] = {}
    label.save()
    numbers = "\n".join(rma.number for rma in three)
    told = {"numbers": numbers, "template": "return", "medium": "4x6", "start": "1", "copies": "1"}
    assert len(codes(desk.post(f"{HOME}labels/", told).getvalue())) == 2
    page = desk.get(f"{HOME}prints/{PrintJob.objects.get().key}/").content.decode()
    assert parcel_of(three[0]).code in page
    assert "The sender’s address is missing" in page


def test_where_nothing_could_be_made_the_form_says_why(desk, three):
    label = label_of(three[0])
    label.data["label"]["sender"] = {}
    label.save()
    answer = printed(desk, "label", three[0].pk)
    assert answer.status_code == 422
    assert "The sender’s address is missing" in answer.content.decode()


# The log


def test_the_log_says_what_was_printed_by_whom_and_why_again(desk, clerk, three):
    at({"name": "Dock 2", "printer": "Zebra 1"}, desk)
    job = job_of(desk, "label", three[0].pk)
    said(desk, job, "no")
    desk.post(f"{HOME}prints/{job.key}/again/", {"key": str(uuid4())}).getvalue()
    page = desk.get(f"{HOME}prints/").content.decode()
    for words in ("Return label × 1", "Dock 2", "Zebra 1", "did not print", "It did not print.",
                  "4 × 6 in"):  # fmt: skip
        assert words in page, words
    assert clerk.get_username() in page


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"printed": "yes"}, {0}),
        ({"printed": "no"}, {1}),
        ({"printed": "unsaid"}, {2}),
        ({"again": "true"}, {2}),
        ({"broken": "true"}, {1}),
        ({"skipped": "true"}, {2}),
        ({"template": "slip"}, {2}),
        ({"who": "clerk"}, {0, 1, 2}),
        ({"who": "nobody"}, set()),
        ({"at_from": "2020-01-01", "at_to": "2020-01-02"}, set()),
    ],
)
def test_the_log_is_narrowed(desk, clerk, three, asked, found):
    rows = [
        {"printed": True},
        {"printed": False, "state": JobState.BROKEN},
        {"reason": "torn", "skipped": [["R1", "why"]], "template": "slip", "made": 1},
    ]
    for number, told in enumerate(rows):
        PrintJob.objects.create(
            **{"template": "return", "medium": "a4", "actor": clerk, "station": f"#{number}#"}
            | told
        )
    page = desk.get(f"{HOME}prints/results/", asked).content.decode()
    assert {number for number in range(3) if f"#{number}#" in page} == found


def test_the_log_is_searched_by_return_and_parcel(desk, three):
    job_of(desk, "label", three[0].pk)
    verdict = decided(three[1])
    job_of(desk, "verdict", verdict.pk)
    for words, heading in (
        (three[0].number, "Return label"),
        (parcel_of(three[0]).code.lower(), "Return label"),
        (three[1].number, "Put-away label"),
    ):
        page = desk.get(f"{HOME}prints/results/", {"q": words}).content.decode()
        assert page.count("× 1") == 1, words
        assert f"{heading} × 1" in page


def found(desk: Any, words: str) -> list[str]:
    page = desk.get(f"{HOME}prints/results/", {"q": words}).content.decode()
    return sorted(re.findall(r"(Return label|Put-away label) × 1", page))


def test_each_print_is_found_by_return_parcel_article_and_person(desk, clerk, three):
    verdict = decided(three[0])
    job = job_of(desk, "verdict", verdict.pk)
    said(desk, job, "no")
    desk.post(f"{HOME}prints/{job.key}/again/", {"key": str(uuid4())}).getvalue()
    job_of(desk, "label", three[0].pk)
    job_of(desk, "verdict", decided(three[1]).pk)
    sku = three[0].lines.first().sku
    three[1].lines.update(sku="OTHER-1")

    both = ["Put-away label"] * 2
    assert found(desk, three[0].number) == [*both, "Return label"]
    assert found(desk, parcel_of(three[0]).code) == [*both, "Return label"]
    assert found(desk, sku.lower()) == [*both, "Return label"]
    assert found(desk, three[1].number) == found(desk, "other-1") == ["Put-away label"]
    assert found(desk, clerk.email[:5]) == [*both, "Put-away label", "Return label"]
    assert found(desk, three[2].number) == found(desk, "%") == []


def test_whoever_may_see_no_returns_sees_no_prints(site, desk, three):
    job = job_of(desk, "label", three[0].pk)
    nobody = client_of(staff("nobody@shop.example", "view_order"))
    for url in ("prints/", f"prints/{job.key}/", f"prints/{job.key}/state/"):
        assert nobody.get(f"{HOME}{url}").status_code in (302, 403)
    said(nobody, job, "no")
    job.refresh_from_db()
    assert job.printed is None
    before = LabelPrint.objects.count()
    for rma in three:
        nobody.post(f"{HOME}print/label/{rma.pk}/")
    assert LabelPrint.objects.count() == before


def test_a_draft_is_nobodys_business(desk):
    rma: Return = approved(state="draft")
    printable(rma)
    assert printed(desk, "label", rma.pk).status_code == 404
