"""Saying of each item why it comes back, with photos."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from oms_portal.orders.models import OrderLine
from oms_portal.returns.models import Evidence, Return
from oms_portal.returns.rules import ReturnReason
from tests.returns import scene

from .walking import ANSWERS, NEW, begin, body, hidden, photo, send, url


pytestmark = pytest.mark.django_db


@pytest.fixture
def number(client: Client, here: scene.Scene) -> str:
    ReturnReason.objects.filter(code="wrong_size").update(photos=1, asks_text=True)
    return begin(client)


def line(number: str) -> object:
    return Return.objects.get(number=number).lines.get()


def test_reasons_stand_in_a_tree_and_say_what_they_ask_for(client, number):
    page = body(client.get(url(number, "reasons")))

    assert '<optgroup label="It does not suit">' in page
    assert '<option value="wrong_size" data-asks="photos text">Wrong size</option>' in page
    assert 'type="file"' in page and 'capture="environment"' in page
    assert 'accept="image/jpeg,image/png,image/webp"' in page


def test_all_that_is_missing_is_said_at_once(client, number):
    answer = send(client, url(number, "reasons"))

    page = body(answer)
    assert answer.status_code == 422
    for words in ("Please choose a reason.", "Please say what condition it is in."):
        assert words in page
    assert 'href="#oms-1-reason"' in page


def test_what_a_reason_asks_for_is_asked_for_and_nothing_typed_is_lost(client, number):
    answer = send(client, url(number, "reasons"), fields={**ANSWERS, "1-text": ""})

    page = body(answer)
    assert answer.status_code == 422
    assert "Please describe what is wrong." in page and "Please add the photos" in page
    assert '<option value="wrong_size" selected' in page.replace(' data-asks="photos text"', "")
    assert line(number).condition == "opened"


def test_photos_are_kept_shown_and_removed_again(client, number):
    path = url(number, "reasons")
    answer = send(client, path, do="add:1", fields={**ANSWERS, "1-photos": [photo(), photo("b")]})
    assert answer.status_code == 303 and answer["Location"] == f"{path}#oms-1"

    taken = Evidence.objects.get()
    page = client.get(path)
    assert f"/portal/returns/evidence/{taken.key}/" in body(page)
    assert client.get(f"/portal/returns/evidence/{taken.key}/").status_code == 200
    answer = client.post(path, {**hidden(page), **ANSWERS, "do": f"remove:{taken.key}"})
    assert answer.status_code == 303 and not Evidence.objects.exists()


def test_a_file_that_is_no_photo_is_said_with_its_name_and_the_others_are_kept(client, number):
    bad = SimpleUploadedFile("../plan.svg", b"<svg onload=alert(1)>", "image/svg+xml")
    big = SimpleUploadedFile("big.jpg", b"\xff\xd8\xff" + b"0" * 10_000_001, "image/jpeg")

    answer = send(
        client, url(number, "reasons"), fields={**ANSWERS, "1-photos": [bad, big, photo()]}
    )

    page = body(answer)
    assert answer.status_code == 422 and Evidence.objects.count() == 1
    assert "plan.svg: " in page and "big.jpg: " in page and "Too narrow for the shaft" in page
    assert line(number).text == "Too narrow for the shaft"


def test_a_photo_of_another_return_is_not_removed(client, here, number):
    other = here.draft()
    theirs = Evidence.objects.create(rma=other, file="x.jpg", sha256="0", width=1, height=1, size=1)

    send(client, url(number, "reasons"), do=f"remove:{theirs.key}")

    assert Evidence.objects.filter(pk=theirs.pk).exists()


def test_serial_numbers_are_chosen_from_those_that_were_shipped(client, here):
    ReturnReason.objects.filter(code="wrong_size").update(asks_serial=True)
    number = begin(client)
    path = url(number, "reasons")
    assert 'value="SN1"' in body(client.get(path))

    assert send(client, path, fields=ANSWERS).status_code == 422
    answer = send(client, path, fields={**ANSWERS, "1-serials": ["SN1", "SN2"]})

    assert answer.status_code == 303 and line(number).serials == ["SN1", "SN2"]
    answer = send(client, path, fields={**ANSWERS, "1-serials": ["SN1", "SN9"]})
    assert answer.status_code == 422 and "SN9" not in line(number).serials


@pytest.mark.parametrize("told", [[], ["SN1"]])
def test_serial_numbers_are_typed_where_too_few_are_known(client, here, told):
    ReturnReason.objects.filter(code="wrong_size").update(asks_serial=True)
    OrderLine.objects.filter(ref="L1").update(serials=told)
    number = begin(client)

    answer = send(client, url(number, "reasons"), fields={**ANSWERS, "1-serials": "SN1\nX-9"})

    assert answer.status_code == 303 and line(number).serials == ["SN1", "X-9"]


def test_another_item_is_named_for_an_exchange(client, here):
    number = begin(client, kind="exchange")
    asked = {**ANSWERS, "1-outcome": "exchange"}

    answer = send(client, url(number, "reasons"), fields=asked)
    assert answer.status_code == 422
    assert "Please say which item you would like instead." in body(answer)
    answer = send(client, url(number, "reasons"), fields={**asked, "1-exchange_sku": "AX-9"})
    assert answer.status_code == 303 and line(number).exchange_sku == "AX-9"


def test_a_claim_takes_its_claim_from_the_reason(client, here):
    number = begin(client, kind="claim")

    answer = send(client, url(number, "reasons"), fields={**ANSWERS, "1-reason": "never_came"})

    assert answer.status_code == 303 and line(number).claim == "missing"
    assert answer["Location"] == url(number, "check")


@pytest.mark.parametrize("text", ["a\0b", "x" * 3000, "\u202eevil"])
def test_text_that_hides_or_is_endless_is_refused_in_words(client, number, text):
    answer = send(client, url(number, "reasons"), fields={**ANSWERS, "1-text": text})

    assert answer.status_code == 422 and 'id="oms-1-text_error"' in body(answer)
    assert line(number).text == ""


def test_another_window_that_changed_it_is_said_with_both_values(client, here, number):
    path = url(number, "reasons")
    first = hidden(client.get(path))
    assert send(client, path, do="save", fields={**ANSWERS, "1-text": "From the other window"})

    answer = client.post(path, {**first, **ANSWERS, "1-text": "From this one", "do": "next"})

    page = body(answer)
    assert answer.status_code == 412
    assert "From the other window" in page and "From this one" in page
    assert line(number).text == "From the other window"
    again = client.post(
        path, {**hidden(answer), **ANSWERS, "1-text": "From this one", "do": "save"}
    )
    assert again.status_code == 303 and line(number).text == "From this one"


def test_what_was_typed_waits_for_who_was_signed_out(client, here, number):
    path = url(number, "reasons")
    first = hidden(client.get(path))
    client.logout()

    assert client.post(path, {**first, **ANSWERS, "do": "next"}).status_code == 302
    client.force_login(here.user)
    page = body(client.get(path))

    assert "You were signed out" in page and "Photos have to be chosen again." in page
    assert "Too narrow for the shaft" in page and line(number).text == ""


def test_a_draft_is_gone_on_with_from_the_list_or_discarded(client, number):
    page = body(client.get("/portal/returns/"))
    assert "Not sent yet" in page and f'href="{url(number)}"' in page
    assert client.get(url(number))["Location"] == url(number, "reasons")

    answer = client.post(url(number, "discard"), {"idempotency_key": "k" * 20})
    assert answer.status_code == 303 and not Return.objects.exists()
    assert "Not sent yet" not in body(client.get("/portal/returns/"))


def test_another_kind_asks_for_its_own_reasons(client, number):
    ReturnReason.objects.filter(code="wrong_size").update(kinds=["return"])
    send(client, url(number, "reasons"), do="save", fields=ANSWERS)
    items = url(number, "items")
    page = client.get(items)
    typed = {"quantity:SO-1/L1/SO-1-D1": "2"}
    page = client.post(items, {**hidden(page), **typed, "do": "kind:claim"})

    answer = client.post(items, {**hidden(page), **typed, "do": "next"})

    assert answer["Location"] == url(number, "reasons")
    assert line(number).reason is None and line(number).text == "Too narrow for the shaft"
    assert NEW
