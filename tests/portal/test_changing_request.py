"""What becomes of a request: checking it, sending it, answering an offer, taking it back."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from oms_portal.changes.models import ChangeRequest, CutoffRule
from oms_portal.erp.outbox.models import Command
from tests import factories, wire
from tests.changes import scene

from .test_changing import NEW, body, fresh_limits, here, hidden, send


pytestmark = pytest.mark.django_db
__all__ = ["fresh_limits", "here"]

CANCEL = "/portal/orders/SO-1001/cancel/"
NEXT_DAY = (timezone.now() + timedelta(days=50)).date().isoformat()


# A place of the book, but for a slip.
SLIP = NEW | {"address_name": "Plant S2", "address_lines": "Kai 1", "address_city": "Bremn"}


def do(client: Client, request: ChangeRequest, verb: str, **typed: Any) -> Any:
    return client.post(f"/portal/changes/{request.key}/{verb}/", typed)


def page_of(client: Client, request: ChangeRequest) -> str:
    return body(client.get(f"/portal/changes/{request.key}/"))


def verbs_on(page: str) -> set[str]:
    return set(re.findall(r'action="/portal/changes/[^/"]+/(\w+)/"', page))


def asked(client: Client, path: str = "/portal/orders/SO-1001/change/", **typed: Any) -> Any:
    answer = send(client, path, **typed)
    assert answer.status_code == 303, body(answer)
    return ChangeRequest.objects.select_related("order", "command").get()


# Checking


def test_what_was_checked_first_is_told_with_its_meaning_and_sent_by_a_button(client, here):
    packed = scene.delivery(
        "D2", "packed", packages=[{"lines": [{"line_ref": "L2", "quantity": "4"}]}]
    )
    here.told(shipments=[scene.delivery(), packed])
    request = asked(client, place="S2", do="check")

    page = page_of(client, request)

    assert "Please check before it is sent" in page
    assert "Hafenstrasse 12" in page and "Plant S2" in page
    assert "Delivery D2 stays as it is: It has already been packed." in page
    assert do(client, request, "submit").status_code == 303
    assert Command.objects.get().payload["shipments"] == ["D1"]


def test_what_a_rule_says_it_costs_is_to_be_confirmed(client, here):
    CutoffRule.objects.create(name="All", closes="never", fee="25.00", fee_currency="EUR", later=2)

    request = asked(client, place="S2")

    page = page_of(client, request)
    assert request.state == "awaiting_customer" and not Command.objects.exists()
    assert "It costs €50.00." in page and "2 working days later" in page


def test_a_suggested_address_is_taken_or_knowingly_not(client, here):
    typed = SLIP
    request = asked(client, **typed)
    page = page_of(client, request)
    assert "Which address do you mean?" in page and not Command.objects.exists()

    unchosen = do(client, request, "submit")
    assert unchosen.status_code == 422 and not Command.objects.exists()
    assert do(client, request, "submit", address="keep").status_code == 303

    assert Command.objects.get().payload["address"]["city"] == "Bremn"


def test_the_suggested_address_is_sent_where_it_was_chosen(client, here):
    request = asked(client, **SLIP)
    offer = re.search(r'name="address" value="(\w+)"', page_of(client, request))
    assert offer

    do(client, request, "submit", address=offer[1])

    assert Command.objects.get().payload["address"]["city"] == "Bremen"


def test_who_checks_while_the_order_moves_on_is_told_and_fills_nothing_in_again(client, here):
    request = asked(client, instructions="Ring at gate 3", day=NEXT_DAY, do="check")
    here.told(delivery_address=wire.address(lines=["Neue Strasse 1"]))

    late = do(client, request, "submit")

    page = body(late)
    assert late.status_code == 412 and "The order has moved on" in page
    later = page_of(client, request)
    for each in (page, later):
        assert "The order has moved on" in each and "submit" not in verbs_on(each)
    form = re.search(r'<form[^>]*action="(/portal/orders[^"]*)".*?</form>', page, re.DOTALL)
    assert form
    typed = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[0]))
    again = body(client.post(form[1], typed))
    assert re.search(r'name="instructions"[^>]*>\s*Ring at gate 3', again)
    assert f'value="{NEXT_DAY}"' in again and "oms-troubles" not in again


def test_a_draft_is_its_authors_alone(client, here):
    request = asked(client, instructions="Ring twice", do="check")
    client.force_login(factories.person("two@c1.example", here.order.company, "admin"))

    assert client.get(f"/portal/changes/{request.key}/").status_code == 404
    assert client.get(f"/portal/fragments/change/{request.key}/").status_code == 404
    assert do(client, request, "submit").status_code == 404


def test_what_was_not_sent_yet_can_be_discarded(client, here):
    request = asked(client, instructions="Ring twice", do="check")

    assert do(client, request, "withdraw").status_code == 303
    assert "It was withdrawn. Nothing was changed." in page_of(client, request)


# After it was sent


def test_the_page_says_where_it_stands_and_what_happened(client, here):
    request = asked(client, instructions="Ring at gate 3")

    page = page_of(client, request)

    assert "about to pass it on" in page and "Ring at gate 3" in page
    assert "A change was requested." in page and "data-ticket" in page
    assert verbs_on(page) == {"withdraw"}


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("sent", "It is passed on."),
        ("accepted", "It is accepted and being carried out."),
        ("rejected", "Nothing was changed."),
        ("dead", "It could not be passed on."),
    ],
)
def test_each_answer_is_told_in_plain_words(client, here, state, words):
    request = asked(client, instructions="Ring at gate 3")
    scene.answer(request, state)

    assert words in page_of(client, request)


def test_an_offer_is_accepted_by_a_colleague_and_goes_to_the_erp(client, here):
    request = asked(client, day=NEXT_DAY)
    counter = {"requested": {"from": "2127-02-01"}, "reference": "R1", "text": "A week later"}
    scene.answer(request, "countered", counter=counter)
    client.force_login(factories.person("two@c1.example", here.order.company, "buyer"))

    page = page_of(client, request)
    assert verbs_on(page) == {"accept", "decline"} and "A week later" in page
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    answer = do(client, request, "accept", **hidden_of(page), version=version[1])

    assert answer.status_code == 303
    assert Command.objects.order_by("-pk")[0].payload["accepts"] == "R1"
    assert "Our offer was accepted." in page_of(client, request)


def hidden_of(page: str) -> dict[str, str]:
    return {"idempotency_key": hidden(page)["idempotency_key"]}


def test_an_offer_that_was_replaced_by_another_is_not_accepted_blindly(client, here):
    request = asked(client, day=NEXT_DAY)
    scene.answer(request, "countered", counter={"requested": {"from": "2127-02-01"}})

    late = do(client, request, "accept", version="1")

    assert late.status_code == 412 and "There is another offer by now." in body(late)
    assert scene.again(request).state == "countered"


def test_a_verb_that_came_too_late_is_told_with_how_it_is_now(client, here):
    request = asked(client, instructions="Ring at gate 3")
    do(client, request, "withdraw")

    late = do(client, request, "withdraw")

    assert late.status_code == 409 and "It was withdrawn." in body(late)


def test_a_verb_sent_twice_by_one_form_does_it_once_and_answers_alike(client, here):
    request = asked(client, instructions="Ring at gate 3")
    form = hidden_of(page_of(client, request))

    answers = [do(client, request, "withdraw", **form).status_code for _ in range(2)]

    assert answers == [303, 303]
    assert request.events.filter(verb="withdraw").count() == 1


def test_what_was_refused_can_be_asked_once_more_without_typing(client, here):
    request = asked(client, **NEW, phone="040 1234567")
    scene.answer(request, "rejected")

    page = page_of(client, request)

    assert "Ask once more, with the same values" in page
    assert 'name="address_city" value="Bremen"' in page
    assert 'name="phone" value="+49 40 1234567"' in page


def test_who_only_looks_sees_the_request_and_no_buttons(client, here):
    request = asked(client, instructions="Ring at gate 3")
    client.force_login(factories.person("v@c1.example", here.order.company, "viewer"))

    assert verbs_on(page_of(client, request)) == set()
    assert do(client, request, "withdraw").status_code == 404


@pytest.mark.parametrize("verb", ["approve", "reject", "expire", "apply", "x"])
def test_what_is_no_verb_of_customers_is_not_there(client, here, verb):
    request = asked(client, instructions="Ring at gate 3")

    assert do(client, request, verb).status_code == 404


# Cancelling


def test_everything_that_can_still_be_cancelled_is_cancelled_at_once(client, here):
    request = asked(client, CANCEL, why="mistake", words="Sorry for that")

    assert request.requested["cancel"] == [
        {"line_ref": "L1", "quantity": "10"},
        {"line_ref": "L2", "quantity": "4"},
    ] or {told["line_ref"] for told in request.requested["cancel"]} == {"L1", "L2"}
    assert request.requested["reason"] == "Ordered by mistake. Sorry for that"
    assert "Nothing is left of the order then" in page_of(client, request)


def test_a_part_of_an_item_can_be_cancelled(client, here):
    typed = {"scope": "lines", "quantity:L1": "2.5", "why": "too_many"}

    request = asked(client, CANCEL, **typed)

    assert request.requested["cancel"] == [{"line_ref": "L1", "quantity": "2.5"}]


def test_quantities_are_read_as_people_write_them(client, here):
    client.cookies["django_language"] = "de"

    request = asked(client, CANCEL, **{"scope": "lines", "quantity:L1": "2,5", "why": "other"})

    assert request.requested["cancel"] == [{"line_ref": "L1", "quantity": "2.5"}]


@pytest.mark.parametrize(
    "count", ["11", "-1", "0", "ten", "NaN", "1e9", "1e-9", "0.0000001", "1_0", "1e0", "9" * 50]
)
def test_no_more_than_there_is_can_be_cancelled(client, here, count):
    typed = {"scope": "lines", "quantity:L1": count, "quantity:L2": "1", "why": "too_many"}

    answer = send(client, CANCEL, **typed)

    page = body(answer)
    assert answer.status_code == 422 and not ChangeRequest.objects.exists()
    assert f'value="{count}"' in page and 'href="#oms-item-L1"' in page
    assert re.search(r'id="oms-item-L1"[^>]*aria-invalid="true"', page)


def test_who_wrote_how_much_of_an_item_does_not_cancel_everything(client, here):
    answer = send(client, CANCEL, **{"scope": "order", "quantity:L1": "2", "why": "too_many"})

    page = body(answer)
    assert answer.status_code == 422 and not ChangeRequest.objects.exists()
    assert "You chose some items below." in page and 'value="2"' in page
    assert 'id="oms-items" data-open' in page


def test_of_a_big_order_items_are_found_and_typed_quantities_stay(client, here):
    lines = [wire.line(f"L{n}", "10", description=f"Bolt {n:03d}") for n in range(1, 101)]
    here.told(lines=lines, shipments=[])

    page = body(client.get(CANCEL))
    assert page.count('inputmode="decimal"') == 40 and "There are 60 more items." in page
    typed = {"do": "find", "find": "Bolt 099", "scope": "lines", "quantity:L3": "2"}
    found = body(client.post(CANCEL, typed))

    assert "Bolt 099" in found and re.search(r'name="quantity:L3" value="2"', found)
    assert "Bolt 004" not in found


@pytest.mark.parametrize("role", ["viewer", "address_editor", "returns"])
def test_who_may_not_cancel_finds_no_such_page(client, here, role):
    client.force_login(factories.person("x@c1.example", here.order.company, role))

    assert client.get(CANCEL).status_code == client.post(CANCEL).status_code == 404
