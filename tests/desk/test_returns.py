"""Returns at the desk: the queue, the page that shows all of one, and the decision."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image
from wagtail.models import ModelLogEntry

from oms_portal.erp.outbox.models import Command
from oms_portal.returns import actions, evidence
from oms_portal.returns.models import Return
from tests import factories
from tests.returns.scene import NOW, Scene, again, delivery, item, new_key, reserved, set_up

from .conftest import client_of, staff
from .test_change_requests import said


pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(settings: Any, tmp_path: Any) -> Scene:
    """Whatever is sent back here is looked at first."""
    settings.MEDIA_ROOT = tmp_path / "media"
    made = set_up(settings, approval="agent")
    factories.site()
    return made


@pytest.fixture
def desk(scene: Scene) -> Client:
    return client_of(staff("desk@shop.example", "view_order", "view_return", "decide_return"))


@pytest.fixture
def lead(scene: Scene) -> Client:
    """Stands above the rules."""
    return client_of(staff("lead@shop.example", "view_return", "decide_return", "lead_return"))


@pytest.fixture
def looker(scene: Scene) -> Client:
    return client_of(staff("looker@shop.example", "view_return"))


def url_of(rma: Return, verb: str = "inspect") -> str:
    return f"/admin/oms/returns/{verb}/{rma.pk}/"


def page_of(client: Client, rma: Return) -> str:
    return unescape(client.get(url_of(rma)).content.decode())


def form_of(client: Client, rma: Return, verb: str) -> dict[str, str]:
    """What a browser would send for the verb's form as it was drawn."""
    page = client.get(url_of(rma)).content.decode()
    form = re.search(rf'<form[^>]+action="{url_of(rma, verb)}".*?</form>', page, re.S)
    assert form is not None, f"no form to {verb}"
    sent = {}
    for tag in re.findall(r"<(?:input|textarea)[^>]+>", form[0]):
        if name := re.search(r'name="([^"]+)"', tag):
            value = re.search(r'value="([^"]*)"', tag)
            sent[name[1]] = unescape(value[1]) if value else ""
    return sent


def decide(client: Client, rma: Return, verb: str, **filled: str) -> Any:
    form = form_of(client, rma, verb)
    filled = {f"{verb}-{name}": value for name, value in filled.items()}
    return client.post(url_of(rma, verb), form | filled, follow=True)


def listed(client: Client, query: str = "") -> list[str]:
    html = client.get(f"/admin/oms/returns/?{query}").content.decode()
    return re.findall(r'/returns/inspect/\d+/"\s*>\s*([^<]+?)\s*</a>', html)


# The queue


def test_what_waits_for_a_person_comes_first_and_drafts_and_what_is_over_do_not(
    scene: Scene, looker: Client
) -> None:
    scene.draft(item("1"))
    approved, waits = scene.send(item("1")), scene.send(item("2"))
    actions.approve(approved, scene.user, now=NOW)
    declined = actions.decline(scene.send(item("1")), scene.user, "No.", now=NOW)

    assert listed(looker) == [waits.number, approved.number]
    assert listed(looker, "state=rejected") == [declined.number]
    assert listed(looker, f"q={declined.number.lower()}") == [declined.number]


def test_the_list_is_narrowed_by_company_age_and_what_is_too_much(
    scene: Scene, looker: Client
) -> None:
    old, new = scene.send(item("8")), scene.send(item("2"))
    Return.objects.filter(pk=old.pk).update(submitted_at=timezone.now() - timedelta(days=4))
    Return.objects.filter(pk=new.pk).update(submitted_at=timezone.now())
    assert listed(looker, "company=10001") == [old.number, new.number]
    assert listed(looker, "company=99999") == []
    assert listed(looker, "older=3") == [old.number]
    assert listed(looker, "queue=over") == []
    scene.told(shipments=[delivery("SO-1-D1", {"L1": "9"})])
    assert len(listed(looker, "queue=over")) == 2
    assert "too much" in looker.get("/admin/oms/returns/").content.decode()


def test_a_return_is_found_by_what_stands_on_its_parcel_and_by_its_order(
    scene: Scene, looker: Client
) -> None:
    rma = actions.approve(scene.send(item("1")), scene.user, now=NOW)
    other = scene.send(item("1", order="SO-2"))
    code = rma.parcels.get().code
    assert listed(looker, f"q={code.lower()}") == [rma.number]
    assert listed(looker, f"q={scene.other.number}") == [other.number]
    assert listed(looker, "q=R000") == []


def test_one_that_was_found_by_its_order_says_how_many_items_it_has(
    scene: Scene, looker: Client
) -> None:
    rma = scene.send(item("1"), item("1", "L2"), parcels=2)
    actions.approve(rma, scene.user, now=NOW)
    html = looker.get(f"/admin/oms/returns/?q={scene.order.number}").content.decode()
    assert rma.number in html and "2 items" in html


def test_the_queue_is_drawn_anew_while_somebody_looks(scene: Scene, looker: Client) -> None:
    empty = looker.get("/admin/oms/returns/").content.decode()
    assert "Nothing waits here at the moment." in empty
    fresh = re.search(r'data-oms-queue-url-value="([^"]+)"', empty)
    assert fresh is not None
    rma = scene.send(item("1"))
    assert rma.number in looker.get(unescape(fresh[1])).content.decode()
    assert "No return is like that." in looker.get(f"{fresh[1]}q=R000").content.decode()


# The page


def test_the_page_tells_items_photos_rules_and_history(scene: Scene, desk: Client) -> None:
    draft = scene.draft(item("2", text="Two of them <b>whistle</b>.", serials=("SN1",)))
    photo = evidence.take(picture(), draft, draft.lines.get(), scene.user)
    rma = actions.submit(draft, scene.user, now=NOW, key=new_key())
    page = page_of(desk, rma)
    for words in (
        f"Return {rma.number}",
        "Two of them <b>whistle</b>.",
        "Serial numbers: SN1",
        "Wrong size",
        "Order SO-1",
        "Delivery SO-1-D1",
        "2 asked for",
        "Usual (version 1)",
        "asked for it",
        "It was not passed on to the ERP.",
    ):
        assert words in page, words
    assert "<b>whistle" not in desk.get(url_of(rma)).content.decode()

    url = f"/admin/oms/returns/photo/{rma.pk}/{photo.key}/"
    assert f'src="{url}"' in page
    answer = desk.get(url)
    assert answer["Content-Type"] == "image/jpeg"
    assert "no-store" in answer["Cache-Control"] and "private" in answer["Cache-Control"]
    assert Image.open(BytesIO(answer.content)).size == (40, 30)
    assert desk.get(url.replace(photo.key, "x" * 22)).status_code == 404


def picture() -> SimpleUploadedFile:
    held = BytesIO()
    Image.new("RGB", (40, 30), "red").save(held, "JPEG")
    return SimpleUploadedFile("bearing.jpg", held.getvalue(), "image/jpeg")


def test_serial_numbers_that_the_erp_did_not_tell_are_flagged(scene: Scene, looker: Client) -> None:
    known = scene.send(item("2", serials=("SN1", "SN9")))
    assert "Not told with the delivery: SN9" in page_of(looker, known)
    untold = scene.send(item("1", order="SO-2", serials=("X-1",)))
    assert "Not told with the delivery: X-1" in page_of(looker, untold)
    told = scene.send(item("1", serials=("SN1",)))
    assert "Not told" not in page_of(looker, told)


def test_what_the_erp_corrected_away_is_warned_of(scene: Scene, desk: Client) -> None:
    rma = scene.send(item("5"))
    assert "more is on returns than was delivered" not in page_of(desk, rma)
    scene.told(shipments=[delivery("SO-1-D1", {"L1": "3"})])
    page = page_of(desk, rma)
    assert "2 more is on returns than was delivered" in page
    assert "2 more than was delivered" in page


# The decision


def test_it_is_approved_for_fewer_than_asked_and_the_rest_is_free(
    scene: Scene, desk: Client
) -> None:
    rma = scene.send(item("5"))
    ref = rma.lines.get().ref
    answer = decide(desk, rma, "approve", **{f"quantity_{ref}": "3", "reason": "Two look used"})
    assert "It was approved" in said(answer)
    assert again(rma).state == "approved"
    assert rma.lines.get().approved == 3
    assert reserved()[1] == "3"
    told = Command.objects.get(kind="return").payload
    assert told["lines"][0]["quantity"] == "3"
    entry = ModelLogEntry.objects.get(action="oms_portal.approve_return")
    assert rma.number in entry.message and "Two look used" in entry.message


def test_more_than_was_asked_for_is_not_approved(scene: Scene, desk: Client) -> None:
    rma = scene.send(item("5"))
    ref = rma.lines.get().ref
    answer = decide(desk, rma, "approve", **{f"quantity_{ref}": "6"})
    assert answer.status_code == 422
    answer = decide(desk, rma, "approve", **{f"quantity_{ref}": "0"})
    assert "more than none" in said(answer)
    assert again(rma).state == "in_review"
    assert not ModelLogEntry.objects.filter(action="oms_portal.approve_return").exists()


def test_a_no_needs_words_which_the_customer_gets(scene: Scene, desk: Client) -> None:
    rma = scene.send(item("5"))
    assert decide(desk, rma, "decline", reason=" ").status_code == 422
    decide(desk, rma, "decline", reason="These were made for you.")
    now = again(rma)
    assert (now.state, now.answer_text) == ("rejected", "These were made for you.")
    assert reserved()[1] == "0"


def test_a_question_waits_for_its_answer(scene: Scene, desk: Client) -> None:
    rma = scene.send(item("1"))
    decide(desk, rma, "ask", text="Which machine?")
    assert (again(rma).state, again(rma).question) == ("info_needed", "Which machine?")
    assert "Which machine?" in page_of(desk, rma)
    actions.reply(again(rma), scene.user, "The press.", now=NOW)
    assert "The press." in page_of(desk, rma)
    decide(desk, again(rma), "approve")
    assert again(rma).state == "approved"


def test_what_was_declined_is_allowed_all_the_same_with_a_reason_if_it_is_still_there(
    scene: Scene, desk: Client, lead: Client
) -> None:
    rma = scene.send(item("8"))
    decide(desk, rma, "decline", reason="No.")
    assert "Approve the return" not in page_of(lead, rma)
    assert decide(lead, again(rma), "override", reason="").status_code == 422
    scene.send(item("5"))
    answer = decide(lead, again(rma), "override", reason="A good customer")
    assert "only 5 can still come back" in said(answer)
    ref = rma.lines.get().ref
    decide(lead, again(rma), "override", reason="A good customer", **{f"quantity_{ref}": "5"})
    assert again(rma).state == "approved"
    assert "A good customer" in page_of(lead, rma)


def test_who_is_no_lead_allows_nothing_that_the_rules_refuse(
    scene: Scene, desk: Client, lead: Client
) -> None:
    rma = scene.send(item("1"))
    terms = {**rma.lines.get().terms, "allowed": False}
    rma.lines.update(terms=terms)
    assert "Allow the return" not in page_of(desk, rma)
    assert "Decline the return" in page_of(desk, rma)
    form = form_of(lead, rma, "override")
    sent = {name: value for name, value in form.items() if "csrf" not in name}
    for verb in ("override", "approve"):
        told = {name.replace("override", verb, 1): value for name, value in sent.items()}
        answer = desk.post(url_of(rma, verb), told | {f"{verb}-reason": "A good customer"})
        assert answer.status_code == 302 and answer["Location"] == "/admin/"
    assert again(rma).state == "in_review"
    decide(lead, rma, "override", reason="A good customer")
    assert again(rma).state == "approved"


def test_from_a_value_on_two_leads_allow_what_the_rules_refuse(
    scene: Scene, desk: Client, lead: Client, settings: Any
) -> None:
    settings.OMS_PORTAL = {**settings.OMS_PORTAL, "RETURN_SECOND_PERSON_FROM": Decimal(9)}
    rma = scene.send(item("3"))
    decide(desk, rma, "decline", reason="No.")
    ref = f"quantity_{rma.lines.get().ref}"
    answer = decide(lead, again(rma), "override", reason="A <good> customer", **{ref: "2"})
    assert "It was written down. Somebody else must confirm it." in said(answer)
    assert again(rma).state == "rejected"
    page = page_of(desk, rma)
    assert "wants to allow it all the same: “A <good> customer” Somebody else" in page
    answer = decide(lead, again(rma), "override", reason="Really")
    assert answer.status_code == 422
    assert "You decided this yourself." in unescape(answer.content.decode())
    other = client_of(staff("other@shop.example", "view_return", "decide_return", "lead_return"))
    assert form_of(other, again(rma), "override")[f"override-{ref}"] == "2"
    answer = decide(other, again(rma), "override", reason="I know them")
    assert "It was allowed, and the customer was told." in said(answer)
    assert again(rma).state == "approved"
    assert "Somebody else must confirm it" not in page_of(desk, rma)


def test_what_the_rules_refuse_is_not_approved_past_the_second_person(
    scene: Scene, lead: Client
) -> None:
    rma = scene.send(item("1"))
    rma.lines.update(terms={**rma.lines.get().terms, "allowed": False})
    form = form_of(lead, rma, "override")
    told = {name.replace("override", "approve", 1): value for name, value in form.items()}
    answer = lead.post(url_of(rma, "approve"), told | {"approve-reason": "Yes"})
    assert answer.status_code == 302 and answer["Location"] == "/admin/"
    assert again(rma).state == "in_review"


def test_whoever_comes_second_is_told_who_was_faster(scene: Scene, desk: Client) -> None:
    rma = scene.send(item("1"))
    form = form_of(desk, rma, "decline")
    decide(desk, rma, "approve")
    late = desk.post(url_of(rma, "decline"), form | {"decline-reason": "No."}, follow=True)
    assert "Nothing was done: it has moved on meanwhile." in said(late)
    assert "approved it" in said(late)
    assert again(rma).state == "approved"


def test_what_never_arrives_is_closed(scene: Scene, desk: Client) -> None:
    rma = scene.send(item("4"))
    decide(desk, rma, "approve")
    decide(desk, again(rma), "close", reason="They threw it away.")
    assert again(rma).state == "closed" and reserved()[1] == "0"


def test_who_may_only_look_decides_nothing_and_strangers_see_nothing(
    scene: Scene, looker: Client, buyer: Client
) -> None:
    rma, draft = scene.send(item("1")), scene.draft(item("1"))
    photo = evidence.take(picture(), rma, None, scene.user)
    assert rma.number in page_of(looker, rma)
    assert "omsdesk-decision" not in page_of(looker, rma)
    assert looker.get(url_of(draft)).status_code == 404
    for verb in ("approve", "decline", "ask", "override", "close"):
        looker.post(url_of(rma, verb), {})
        assert looker.get(url_of(rma, verb)).status_code in (302, 403, 405)
    assert again(rma).state == "in_review"
    nobody = client_of(staff("marketing@shop.example", "view_order"))
    for client in (nobody, buyer):
        for url in (url_of(rma), f"/admin/oms/returns/photo/{rma.pk}/{photo.key}/"):
            assert client.get(url).status_code == 302


def test_the_order_and_the_first_page_lead_to_its_returns(scene: Scene, desk: Client) -> None:
    rma = scene.send(item("1"))
    order = unescape(desk.get(f"/admin/oms/orders/inspect/{scene.order.pk}/").content.decode())
    assert url_of(rma) in order
    home = desk.get("/admin/").content.decode()
    assert "Returns desk" in home and "/admin/oms/returns/?queue=approve" in home


@pytest.mark.parametrize("verb", ["approve", "decline", "ask"])
def test_a_form_that_is_sent_twice_decides_once_and_the_second_press_hears_the_same(
    scene: Scene, desk: Client, verb: str
) -> None:
    rma = scene.send(item("2"))
    form = form_of(desk, rma, verb)
    form |= {f"{verb}-reason": "Too late", f"{verb}-text": "Which colour?"}

    pages = [
        unescape(desk.post(url_of(rma, verb), form, follow=True).content.decode()) for _n in "12"
    ]

    done = {"approve": "It was approved", "decline": "It was declined", "ask": "was sent"}[verb]
    assert all(done in page and "Nothing was done" not in page for page in pages)
    assert rma.events.filter(verb=verb, source="staff").count() == 1


def test_a_first_lead_s_word_is_written_down_once_however_often_it_is_pressed(
    scene: Scene, lead: Client, settings: Any
) -> None:
    settings.OMS_PORTAL = {**settings.OMS_PORTAL, "RETURN_SECOND_PERSON_FROM": Decimal(1)}
    rma = scene.send(item("2"))
    rma.lines.update(terms={**rma.lines.get().terms, "allowed": False})
    form = form_of(lead, rma, "override") | {"override-reason": "A good customer"}
    pages = [
        unescape(lead.post(url_of(rma, "override"), form, follow=True).content.decode())
        for _n in "12"
    ]
    assert all("Somebody else must confirm it." in page for page in pages)
    assert ModelLogEntry.objects.filter(action="oms_portal.vouch_return").count() == 1
    assert not any("It was allowed" in page for page in pages)


def test_of_two_tabs_one_decides_and_the_other_is_told_so(scene: Scene, desk: Client) -> None:
    rma = scene.send(item("2"))
    first, second = form_of(desk, rma, "approve"), form_of(desk, rma, "approve")
    desk.post(url_of(rma, "approve"), first)
    page = unescape(desk.post(url_of(rma, "approve"), second, follow=True).content.decode())
    assert "Nothing was done: it has moved on meanwhile." in page
    assert rma.events.filter(verb="approve").count() == 1
