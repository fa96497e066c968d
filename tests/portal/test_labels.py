"""Labels and photos as people get them: with a session, with a link, or not any more."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from oms_portal.returns import evidence, life, links
from oms_portal.returns.carriers.contract import File
from oms_portal.returns.labels.zpl import images
from oms_portal.returns.models import Return
from oms_portal.returns.parcels import Label, LabelPrint, LabelProof
from tests import factories
from tests.returns.carriers.faking import SETTING, Fake
from tests.returns.carriers.test_passing import pdf
from tests.returns.parcels import approved, label_of, labelled, parcel_of


pytestmark = pytest.mark.django_db

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}
KEPT = {"private", "max-age=0", "must-revalidate"}


@pytest.fixture(autouse=True)
def nobody_asked_before(settings: Any, tmp_path: Path) -> None:
    cache.clear()
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def rma() -> Return:
    made = approved()
    labelled(made)
    return made


@pytest.fixture
def user(rma: Return) -> Any:
    return factories.person(company=rma.company)


@pytest.fixture
def buyer(user: Any) -> Client:
    return signed_in(user)


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def url(
    rma: Return, template: str = "return", format: str = "pdf", sequence: int = 1, **query: Any
) -> str:
    args = [rma.number, sequence, template, format]
    return reverse("oms_portal:label", args=args, query=query or None)


def kept(response: Any) -> set[str]:
    return {part.strip() for part in response["Cache-Control"].split(",")}


def read(response: Any) -> set[str]:
    """What a reader says of the paper."""
    if response["Content-Type"] == "image/png":
        pictures = [Image.open(BytesIO(response.content))]
    elif response["Content-Type"] == "application/zpl":
        pictures = [image for image, _ in images(response.content)]
    else:
        with pypdfium2.PdfDocument(response.content) as document:
            pictures = [page.render(scale=203 / 72).to_pil() for page in document]
    return {code.text for each in pictures for code in zxingcpp.read_barcodes(each)}


def size(response: Any) -> tuple[float, float]:
    with pypdfium2.PdfDocument(response.content) as document:
        width, height = document[0].get_size()
    return round(width / 72 * 25.4, 1), round(height / 72 * 25.4, 1)


def test_a_label_is_a_file_that_a_reader_reads(buyer, rma):
    answer = buyer.get(url(rma))

    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert {name: answer[name] for name in HEADERS} == HEADERS
    assert kept(answer) == KEPT
    name = f"return-{rma.number}-1-a4.pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert parcel_of(rma).code in read(answer)
    assert size(answer) == (210, 297)


@pytest.mark.parametrize(
    ("asked", "paper"),
    [
        ({"size": "4x6"}, (101.6, 152.4)),
        ({"size": "100x150"}, (100, 150)),
        ({"size": "a6"}, (105, 148)),
        ({"size": "letter"}, (215.9, 279.4)),
        ({"sheet": "a4-4", "start": "3"}, (210, 297)),
        ({"sheet": "letter-2"}, (215.9, 279.4)),
    ],
    ids=str,
)
def test_it_comes_in_each_size_and_on_sheets_from_any_spot(buyer, rma, asked, paper):
    answer = buyer.get(url(rma, **asked))
    assert answer.status_code == 200
    assert size(answer) == paper
    assert parcel_of(rma).code in read(answer)


@pytest.mark.parametrize("dpi", ["203", "300"])
@pytest.mark.parametrize("format", ["png", "zpl"])
def test_label_printers_get_dots(buyer, rma, format, dpi):
    answer = buyer.get(url(rma, format=format, size="4x6", dpi=dpi))
    assert answer.status_code == 200
    assert parcel_of(rma).code in read(answer)
    assert answer["Content-Disposition"].endswith(f'-4x6-{dpi}.{format}"')


def test_an_office_in_a_letter_country_gets_letter(settings):
    made = approved(sender={"name": "Plant", "lines": ["1 Main St"], "city": "Austin",
                            "region": "TX", "postal_code": "78701", "country": "US"})  # fmt: skip
    labelled(made)
    client = signed_in(factories.person(company=made.company))
    assert size(client.get(url(made))) == (215.9, 279.4)


@pytest.mark.parametrize(
    "asked",
    [
        {"size": "a3"},
        {"size": "4x6", "dpi": "72"},
        {"dpi": "³"},
        {"sheet": "a4-9"},
        {"sheet": "a4-4", "start": "5"},
        {"sheet": "a4-4", "start": "0"},
        {"start": "2"},
        {"template": "invoice"},
        {"template": "putaway"},
        {"template": "cn22"},
        {"template": "slip", "format": "zpl"},
        {"format": "exe"},
        {"sequence": 2},
        {"sequence": 2**40},
    ],
    ids=str,
)
def test_what_there_is_not_is_not_found(buyer, rma, asked):
    assert buyer.get(url(rma, **asked)).status_code == 404
    assert not LabelPrint.objects.exists()


def test_slip_and_code_are_papers_of_their_own(buyer, rma):
    slip, code = buyer.get(url(rma, "slip")), buyer.get(url(rma, "qr"))
    assert (slip.status_code, code.status_code) == (200, 200)
    with pypdfium2.PdfDocument(slip.content) as document:
        text = document[0].get_textpage().get_text_range()
    assert "Ball bearing L1" in text
    assert "2 pieces" in text


def test_the_same_bytes_come_every_time_and_are_not_sent_twice(buyer, rma):
    first = buyer.get(url(rma))
    again = buyer.get(url(rma))
    assert again.content == first.content
    assert again["ETag"] == first["ETag"]
    assert not first["ETag"].startswith("W/")

    held = buyer.get(url(rma), headers={"If-None-Match": first["ETag"]})
    assert (held.status_code, held.content) == (304, b"")
    assert held["ETag"] == first["ETag"]
    assert kept(held) == KEPT
    other = buyer.get(url(rma), headers={"If-None-Match": '"something-else"'})
    assert other.status_code == 200


def test_each_size_is_proven_once_and_remembered_by_its_hash(buyer, rma, monkeypatch):
    answer = buyer.get(url(rma, size="a6"))
    proof = LabelProof.objects.get(size="a6")
    assert answer["ETag"] == f'"{proof.sha256}"'

    def never(*args):
        raise AssertionError("it was proven before")

    monkeypatch.setattr("oms_portal.returns.proving.prove", never)
    assert buyer.get(url(rma, size="a6")).status_code == 200


def test_bytes_that_are_other_than_the_proven_ones_are_proven_anew(buyer, rma):
    buyer.get(url(rma, size="a6"))
    LabelProof.objects.filter(size="a6").update(sha256="0" * 64)
    answer = buyer.get(url(rma, size="a6"))
    assert answer.status_code == 200
    assert answer["ETag"] == f'"{LabelProof.objects.get(size="a6").sha256}"'


def test_what_does_not_pass_its_proof_is_handed_out_to_nobody(buyer, rma, monkeypatch):
    from oms_portal.returns.labels.proof import Unreadable

    def unread(*args):
        raise Unreadable("the bars are too fine")

    monkeypatch.setattr("oms_portal.returns.proving.prove", unread)
    answer = buyer.get(url(rma, size="a6"))
    assert answer.status_code == 422
    assert "another size" in answer.content.decode()
    assert "too fine" not in answer.content.decode()
    assert not LabelPrint.objects.exists()


def test_who_was_handed_a_label_is_written_down(buyer, rma, user):
    buyer.get(url(rma, size="a6"))
    buyer.head(url(rma, size="a6"))

    noted = LabelPrint.objects.get()
    assert (noted.via, noted.template, noted.size, noted.format) == (
        "portal",
        "return",
        "a6",
        "pdf",
    )
    assert noted.actor == user


# Labels that are over


def gone(client: Client, path: str, *words: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 410
    page = answer.content.decode()
    for each in words:
        assert each in page
    assert answer["X-Robots-Tag"] == "noindex"
    assert "no-store" in kept(answer)


def test_a_void_label_is_dead_for_who_held_it_too(buyer, rma):
    tag = buyer.get(url(rma))["ETag"]
    rma.state = "cancelled"
    life.void(rma)
    Return.objects.update(state="cancelled")

    gone(buyer, url(rma), "This label is void", "start a new return", rma.number)
    held = buyer.get(url(rma), headers={"If-None-Match": tag})
    assert held.status_code == 410


def test_the_label_of_a_return_that_ended_is_dead_before_it_is_even_voided(buyer, rma):
    Return.objects.update(state="cancelled")
    gone(buyer, url(rma), "This label is void")


def test_a_used_label_says_so(buyer, rma):
    life.use(parcel_of(rma), timezone.now())
    gone(buyer, url(rma), "This label was used", "label of its own")


def test_a_label_after_its_last_day_says_until_when_it_held(buyer, rma):
    Label.objects.update(valid_until="2026-11-02")
    gone(buyer, url(rma), "This label is too old", "Nov 2, 2026")


def test_of_a_label_that_was_replaced_the_new_one_is_handed_out(buyer, rma, user):
    token = links.token_for(label_of(rma), user)
    life.reissue(parcel_of(rma), "torn")
    waiting = buyer.get(url(rma))
    assert waiting.status_code == 409
    assert "Try again" in waiting.content.decode()

    labelled(rma)
    assert buyer.get(url(rma)).status_code == 200
    gone(Client(), reverse("oms_portal:label_link", args=[token]), "There is a newer label")


def test_a_label_that_is_still_made_is_asked_for_again_later(user):
    early = approved(order="SO-2")
    answer = signed_in(user).get(url(early))
    assert answer.status_code == 409
    assert "still being made" in answer.content.decode()


# Whose it is


def test_a_label_of_others_answers_as_one_that_is_not_there(rma):
    stranger = signed_in(factories.person("x@c9.example", factories.company("C9")))
    elsewhere = factories.address(rma.company, "S2")
    colleague = signed_in(factories.person("y@c1.example", rma.company, ship_tos=[elsewhere]))
    for client in (stranger, colleague):
        answer = client.get(url(rma))
        missing = client.get("/portal/returns/R0000000000/label/1/return.pdf")
        assert (answer.status_code, missing.status_code) == (404, 404)
        assert answer.content == missing.content
    assert Client().get(url(rma)).status_code == 302


def test_whoever_wants_very_many_is_a_program(buyer, rma, monkeypatch):
    monkeypatch.setattr("oms_portal.fragments.label_files.FILES_PER_MINUTE", 2)
    assert [buyer.get(url(rma)).status_code for _ in range(3)] == [200, 200, 429]


# A carrier's own label


@pytest.fixture
def carried(settings) -> Return:
    Fake.reset()
    settings.OMS_PORTAL = {"RETURN_CARRIERS": SETTING}
    Fake.file = File(pdf("OUTBOUND-1", "FK00000001"), "application/pdf")
    made = approved(order="SO-3")
    labelled(made)
    return made


def test_a_carriers_own_label_comes_byte_for_byte_and_as_nothing_else(carried):
    client = signed_in(factories.person(company=carried.company))
    answer = client.get(url(carried))

    assert answer.content == Fake.file.content
    assert "FK00000001" in read(answer)
    held = client.get(url(carried), headers={"If-None-Match": answer["ETag"]})
    assert held.status_code == 304
    for asked in ({"format": "png"}, {"format": "zpl"}, {"template": "qr"}):
        assert client.get(url(carried, **asked)).status_code == 404
    assert client.get(url(carried, "slip")).status_code == 200


# Links


def link(rma: Return, user: Any, **query: Any) -> str:
    token = links.token_for(label_of(rma), user)
    return reverse("oms_portal:label_link", args=[token], query=query or None)


def test_a_link_hands_out_one_label_without_a_password_and_lets_nobody_in(rma, user):
    client = Client()
    answer = client.get(link(rma, user))

    assert answer.status_code == 200
    assert parcel_of(rma).code in read(answer)
    assert {name: answer[name] for name in HEADERS} == HEADERS
    assert kept(answer) == {"private", "no-store"}
    assert not client.cookies
    assert client.get(url(rma)).status_code == 302
    noted = LabelPrint.objects.get()
    assert (noted.via, noted.actor) == ("link", user)
    assert client.get(link(rma, user, format="zpl", size="4x6")).status_code == 200


def test_a_link_of_a_return_without_a_printer_opens_the_code(user):
    made = approved(order="SO-2", method="qr")
    labelled(made)
    answer = Client().get(link(made, user))
    assert answer["Content-Disposition"].startswith('attachment; filename="qr-')
    assert len(read(answer)) >= 1


def test_a_link_that_was_tampered_with_is_none(rma, user):
    other = approved(order="SO-2")
    labelled(other)
    good = links.token_for(label_of(rma), user)
    theirs = links.token_for(label_of(other), user)
    foreign = f"{label_of(other).key}.{good.partition('.')[2]}"
    for token in (
        good[:-1],
        good[:-2] + "xx",
        foreign,
        f"{good}x",
        "x",
        "a.b",
        "a.b:c:d",
        "." * 300,
    ):
        answer = Client().get(reverse("oms_portal:label_link", args=[token]))
        assert answer.status_code == 404, token
        assert "does not work any more" in answer.content.decode()
    assert Client().get(reverse("oms_portal:label_link", args=[theirs])).status_code == 200


def test_a_link_works_for_seven_days(rma, user, monkeypatch):
    path = link(rma, user)
    now = timezone.now().timestamp()
    week = timedelta(days=7).total_seconds()
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + week - 60)
    assert Client().get(path).status_code == 200
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + week + 60)
    assert Client().get(path).status_code == 404


def test_links_can_be_revoked_while_the_label_lives_on(rma, user, buyer):
    path = link(rma, user)
    life.revoke_links(label_of(rma))
    assert Client().get(path).status_code == 404
    assert buyer.get(url(rma)).status_code == 200
    assert Client().get(link(rma, user)).status_code == 200


def test_a_link_is_worth_what_its_person_may_see(rma, user):
    path = link(rma, user)
    user.oms_memberships.all().delete()
    assert Client().get(path).status_code == 404

    factories.member(user, rma.company)
    assert Client().get(path).status_code == 200
    user.is_active = False
    user.save()
    assert Client().get(path).status_code == 404


def test_a_link_to_a_void_label_says_what_to_do_and_nothing_more(rma, user):
    path = link(rma, user)
    rma.state = "cancelled"
    life.void(rma)
    gone(Client(), path, "This label is void")
    assert rma.number not in Client().get(path).content.decode()


def test_guessing_links_is_slow(rma, user, monkeypatch):
    monkeypatch.setattr("oms_portal.portal.labels.LINKS_PER_MINUTE", 2)
    path = reverse("oms_portal:label_link", args=["guess"])
    client = Client()
    assert [client.get(path).status_code for _ in range(3)] == [404, 404, 429]


# Photos


def photo_of(rma: Return, user: Any, name: str = "broken.png") -> Any:
    out = BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "PNG")
    Return.objects.filter(pk=rma.pk).update(state="requested")
    upload = SimpleUploadedFile(name, out.getvalue(), "image/png")
    return evidence.take(upload, rma, rma.lines.get(), user)


def test_a_photo_is_shown_to_who_may_see_its_return_and_to_nobody_else(buyer, rma, user):
    path = reverse("oms_portal:evidence", args=[photo_of(rma, user).key])
    answer = buyer.get(path)

    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert {name: answer[name] for name in HEADERS} == HEADERS
    assert kept(answer) == KEPT
    assert answer["Content-Disposition"] == 'inline; filename="broken.jpg"'
    held = buyer.get(path, headers={"If-None-Match": answer["ETag"]})
    assert held.status_code == 304

    stranger = signed_in(factories.person("x@c9.example", factories.company("C9")))
    missing = stranger.get(reverse("oms_portal:evidence", args=["nothing"]))
    assert stranger.get(path).content == missing.content
    assert missing.status_code == 404
    assert Client().get(path).status_code == 302


def test_photos_of_a_draft_are_its_authors_alone(buyer, rma, user):
    path = reverse("oms_portal:evidence", args=[photo_of(rma, user).key])
    Return.objects.update(state="draft", requested_by=user)
    assert buyer.get(path).status_code == 200
    colleague = signed_in(factories.person("y@c1.example", rma.company))
    assert colleague.get(path).status_code == 404


@pytest.mark.parametrize(
    "name", ['a"b\r\nX-Evil: 1.png', "../../etc/passwd", "фото; filename=x.exe", "   .png"]
)
def test_the_name_somebody_gave_a_photo_harms_no_header(buyer, rma, user, name):
    row = photo_of(rma, user)
    type(row).objects.filter(pk=row.pk).update(name=name)
    answer = buyer.get(reverse("oms_portal:evidence", args=[row.key]))
    assert answer.status_code == 200
    told = answer["Content-Disposition"]
    assert told.startswith("inline; filename")
    assert not set("\r\n/") & set(told)
    assert told.count('"') in (0, 2)
    assert "X-Evil" not in answer
    assert told.rstrip('"').endswith(".jpg")


def test_a_photo_whose_file_is_gone_is_not_there(buyer, rma, user):
    row = photo_of(rma, user)
    type(row).objects.filter(pk=row.pk).update(file="returns/0/nothing.jpg")
    assert buyer.get(reverse("oms_portal:evidence", args=[row.key])).status_code == 404
