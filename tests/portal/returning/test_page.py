"""The page of a return, and what its people do about it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from oms_portal.returns import actions
from oms_portal.returns.models import Return
from tests import factories
from tests.returns import scene

from .walking import body, hidden, send, url


pytestmark = pytest.mark.django_db
STEPS = ("items", "reasons", "way", "check")


def verb(client: Client, number: str, name: str, **typed: str) -> object:
    first = hidden(client.get(url(number)))
    return client.post(
        url(number, name), {**first, "idempotency_key": "form-key-of-page-1", **typed}
    )


def state(number: str) -> str:
    return Return.objects.get(number=number).state


def test_it_is_withdrawn_once(client, here):
    number = here.send().number

    answers = [verb(client, number, "withdraw") for _twice in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert state(number) == "cancelled" and scene.reserved()[1] == "0"


def test_what_is_on_its_way_is_not_withdrawn_and_why_is_said(client, here):
    rma = here.send(method="own_carrier")
    assert verb(client, rma.number, "hand_over", carrier="Post", tracking_number="T1").status_code
    first = {"idempotency_key": "another-form-key-1"}

    answer = client.post(url(rma.number, "withdraw"), first)

    assert answer.status_code == 409
    assert "This is no longer possible: the return has moved on." in body(answer)


def test_a_change_is_a_draft_that_takes_its_place_when_it_is_sent(client, here):
    old = here.send(scene.item("10"))
    answer = verb(client, old.number, "edit")
    draft = Return.objects.get(replaces=old)
    assert answer.status_code == 303 and answer["Location"] == url(draft.number, "check")

    items = url(draft.number, "items")
    assert f"You are changing return {old.number}." in body(client.get(items))
    answer = send(client, items, fields={"quantity:SO-1/L1/SO-1-D1": "4"})
    assert answer.status_code == 303, body(answer)
    assert state(old.number) == "approved"
    answer = client.post(url(draft.number, "check"), hidden(client.get(url(draft.number, "check"))))

    assert answer.status_code == 303, body(answer)
    assert (state(old.number), state(draft.number)) == ("cancelled", "approved")
    assert scene.reserved()[1] == "4"


def test_a_question_is_answered_and_another_one_is_read_first(client, here):
    here.policy.approval = "agent"
    here.policy.save()
    staff = factories.person("staff@x.example", staff=["Desk"], is_superuser=True)
    rma = here.send()
    rma = actions.ask(rma, staff, "Is the seal broken?", now=timezone.now())
    page = client.get(url(rma.number))
    assert "Is the seal broken?" in body(page)
    first = hidden(page)

    assert client.post(url(rma.number, "reply"), {**first, "reply": ""}).status_code == 422
    Return.objects.filter(pk=rma.pk).update(question="And the box?")
    answer = client.post(url(rma.number, "reply"), {**first, "reply": "No, it is whole"})
    assert answer.status_code == 412 and state(rma.number) == "info_needed"
    assert "And the box?" in body(answer) and "No, it is whole" in body(answer)
    answer = client.post(url(rma.number, "reply"), {**hidden(answer), "reply": "Whole, too"})
    assert answer.status_code == 303 and state(rma.number) == "in_review"


def test_goods_are_handed_over_with_a_carrier_of_ones_own(client, here):
    rma = here.send(method="own_carrier")

    answer = verb(client, rma.number, "hand_over", carrier="", tracking_number="T 77")
    assert answer.status_code == 422 and "T 77" in body(answer)
    answer = client.post(
        url(rma.number, "hand_over"),
        {"idempotency_key": "form-key-of-page-2", "carrier": "Post", "tracking_number": "T 77"},
    )

    assert answer.status_code == 303 and state(rma.number) == "in_transit"


def test_who_may_only_look_sees_it_and_does_nothing(client, here):
    rma, draft = here.send(), here.draft()
    client.force_login(factories.person("viewer@c1.example", here.company, "viewer"))

    page = body(client.get(url(rma.number)))
    assert rma.number in page and "Withdraw it" not in page
    assert client.post(url(rma.number, "withdraw")).status_code == 404
    assert client.get("/portal/returns/new/").status_code == 404
    for step in ("", *STEPS):
        assert client.get(url(draft.number, step)).status_code == 404, step


def test_a_draft_is_its_authors_alone(client, here):
    draft = here.draft()
    client.force_login(factories.person("colleague@c1.example", here.company, "buyer"))

    for step in ("", *STEPS):
        assert client.get(url(draft.number, step)).status_code == 404, step
    assert client.post(url(draft.number, "discard")).status_code == 404
    assert draft.number not in body(client.get("/portal/returns/"))


def test_people_of_another_company_find_nothing(client, here):
    rma = here.send()
    other = factories.company("C2")
    client.force_login(factories.person("buyer@c2.example", other, "admin"))

    for path in (url(rma.number), *(url(rma.number, step) for step in STEPS)):
        assert client.get(path).status_code == 404, path
    for name in ("withdraw", "edit", "reply", "hand_over", "discard", "nonsense"):
        assert client.post(url(rma.number, name)).status_code == 404, name
    assert rma.number not in body(client.get("/portal/returns/"))


def test_a_step_of_what_was_sent_leads_to_its_page(client, here):
    rma = here.send()

    for step in STEPS:
        assert client.get(url(rma.number, step))["Location"] == url(rma.number), step
