"""Choosing what comes back, of which deliveries, and how many."""

from __future__ import annotations

import pytest

from oms_portal.returns.models import Return
from tests import factories, wire
from tests.returns import scene

from .walking import NEW, begin, body, counts, hidden, number_in, send, url


pytestmark = pytest.mark.django_db
ONE = ("SO-1", "L1", "SO-1-D1", "2")


def test_each_item_says_how_many_can_come_back_until_when_or_why_not(client, here):
    page = body(client.get(NEW, {"order": "SO-1"}))
    assert "10 pieces can come back until Dec 20, 2126." in page
    assert "2.5 kg can come back until" in page
    assert "Delivery SO-1-D1 of Nov 20, 2126" in page

    here.send(scene.item("10"))
    page = body(client.get(NEW, {"order": "SO-1"}))
    assert "All of this is already on returns." in page and "On return R" in page


def test_items_of_several_orders_go_into_one_return(client, here):
    number = begin(client, ONE, ("SO-2", "L1", "SO-2-D1", "1"))

    lines = Return.objects.get(number=number).lines.all()
    assert [str(line.requested.normalize()) for line in lines] == ["2", "1"]


def test_the_list_shows_all_orders_that_something_came_of(client, here):
    page = body(client.get(NEW))

    assert "Order SO-1" in page and "Order SO-2" in page


def test_a_foreign_order_is_one_that_is_not_there(client, here):
    factories.order("SO-9", "C9")

    assert client.get(NEW, {"order": "SO-9"}).status_code == 404
    assert "SO-9" not in body(client.get(NEW))
    answer = send(client, NEW, fields=counts(("SO-9", "L1", "D1", "1")))
    assert answer.status_code == 422 and not Return.objects.exists()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("11", "At most 10 can come back."),
        ("0", "Please write a number that is greater than 0."),
        ("-1", "Please write a number that is greater than 0."),
        ("two", "Please write a number that is greater than 0."),
        ("1.5", "Please enter a whole number."),
    ],
)
def test_a_number_that_can_not_be_is_said_at_its_item_and_kept(client, here, typed, words):
    answer = send(client, NEW, fields=counts((*ONE[:3], typed)))

    page = body(answer)
    assert answer.status_code == 422 and not Return.objects.exists()
    assert words in page and f'value="{typed}"' in page and 'aria-invalid="true"' in page


def test_nothing_chosen_is_said(client, here):
    answer = send(client, NEW)

    assert answer.status_code == 422
    assert "Please write how many of which items you want to send back." in body(answer)


def test_goods_of_different_places_are_kept_apart(client, here):
    elsewhere = scene.order("SO-3", ship_to_ref="S2")
    factories.deliver("order", elsewhere)

    answer = send(client, NEW, fields=counts(ONE, ("SO-3", "L1", "SO-3-D1", "1")))

    assert answer.status_code == 422
    assert "Goods from different addresses can’t go into one return." in body(answer)


def test_what_is_looked_for_is_found_and_what_was_typed_is_kept(client, here):
    first = hidden(client.get(NEW))
    answer = client.post(NEW, {**first, **counts(ONE), "do": "find", "find": "SO-2"})

    page = body(answer)
    assert answer.status_code == 200 and "Order SO-2" in page
    assert counts(ONE).items() <= {**hidden(answer), **_shown(page)}.items()
    answer = client.post(NEW, {**hidden(answer), **counts(ONE), "do": "find", "find": "NOWHERE"})
    assert "Order SO-2" not in body(answer)


def _shown(page: str) -> dict[str, str]:
    import re

    return dict(re.findall(r'name="(quantity:[^"]*)" value="([^"]*)"', page))


def test_of_an_order_with_many_items_some_stand_on_a_page_and_none_typed_is_lost(client, here):
    refs = [f"N{at}" for at in range(60)]
    lines = [scene.line(ref, "5", description=f"Part {ref}") for ref in refs]
    came = [scene.delivery("BIG-D1", dict.fromkeys(refs, "5"))]
    factories.deliver("order", scene.order("BIG", lines=lines, shipments=came))
    first = client.get(NEW, {"order": "BIG"})
    assert body(first).count("5 pieces can come back") == 40

    picked = counts(("BIG", "N3", "BIG-D1", "2"))
    second = client.post(f"{NEW}?order=BIG", {**hidden(first), **picked, "do": "page:2"})
    assert "Part N59" in body(second)
    answer = client.post(f"{NEW}?order=BIG", {**hidden(second), **picked, "do": "next"})

    assert answer.status_code == 303
    assert Return.objects.get().lines.get().description == "Part N3"


def test_everything_of_an_order_is_taken_with_one_button(client, here):
    answer = client.post(NEW, {**hidden(client.get(NEW)), "do": "all:SO-1"})

    assert set(_shown(body(answer)).values()) >= {"10", "2.5", "4"}


def test_a_claim_is_another_question(client, here):
    answer = client.post(NEW, {**hidden(client.get(NEW)), **counts(ONE), "do": "kind:claim"})
    assert 'value="kind:claim" aria-pressed="true"' in body(answer)

    answer = client.post(NEW, {**hidden(answer), **counts(ONE), "do": "next"})
    assert Return.objects.get(number=number_in(answer)).kind == "claim"


def test_the_same_form_twice_makes_one_draft(client, here):
    typed = {**hidden(client.get(NEW)), **counts(ONE), "do": "next"}

    first, second = client.post(NEW, typed), client.post(NEW, typed)

    assert number_in(first) == number_in(second) and Return.objects.count() == 1
    other = client.post(NEW, {**typed, **counts((*ONE[:3], "3"))})
    assert other.status_code == 422 and "You sent this form before." in body(other)


def test_items_are_changed_and_what_was_said_of_them_stays(client, here):
    draft = here.draft(scene.item("1", text="Too narrow"))
    path = url(draft.number, "items")
    assert 'value="1"' in body(client.get(path))

    answer = send(client, path, fields=counts((*ONE[:3], "4"), ("SO-1", "L2", "SO-1-D1", "1.5")))

    assert answer.status_code == 303
    told = {line.sku: (line.requested.normalize(), line.text) for line in draft.lines.all()}
    assert sorted(text for _count, text in told.values()) in (["", "Too narrow"], ["Too narrow"])
    assert draft.lines.get(returnable__line_ref="L1").requested == 4


def test_an_order_whose_erp_takes_no_returns_says_so(client, here, settings):
    scene.connect(settings, ["push.address"])

    page = body(client.get(NEW, {"order": "SO-1"}))

    assert page.count("This can’t be returned online. Please ask us.") >= 3
    assert "Continue" not in page


def test_hostile_words_of_an_erp_are_words(client, here):
    lines = [scene.line("L1", "5", description="<script>alert(1)</script>", sku="<b>")]
    came = [scene.delivery("X-D1", {"L1": "5"})]
    factories.deliver("order", wire.order("X", lines=lines, shipments=came, placed_at=scene.LEFT))

    page = client.get(NEW, {"order": "X"}).content.decode()

    assert "&lt;script&gt;alert(1)" in page and "<script>alert(1)" not in page
