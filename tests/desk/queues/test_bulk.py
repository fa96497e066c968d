"""Several returns decided with one press, each on its own."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from django.test import Client
from wagtail.models import ModelLogEntry

from oms_portal.orders.models import Order
from oms_portal.returns import actions
from oms_portal.returns.models import Return
from tests import factories
from tests.desk.conftest import client_of, staff
from tests.returns.scene import NOW, Scene, again, item, reserved, set_up


pytestmark = pytest.mark.django_db

URL = "/admin/oms/returns/bulk/"


@pytest.fixture
def scene(settings: Any) -> Scene:
    made = set_up(settings, approval="agent")
    factories.site()
    return made


@pytest.fixture
def desk(scene: Scene) -> Client:
    return client_of(staff("desk@shop.example", "view_return", "decide_return"))


def press(client: Client, verb: str, *rmas: Return, reason: str = "", **more: str) -> Any:
    marks = [f"{rma.pk}.{rma.version}" for rma in rmas]
    return client.post(URL, {"id": marks, "verb": verb, "reason": reason, **more})


def said(answer: Any) -> str:
    return unescape(answer.content.decode())


def test_all_that_are_marked_are_approved_and_each_is_in_the_log(scene: Scene, desk: Client):
    one, two = scene.send(item("1")), scene.send(item("2"))
    answer = press(desk, "approve", one, two, reason="All fine")
    assert "2 returns were decided" in said(answer)
    assert {again(one).state, again(two).state} == {"approved"}
    entries = ModelLogEntry.objects.filter(action="oms_portal.approve_return")
    assert entries.count() == 2 and all("All fine" in entry.message for entry in entries)


def test_a_no_needs_words_and_the_marks_stay_until_there_are_some(scene: Scene, desk: Client):
    one, two = scene.send(item("1")), scene.send(item("2"))
    answer = press(desk, "decline", one, two, reason="  ")
    assert answer.status_code == 422
    assert "Please say why it is not possible" in said(answer)
    for rma in (one, two):
        assert f'value="{rma.pk}.{rma.version}" checked' in said(answer)
        assert again(rma).state == "in_review"
    press(desk, "decline", one, two, reason="Made for you.")
    assert [again(rma).answer_text for rma in (one, two)] == ["Made for you."] * 2
    assert reserved()[1] == "0"


def test_one_that_moved_on_is_told_with_who_did_it_and_holds_up_no_other(
    scene: Scene, desk: Client
):
    fine, moved = scene.send(item("1")), scene.send(item("2"))
    actions.decline(moved, scene.user, "No.", now=NOW)
    answer = press(desk, "approve", fine, moved)
    assert "1 return was decided" in said(answer)
    assert "declined it" in said(answer)
    assert (again(fine).state, again(moved).state) == ("approved", "rejected")


def test_pressing_twice_does_it_once(scene: Scene, desk: Client):
    rma = scene.send(item("1"))
    press(desk, "approve", rma)
    assert "0 returns were decided" in said(press(desk, "approve", rma))
    assert again(rma).events.filter(verb="approve").count() == 1


def test_what_the_rules_are_against_is_not_waved_through(scene: Scene, desk: Client):
    rma = scene.send(item("1"))
    rma.lines.update(terms={"allowed": False})
    assert "The rules are against it" in said(press(desk, "approve", rma))
    assert again(rma).state == "in_review"


def test_one_that_the_database_refuses_holds_up_no_other(scene: Scene, desk: Client):
    broken, fine = scene.send(item("1")), scene.send(item("1", order="SO-2"))
    Order.objects.filter(ref="SO-1").update(returns_open=0)
    answer = press(desk, "decline", broken, fine, reason="No.")
    assert "please try this one again" in said(answer)
    assert (again(broken).state, again(fine).state) == ("in_review", "rejected")


def test_nothing_marked_or_nonsense_marked_does_nothing(scene: Scene, desk: Client):
    draft = scene.draft(item("1"))
    for marks in ([], ["x.1"], ["999999999999999999999.1"], ["9999.1"], [f"{draft.pk}.1"]):
        answer = desk.post(URL, {"id": marks, "verb": "approve"})
        assert answer.status_code == 422 and "No return is marked." in said(answer)
    rma = scene.send(item("1"))
    assert press(desk, "close", rma).status_code == 422
    assert again(rma).state == "in_review"


def test_it_leads_back_to_the_list_as_it_was_and_nowhere_else(scene: Scene, desk: Client):
    rma = scene.send(item("1"))
    here = "/admin/oms/returns/?queue=approve"
    assert f'href="{here}"' in said(press(desk, "approve", rma, next=here))
    assert "evil.example" not in said(press(desk, "approve", rma, next="https://evil.example/"))


def test_who_may_only_look_decides_nothing(scene: Scene):
    rma = scene.send(item("1"))
    press(client_of(staff("looker@shop.example", "view_return")), "approve", rma)
    assert again(rma).state == "in_review"
