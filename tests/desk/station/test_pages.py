"""The screens of a station without its script: each form works by itself."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format
from PIL import Image

from oms_portal.desk.station.settings import COOKIE
from oms_portal.returns.models import Evidence, Return
from oms_portal.returns.receipts import arrivals
from oms_portal.returns.receipts.models import DeskScan, Finding, Receipt, StrayParcel
from tests import factories
from tests.desk.conftest import client_of, staff
from tests.returns import parcels


pytestmark = pytest.mark.django_db
HOME = "/admin/oms/returns"
KEYS = iter(f"00000000-0000-4000-a000-{number:012d}" for number in range(1, 1000))


@pytest.fixture
def clerk(site: Any) -> Client:
    return client_of(staff("clerk@shop.example", "view_return", "receive_return"))


@pytest.fixture
def looker(site: Any) -> Client:
    return client_of(staff("looker@shop.example", "view_return"))


@pytest.fixture
def rma(site: Any) -> Return:
    return parcels.approved(parcels=2)


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def post(client: Client, url: str, **told: Any) -> str:
    """The page that the form leads to."""
    answer = client.post(f"{HOME}/{url}", told, follow=True)
    assert answer.status_code == 200
    return text_of(answer)


def press(client: Client, rma: Return, **told: Any) -> str:
    return post(client, f"receive/{rma.pk}/", id=next(KEYS), **told)


def counts() -> list[tuple[str, int, int]]:
    rows = Finding.objects.order_by("pk")
    return [(one.found, int(one.counted), int(one.damaged)) for one in rows]


def photo() -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, "PNG")
    return SimpleUploadedFile("box.png", out.getvalue(), "image/png")


def test_the_bench_shows_what_is_expected_and_every_key_of_it_counts(clerk, rma):
    assert "of 2" in text_of(clerk.get(f"{HOME}/receive/{rma.pk}/"))

    page = press(clerk, rma, verb="add", line="1", quantity="1")
    assert "Counted on return" in page
    assert "1 missing" in page
    press(clerk, rma, verb="add", line="1", quantity="1")
    page = press(clerk, rma, verb="damaged", line="1")
    assert "complete" in page
    assert "1 damaged" in page
    press(clerk, rma, verb="unexpected", sku="FOREIGN", quantity="3")
    page = press(clerk, rma, verb="unexpected", line="1", description="A brick")
    assert "1 × something else:" in page
    assert counts() == [("expected", 2, 1), ("unexpected", 3, 0), ("wrong", 1, 0)]
    assert "Taken back" in press(clerk, rma, verb="undo")
    assert counts()[2] == ("wrong", 0, 0)


def test_the_same_form_sent_twice_counts_once(clerk, rma):
    told = {"id": next(KEYS), "verb": "add", "line": "1", "quantity": "1"}

    post(clerk, f"receive/{rma.pk}/", **told)
    post(clerk, f"receive/{rma.pk}/", **told)

    assert counts() == [("expected", 1, 0)]


def test_done_counting_tells_the_erp_and_says_so(clerk, rma):
    Return.objects.update(source=factories.source())
    assert "Nothing of this return was scanned or counted yet." in press(clerk, rma, verb="finish")
    press(clerk, rma, verb="add", line="1", quantity="2")

    page = press(clerk, rma, verb="finish", note="Wet outside")

    receipt = Receipt.objects.get()
    assert receipt.counted_at is not None
    assert receipt.note == "Wet outside"
    assert "Counted; the ERP was told" in page
    assert "Counted. The ERP is told what came." in page
    for _ in range(2):
        page = press(clerk, rma, verb="finish", note="Wet outside")
        assert "Nothing changed since it was counted." in page
        assert "Counted. The ERP is told what came." not in page


def test_goods_of_a_return_that_was_withdrawn_are_counted_once_somebody_lets_them_in(clerk, rma):
    rma.events.create(verb="withdraw", state="cancelled", at=timezone.now())
    Return.objects.filter(pk=rma.pk).update(state="cancelled")
    page = post(clerk, "find/", id=next(KEYS), verb="scan", text=rma.parcels.first().code)
    arrivals.tell_all()
    assert Return.objects.get(pk=rma.pk).state == "in_transit"
    for shown in (page, text_of(clerk.get(f"{HOME}/receive/{rma.pk}/"))):
        assert f"<strong>Withdrawn, {date_format(timezone.localdate(), 'DATE_FORMAT')}" in shown
        assert "This return was over before its goods came." in shown
        assert "Done counting" not in shown

    page = press(clerk, rma, verb="let_in")

    assert "This return was over" not in page
    assert "Done counting" in page
    assert "Counted on return" in press(clerk, rma, verb="add", line="1", quantity="1")


def test_an_unknown_parcel_is_matched_with_a_return_that_is_over_after_a_second_word(clerk, rma):
    other = parcels.approved("C2", "SO-3")
    Return.objects.update(state="cancelled")
    key = clerk.get(f"{HOME}/unknown/new/").context["form"].initial["key"]
    post(clerk, "unknown/new/", key=key, contents="Stones")
    url = f"{HOME}/unknown/{StrayParcel.objects.get().pk}/"

    for sure in ("", other.number):
        asked = clerk.post(url, {"verb": "match", "number": rma.number, "sure": sure})
        assert asked.status_code == 422
        assert "This return was over before its goods came." in text_of(asked)
        assert f'name="sure" value="{rma.number}"' in text_of(asked)
    assert StrayParcel.objects.get().state == "open"
    clerk.post(url, {"verb": "match", "number": rma.number, "sure": rma.number})
    assert StrayParcel.objects.get().rma == rma


def test_returns_of_the_same_customer_lie_beside_it(clerk, rma):
    other = parcels.approved(order="SO-2")
    stranger = parcels.approved("C2", "SO-3")

    page = text_of(clerk.get(f"{HOME}/receive/{rma.pk}/"))

    assert other.number in page
    assert stranger.number not in page


def test_a_photo_of_what_came_is_kept_as_the_desk_s(clerk, rma):
    page = press(clerk, rma, verb="photo", line="1", photo=photo())

    kept = Evidence.objects.get()
    assert (kept.at_desk, kept.line.ref) == (True, "1")
    assert kept.key in page
    wrong = SimpleUploadedFile("x.png", b"<svg>", "image/png")
    assert "no photo that we can read" in press(clerk, rma, verb="photo", photo=wrong)


def test_hostile_words_stay_words(clerk, rma):
    Return.objects.filter(pk=rma.pk).update(note="<script>")
    rma.lines.update(sku="", description='"><img src=x onerror=alert(1)>')

    page = press(clerk, rma, verb="unexpected", description="<b>x</b>\u202e")

    assert "<img src=x" not in page
    assert "<b>x</b>" not in page
    assert "\u202e" not in page


def test_anything_is_found_and_taken_as_a_scan_without_the_script(clerk, rma):
    code = rma.parcels.first().code

    page = text_of(clerk.get(f"{HOME}/find/", {"q": code}))
    assert rma.number in page
    assert f"{HOME}/receive/{rma.pk}/" in page
    page = post(clerk, "find/", id=next(KEYS), verb="scan", text=code)

    assert "The parcel is in." in page
    assert "1 of 2 parcels are here" in page
    assert "Nothing is called that." in text_of(clerk.get(f"{HOME}/find/", {"q": "WHATEVER"}))


def test_who_only_looks_finds_and_is_offered_nothing_to_do(looker, rma):
    page = text_of(looker.get(f"{HOME}/find/", {"q": rma.number}))

    assert rma.number in page
    assert "Take it as a scan" not in page
    assert "data-oms-scans-url-value" not in page
    assert looker.get(f"{HOME}/receive/{rma.pk}/").status_code == 302
    looker.post(f"{HOME}/find/", {"id": next(KEYS), "verb": "scan", "text": rma.number})
    assert not DeskScan.objects.exists()


def test_an_unknown_parcel_is_written_down_with_photos_matched_and_closed(clerk, rma):
    form = clerk.get(f"{HOME}/unknown/new/", {"code": "ZZ 1"})
    assert 'value="ZZ 1"' in form.content.decode()
    key = form.context["form"].initial["key"]
    told = {"key": key, "code": "ZZ 1", "sender": "A <b>stranger</b>"}
    page = post(clerk, "unknown/new/", **told, photo=[photo()])
    post(clerk, "unknown/new/", **told)

    stray = StrayParcel.objects.get()
    assert stray.number in page
    assert "A &lt;b&gt;stranger" in page
    shown = clerk.get(f"{HOME}/unknown/{stray.pk}/{stray.photos.get().key}/")
    assert shown["Content-Type"] == "image/jpeg"
    assert stray.number in text_of(clerk.get(f"{HOME}/unknown/"))

    wrong = clerk.post(f"{HOME}/unknown/{stray.pk}/", {"verb": "match", "number": "R0000000001"})
    assert wrong.status_code == 422
    page = post(clerk, f"unknown/{stray.pk}/", verb="match", number=rma.number)
    assert f"It belongs to return {rma.number} now." in page
    page = post(clerk, f"unknown/{stray.pk}/", verb="close", why="Burnt")
    assert "Somebody has seen to this parcel already." in page
    assert stray.number in text_of(clerk.get(f"{HOME}/unknown/", {"state": "matched"}))


def test_an_unknown_parcel_that_belongs_to_nobody_is_closed_with_a_word(clerk):
    key = clerk.get(f"{HOME}/unknown/new/").context["form"].initial["key"]
    assert clerk.post(f"{HOME}/unknown/new/", {"key": key}).status_code == 422
    post(clerk, "unknown/new/", key=key, contents="Stones")
    stray = StrayParcel.objects.get()

    assert clerk.post(f"{HOME}/unknown/{stray.pk}/", {"verb": "close"}).status_code == 422
    post(clerk, f"unknown/{stray.pk}/", verb="close", why="The carrier took it back.")

    page = text_of(clerk.get(f"{HOME}/unknown/", {"state": "closed"}))
    assert "The carrier took it back." in page
    assert "Stones" not in text_of(clerk.get(f"{HOME}/unknown/"))


def test_who_only_looks_changes_no_unknown_parcel(looker, clerk):
    key = clerk.get(f"{HOME}/unknown/new/").context["form"].initial["key"]
    post(clerk, "unknown/new/", key=key, contents="Stones")
    stray = StrayParcel.objects.get()

    answer = looker.post(f"{HOME}/unknown/{stray.pk}/", {"verb": "close", "why": "Burnt"})

    assert answer.status_code == 404
    assert StrayParcel.objects.get().state == "open"


def test_a_browser_is_told_which_station_it_is(clerk):
    told = {"name": "Gate 3", "size": "a6", "format": "zpl", "dpi": "300", "printer": "Zebra"}

    page = post(clerk, "station/", **told)

    assert 'value="Gate 3"' in page
    assert "sound" in clerk.cookies[COOKIE].value
    refused = clerk.post(f"{HOME}/station/", {**told, "size": "a4-4"})
    assert refused.status_code == 422
    assert "A sheet of several labels is printed as PDF." in text_of(refused)


SCREENS = ["/", "/labels/", "/prints/", "/unknown/", "/unknown/new/", "/find/?q=x", "/station/"]


@pytest.mark.parametrize("screen", [*SCREENS, "-figures/"])
def test_each_screen_has_the_scan_box(clerk: Client, rma: Return, screen: str) -> None:
    assert 'id="omsdesk-scan"' in text_of(clerk.get(f"{HOME}{screen}"))


@pytest.mark.parametrize("screen", ["inspect", "receive", "judge"])
def test_each_screen_of_a_return_has_the_scan_box(rma: Return, site: Any, screen: str) -> None:
    rights = ("view_return", "receive_return", "inspect_return")
    desk = client_of(staff("desk@shop.example", *rights))
    assert 'id="omsdesk-scan"' in text_of(desk.get(f"{HOME}/{screen}/{rma.pk}/"))
