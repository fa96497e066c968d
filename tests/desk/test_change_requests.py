"""Change requests at the desk: the queue, the page that shows what is asked, and the decision."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import ModelLogEntry

from oms_portal.changes import actions
from oms_portal.changes.models import ChangeRequest, RequestState, RiskPolicy
from oms_portal.erp.outbox.models import Command
from oms_portal.notifications.models import Mail
from tests import factories
from tests.changes.scene import NOW, Scene, again, answer, delivery, set_up

from .conftest import client_of, staff


pytestmark = pytest.mark.django_db
NEW_PLACE = {
    "name": "Yard 7",
    "lines": ["Am Kai 7"],
    "city": "Bremen",
    "postal_code": "28195",
    "country": "DE",
    "contact": "Otto Neu",
    "phone": "+49 421 123456",
}


@pytest.fixture
def scene(settings: Any) -> Scene:
    """Whatever is asked here goes to review first."""
    made = set_up(settings)
    RiskPolicy.objects.update(value_above="0.01")
    factories.site()
    return made


@pytest.fixture
def agent(scene: Scene) -> Client:
    rights = ("view_order", "view_changerequest", "decide_changerequest")
    return client_of(staff("agent@shop.example", *rights))


@pytest.fixture
def looker(scene: Scene) -> Client:
    return client_of(staff("looker@shop.example", "view_changerequest", "view_order"))


def asked(scene: Scene, **requested: Any) -> ChangeRequest:
    found = scene.begin(requested=requested or {"address": NEW_PLACE})
    if found.state == RequestState.AWAITING_CUSTOMER:
        found = actions.submit(found, scene.user, now=NOW, choices={"address": "keep"})
    return again(found)


def url_of(request: ChangeRequest, verb: str = "inspect") -> str:
    return f"/admin/oms/changes/{verb}/{request.pk}/"


def page_of(client: Client, request: ChangeRequest) -> str:
    return unescape(client.get(url_of(request)).content.decode())


def form_of(client: Client, request: ChangeRequest, verb: str) -> dict[str, str]:
    """What a browser would send for the verb's form as it was drawn."""
    page = client.get(url_of(request)).content.decode()
    form = re.search(rf'<form[^>]+action="{url_of(request, verb)}".*?</form>', page, re.S)
    assert form is not None, f"no form to {verb}"
    text = form[0]
    sent = {}
    for tag in re.findall(r"<input[^>]+>", text):
        if name := re.search(r'name="([^"]+)"', tag):
            value = re.search(r'value="([^"]*)"', tag)
            sent[name[1]] = unescape(value[1]) if value else ""
    for name, value in re.findall(r'<textarea name="([^"]+)"[^>]*>\n?([^<]*)</textarea>', text):
        sent[name] = unescape(value)
    for name, options in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', text, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        sent[name] = unescape(chosen[1]) if chosen else ""
    return sent


def decide(client: Client, request: ChangeRequest, verb: str, **filled: str) -> Any:
    form = form_of(client, request, verb)
    return client.post(
        url_of(request, verb),
        form | {f"{verb}-{name}": value for name, value in filled.items()},
        follow=True,
    )


def said(answer: Any) -> str:
    return unescape(answer.content.decode())


# The queue


def listed(client: Client, query: str = "") -> list[str]:
    html = client.get(f"/admin/oms/changes/?{query}").content.decode()
    return re.findall(r'/changes/inspect/\d+/"\s*>\s*([^<]+?)\s*</a>', html)


def kept(scene: Scene, state: str, number: str, **fields: Any) -> ChangeRequest:
    order = factories.order(number, "C1", number=number, customer_reference=f"PO-{number}")
    now = timezone.now()
    return ChangeRequest.objects.create(
        **{
            "order": order,
            "state": state,
            "requested": {"instructions": "Ring"},
            "submitted_at": now,
            "cutoff_at": now + timedelta(hours=3),
            "form_key": number,
            **fields,
        }
    )


def test_what_waits_for_a_person_comes_first_and_drafts_never(scene, looker):
    for number, state in (
        ("A1", "sent"),
        ("A2", "failed"),
        ("A3", "in_review"),
        ("A4", "draft"),
        ("A5", "awaiting_customer"),
        ("A6", "applied"),
        ("A7", "submitted"),
    ):
        kept(scene, state, number)

    assert listed(looker) == ["A3", "A2", "A1", "A7"]
    assert listed(looker, "state=applied") == ["A6"]
    assert listed(looker, "state=draft") == ["A3", "A2", "A1", "A7"]


def test_of_those_that_wait_the_most_urgent_comes_first(scene, looker):
    now = timezone.now()
    kept(scene, "in_review", "A0", cutoff_at=None)
    kept(scene, "in_review", "A1", cutoff_at=now + timedelta(days=2))
    kept(scene, "in_review", "A2", cutoff_at=now + timedelta(minutes=20))

    assert listed(looker) == ["A2", "A1", "A0"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("company=C1", {"A1", "A2"}),
        ("company=nobody", set()),
        ("risk=po_box", {"A2"}),
        ("aspect=cancel", {"A2"}),
        ("aspect=instructions", {"A1"}),
        ("q=A1", {"A1"}),
        ("q=PO-A2", {"A2"}),
        ("q=po-a", {"A1", "A2", "A3"}),
        ("q=A3", {"A3"}),
        ("q=%00", {"A1", "A2"}),
    ],
)
def test_requests_are_found(scene, looker, query, found):
    kept(scene, "in_review", "A1")
    cancel = {"cancel": [{"line_ref": "L1", "quantity": "1"}]}
    kept(scene, "in_review", "A2", requested=cancel, risks=["po_box", "value_above"])
    kept(scene, "rejected", "A3")

    assert set(listed(looker, query)) == found


def test_a_row_tells_what_is_asked_until_when_and_why_it_is_risky(scene, looker):
    now = timezone.now()
    soon = now + timedelta(hours=3, seconds=30)
    kept(scene, "in_review", "A1", cutoff_at=soon, risks=["po_box"])
    kept(scene, "in_review", "A2", cutoff_at=now - timedelta(minutes=1))

    html = looker.get("/admin/oms/changes/").content.decode()

    assert "Delivery instructions" in html
    assert "3 h left" in html
    assert "Goes to a PO box" in html
    assert re.search(r'omsdesk-word--bad">\s*overdue', html)


def test_the_list_moves_by_itself_with_the_same_filters(scene, looker):
    kept(scene, "in_review", "A1")

    html = unescape(looker.get("/admin/oms/changes/?state=in_review").content.decode())
    fresh = re.search(r'data-oms-refresh-url-value="([^"]+)"', html)
    assert fresh is not None and fresh[1] == "/admin/oms/changes/results/?state=in_review"
    assert 'id="omsdesk-queue"' in looker.get(fresh[1]).content.decode()

    ChangeRequest.objects.update(state="rejected")
    empty = looker.get(fresh[1]).content.decode()
    assert 'id="omsdesk-queue"' in empty and "No request is like that." in empty


def test_many_rows_take_as_many_queries_as_few(scene, looker, django_assert_max_num_queries):
    for n in range(30):
        kept(scene, "in_review", f"B{n}")
    with django_assert_max_num_queries(20):
        assert len(listed(looker)) == 30


# The page


def test_the_erps_values_and_those_asked_for_stand_side_by_side(scene, looker):
    page = page_of(looker, asked(scene))

    for text in ("In the ERP now", "Asked for", "Yard 7", "Am Kai 7", "Otto Neu", "Bremen"):
        assert text in page, text
    assert re.search(r"omsdesk-side--differs[^>]*>.{0,80}<bdi>Yard 7</bdi>", page, re.S)
    assert not re.search(r"omsdesk-side--differs[^>]*>.{0,80}<bdi>DE</bdi>", page, re.S)


def test_the_page_says_why_to_look_and_whom_to_call_first(scene, looker):
    place = {**scene.order.delivery_address, "contact": "Anna Alt", "phone": "+49 40 111"}
    scene.told(delivery_address=place)
    page = page_of(looker, asked(scene))

    assert "High order value" in page
    assert "Anna Alt" in page and "+49 40 111" in page
    assert "before you approve" in page
    assert "asker@c1.example" in page


def test_who_approves_a_risky_request_reads_whom_to_call_first(scene, agent):
    place = {**scene.order.delivery_address, "contact": "Anna Alt", "phone": "+49 40 111"}
    scene.told(delivery_address=place)
    page = page_of(agent, asked(scene))

    approve = page.split('id="omsdesk-approve"')[1].split("</form>")[0]
    assert "Call first: Anna Alt, +49 40 111." in approve


def test_the_page_names_deliveries_limits_and_what_the_customer_was_told(scene, looker):
    request = asked(scene)
    ChangeRequest.objects.update(impact=[{"kind": "fee", "amount": "12.5", "currency": "EUR"}])

    page = page_of(looker, request)

    assert "until " in page and "until it is picked" in page
    assert "It costs €12.50." in page
    assert "left out" not in page

    scene.told(shipments=[delivery("D1", "packed"), delivery("D2")])
    page = page_of(looker, request)
    assert "left out" in page and "It has already been packed." in page


def test_what_no_connector_takes_any_more_is_left_out_and_says_so(scene, looker, settings):
    request = asked(scene)
    settings.OMS_PORTAL = {}

    page = page_of(looker, request)

    assert "left out" in page and "This can’t be changed online." in page


def test_the_page_tells_its_history_with_who_and_why(scene, agent):
    request = asked(scene)
    decide(agent, request, "reject", reason="The yard is closed.")

    page = page_of(agent, request)

    assert "rejected it" in page and "The yard is closed." in page
    assert "asked for it" in page


def test_a_draft_has_no_page(scene, looker):
    request = kept(scene, "draft", "A1")

    assert looker.get(url_of(request)).status_code == 404


def test_hostile_words_are_inert(scene, looker):
    bad = "<script>alert(1)</script>\u202eexe.gnp"
    place = NEW_PLACE | {"name": bad}
    request = kept(scene, "in_review", "A1", requested={"address": place, "contact": bad})

    html = looker.get(url_of(request)).content.decode()

    assert "<script>alert" not in html and "\u202e" not in html


def test_the_pages_of_the_order_and_of_the_request_lead_to_each_other(scene, looker):
    request = asked(scene)
    order = looker.get(f"/admin/oms/orders/inspect/{scene.order.pk}/").content.decode()

    assert url_of(request) in order
    assert f"/admin/oms/orders/inspect/{scene.order.pk}/" in page_of(looker, request)


# Decisions


def test_approving_passes_it_on_to_the_erp_and_is_written_down(scene, agent):
    request = asked(scene)

    page = said(decide(agent, request, "approve", reason="Called Anna"))

    assert "It was approved" in page
    request = again(request)
    assert request.state == RequestState.SUBMITTED
    assert request.approved is None
    assert request.command is not None
    assert request.command.payload["address"]["name"] == "Yard 7"
    entry = ModelLogEntry.objects.get(action="oms_portal.approve_change")
    assert entry.user.email == "agent@shop.example"
    assert entry.message == "Approved what asker@c1.example asked for order SO-1001: Called Anna"
    assert f"/admin/oms/commands/inspect/{request.command.pk}/" in page


def test_approving_with_other_values_keeps_both(scene, agent):
    request = asked(scene)

    decide(agent, request, "approve", address_name="Yard 7a")

    request = again(request)
    assert request.requested["address"]["name"] == "Yard 7"
    assert request.approved["address"]["name"] == "Yard 7a"
    assert request.command.payload["address"]["name"] == "Yard 7a"
    page = page_of(agent, request)
    assert "Approved" in page and "Yard 7a" in page


def test_other_values_that_cannot_be_are_told_and_nothing_is_lost_or_done(scene, agent):
    request = asked(scene)

    answer = decide(agent, request, "approve", address_postal_code="1", reason="Typed long")

    assert answer.status_code == 422
    page = said(answer)
    assert "This does not fit the country (Germany)" in page
    assert "Typed long" in page
    assert again(request).state == RequestState.IN_REVIEW
    assert not ModelLogEntry.objects.filter(action__startswith="oms_portal").exists()


def test_a_rejection_needs_a_reason_and_the_customer_reads_it(scene, agent):
    request = asked(scene)

    assert "word for word" in page_of(agent, request)
    assert decide(agent, request, "reject", reason=" ").status_code == 422
    assert again(request).state == RequestState.IN_REVIEW
    decide(agent, request, "reject", reason="We don’t deliver there.")

    request = again(request)
    assert (request.state, request.answer_text) == ("rejected", "We don’t deliver there.")
    assert "We don’t deliver there." in Mail.objects.get(to=scene.user.email).body
    entry = ModelLogEntry.objects.get(action="oms_portal.reject_change")
    assert "We don’t deliver there." in entry.message


def test_an_offer_has_a_date_a_fee_and_words(scene, agent):
    request = asked(scene)

    filled = {"date_from": "2126-12-01", "fee": "15", "text": "A week later, by tail lift."}
    decide(agent, request, "counter", **filled)

    request = again(request)
    assert request.state == RequestState.COUNTERED
    assert request.counter == {
        "by": "staff",
        "fee": {"amount": "15", "currency": "EUR"},
        "requested": {"from": "2126-12-01"},
        "text": "A week later, by tail lift.",
    }
    assert "A week later" in ModelLogEntry.objects.get(action="oms_portal.counter_change").message
    page = page_of(agent, request)
    assert "Offered instead" in page and "€15.00" in page


def test_an_empty_offer_is_none(scene, agent):
    request = asked(scene)

    answer = decide(agent, request, "counter", text="Sorry")

    assert answer.status_code == 422
    assert "Please offer something" in said(answer)
    assert again(request).state == RequestState.IN_REVIEW


def test_what_could_not_be_passed_on_is_tried_again(scene, agent):
    RiskPolicy.objects.update(value_above=None)
    request = answer(asked(scene, instructions="Ring"), Command.State.DEAD)
    assert request.state == RequestState.FAILED
    assert "may undo it" not in page_of(agent, request)
    later = answer(asked(scene, contact="Ada"), Command.State.APPLIED)
    assert later.state == RequestState.APPLIED
    assert "may undo it" in page_of(agent, request)

    assert "being passed on again" in said(decide(agent, request, "retry"))

    assert again(request).state == RequestState.SUBMITTED
    assert ModelLogEntry.objects.filter(action="oms_portal.retry_change").count() == 1


def test_of_two_agents_the_second_sees_what_the_first_did(scene, agent):
    request = asked(scene)
    other = client_of(staff("other@shop.example", "view_changerequest", "decide_changerequest"))
    drawn = form_of(other, request, "reject")
    decide(agent, request, "approve")

    page = said(other.post(url_of(request, "reject"), drawn | {"reject-reason": "No"}, follow=True))

    assert "Nothing was done" in page and "agent@shop.example: approved it" in page
    assert again(request).state == RequestState.SUBMITTED
    assert not ModelLogEntry.objects.filter(action="oms_portal.reject_change").exists()


def test_a_form_drawn_from_an_older_version_of_the_request_does_nothing(scene, agent):
    request = asked(scene)
    form = form_of(agent, request, "approve")
    ChangeRequest.objects.update(version=request.version + 2)

    page = said(agent.post(url_of(request, "approve"), form, follow=True))

    assert "Nothing was done" in page
    assert again(request).state == RequestState.IN_REVIEW


def test_the_same_form_sent_twice_decides_once(scene, agent):
    request = asked(scene)
    form = form_of(agent, request, "approve")

    for _ in range(2):
        page = said(agent.post(url_of(request, "approve"), form, follow=True))
        assert "It was approved" in page

    assert Command.objects.count() == 1
    assert ModelLogEntry.objects.filter(action="oms_portal.approve_change").count() == 1


def test_who_may_only_look_is_offered_nothing_and_decides_nothing(scene, looker, agent):
    request = asked(scene)
    form = form_of(agent, request, "approve")

    assert "<form" not in page_of(looker, request).split("<main")[1]
    for verb in ("approve", "counter", "reject", "retry"):
        answer = looker.post(url_of(request, verb), form)
        assert answer.status_code in (302, 403)
    assert again(request).state == RequestState.IN_REVIEW


@pytest.mark.parametrize("verb", ["approve", "counter", "reject", "retry"])
def test_a_form_without_its_hidden_fields_does_nothing(scene, agent, verb):
    request = asked(scene)

    assert agent.post(url_of(request, verb), {f"{verb}-reason": "x"}).status_code == 422
    assert again(request).state == RequestState.IN_REVIEW


def test_the_first_page_of_the_admin_counts_what_waits(scene, looker):
    kept(scene, "in_review", "A1")
    kept(scene, "sent", "A2")

    home = looker.get("/admin/").content.decode()

    assert re.search(
        r"Change requests to review</dt><dd><a href=\"/admin/oms/changes/\?state=in_review\">1<",
        home,
    )
