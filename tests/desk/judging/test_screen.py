"""Inspecting at the desk: one article after the other, with the keys of a scan box."""

from __future__ import annotations

import re
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.test import Client
from wagtail.models import ModelLogEntry

from oms_portal.erp.outbox.models import Command
from oms_portal.returns.models import Return
from oms_portal.returns.receipts.models import Finding, FoundSerial, Receipt, Verdict
from oms_portal.returns.receipts.rules import Checklist, DispositionRule
from tests import factories
from tests.desk.conftest import client_of, staff
from tests.returns.receipts.found import counted, finding, grades, receipt_of, stray
from tests.returns.scene import NOW, Scene, item, set_up


pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(settings: Any) -> Scene:
    made = set_up(settings, fee_percent=Decimal(10))
    factories.site()
    grades()
    return made


@pytest.fixture
def desk(scene: Scene) -> Client:
    return client_of(staff("desk@shop.example", "view_return", "inspect_return"))


@pytest.fixture
def lead(scene: Scene) -> Client:
    return client_of(staff("lead@shop.example", "view_return", "inspect_return", "lead_return"))


def url_of(rma: Return) -> str:
    return f"/admin/oms/returns/judge/{rma.pk}/"


def text(answer: Any) -> str:
    main = answer.content.decode().split("<main", 1)[-1]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", main)))


def fields(page: str, marks: str = "omsdesk-judge") -> dict[str, list[str]]:
    """What a browser would send of the form as it is drawn."""
    form = re.search(rf'<form[^>]+class="{marks}".*?</form>', page, re.S)
    assert form is not None, "no form"
    sent: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]+>", form[0]):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        ticked = not re.search(r'type="(radio|checkbox)"', tag) or " checked" in tag
        if name and ticked:
            sent.setdefault(name[1], []).append(unescape(value[1]) if value else "")
    return sent


def judge(client: Client, rma: Return, **filled: Any) -> Any:
    """Fill the form of the page in, and send it."""
    form = fields(client.get(url_of(rma)).content.decode())
    return client.post(url_of(rma), form | filled, follow=True)


def decisions() -> int:
    return Command.objects.filter(kind="return_decision").count()


def test_each_grade_says_its_key_its_examples_and_what_follows_of_it(
    scene: Scene, desk: Client
) -> None:
    DispositionRule.objects.create(
        name="Opened size", grades=["b"], reasons=["wrong_size"], disposition="vendor",
        fee_percent=Decimal(20),
    )  # fmt: skip
    rma = counted(scene)
    page = text(desk.get(url_of(rma)))
    price = rma.lines.get().credit
    assert "1 As new Like As new Accept · Back to stock" in page
    assert "2 Opened Like Opened Accept · Back to the vendor" in page
    assert "rule “Opened size”" in page
    assert "4 Broken Like Broken Do not accept · Back to the customer" in page
    assert f"fee €{price / 10:.2f}" in page and f"fee €{price / 5:.2f}" in page


def test_enter_takes_what_is_suggested_and_the_next_goods_are_shown(
    scene: Scene, desk: Client
) -> None:
    rma = counted(scene, L3="2")
    answer = judge(desk, rma)
    assert finding(rma).judged == 5
    assert fields(answer.content.decode())["goods"] == [str(finding(rma, "L3").pk)]
    page = text(judge(desk, rma, grade="b"))
    assert "All is judged" in page and "on its way to the ERP" in page
    assert decisions() == 1
    assert set(Verdict.objects.values_list("grade__code", "disposition")) == {
        ("a", "restock"), ("b", "b_grade"),
    }  # fmt: skip
    said = [str(entry.message) for entry in ModelLogEntry.objects.all()]
    assert any(f"return {rma.number}" in one and "Back to stock" in one for one in said)


def test_the_whole_ones_are_judged_first_and_the_damaged_ones_want_a_grade(
    scene: Scene, desk: Client
) -> None:
    rma = counted(scene)
    Finding.objects.update(damaged=2)
    form = fields(desk.get(url_of(rma)).content.decode())
    assert (form["quantity"], form["grade"]) == (["3"], ["a"])
    answer = judge(desk, rma)
    form = fields(answer.content.decode())
    assert form["quantity"] == ["2"] and "grade" not in form
    assert "damaged" in text(answer)
    refused = judge(desk, rma)
    assert refused.status_code == 422 and "Please choose a grade." in text(refused)
    judge(desk, rma, grade="d")
    assert decisions() == 1


def test_one_key_takes_the_suggestion_for_all_that_is_whole(scene: Scene, desk: Client) -> None:
    rma = counted(scene, L3="2")
    stray(rma)
    Finding.objects.filter(pk=finding(rma, "L3").pk).update(damaged=1)
    page = text(judge(desk, rma, all="1", grade="b"))
    assert "3 articles were judged." in page
    told = Verdict.objects.order_by("pk").values_list("quantity", "grade__code", "disposition")
    assert list(told) == [(5, "b", "b_grade"), (1, "b", "b_grade"), (1, None, "quarantine")]
    # The damaged one is left for somebody's eyes.
    assert "damaged" in page and decisions() == 0
    judge(desk, rma, all="1", grade="c")
    assert decisions() == 1


def test_what_nobody_announced_is_put_aside_sent_back_or_taken_in(
    scene: Scene, desk: Client
) -> None:
    rma = counted(scene, L1="0")
    for sku, grade in (("X1", "quarantine"), ("X2", "send_back"), ("X3", "take_in")):
        stray(rma, sku=sku)
        answer = judge(desk, rma, grade=grade)
        assert answer.status_code == 200, text(answer)
    found = Verdict.objects.order_by("pk").values_list("accepted", "disposition")
    assert list(found) == [(False, "quarantine"), (False, "send_back"), (True, "restock")]
    assert "Nobody announced it" in text(answer)


def test_a_form_sent_twice_judges_once(scene: Scene, desk: Client) -> None:
    rma = counted(scene)
    form = fields(desk.get(url_of(rma)).content.decode()) | {"quantity": ["2"]}
    for _ in range(2):
        desk.post(url_of(rma), form)
    assert finding(rma).judged == 2


def test_of_what_somebody_else_has_judged_nothing_is_left(
    scene: Scene, desk: Client, lead: Client
) -> None:
    rma = counted(scene)
    old = fields(desk.get(url_of(rma)).content.decode())
    judge(lead, rma, quantity="4")
    answer = desk.post(url_of(rma), old)
    assert answer.status_code == 422
    assert "Only 1 is left to be judged." in text(answer)
    judge(lead, rma)
    answer = desk.post(url_of(rma), old, follow=True)
    assert "These were judged already." in text(answer)


def test_serial_numbers_are_compared_with_what_was_delivered(scene: Scene, desk: Client) -> None:
    rma = counted(scene)
    own, line = finding(rma), rma.lines.get()
    line.serials = ["SN1", "SN2"]
    line.save()
    for serial, shipped in (("SN1", True), ("ZZ9", False)):
        FoundSerial.objects.create(finding=own, receipt=own.receipt, serial=serial, shipped=shipped)
    page = text(desk.get(url_of(rma)))
    assert "SN1 delivered by us" in page
    assert "ZZ9 not one that we delivered" in page
    assert "SN2 announced, not read yet" in page
    judge(desk, rma, quantity="1", serials=["ZZ9"], grade="d")
    assert Verdict.objects.get().serials == ["ZZ9"]
    assert fields(desk.get(url_of(rma)).content.decode())["serials"] == ["SN1"]


def test_a_checklist_is_kept_with_the_verdict(scene: Scene, desk: Client) -> None:
    Checklist.objects.create(
        name="All",
        checks=[{"code": "box", "texts": {"en": "Packaging"}}, {"code": "x", "texts": {}}],
        accessories=[{"code": "manual", "texts": {"en": "Manual"}}],
    )
    rma = counted(scene)
    page = text(judge(desk, rma, checks=["box"], missing=["manual"]))
    verdict = Verdict.objects.get()
    assert (verdict.checks, verdict.missing) == ({"box": True, "x": False}, ["manual"])
    assert "Missing: Manual" in page


def test_only_a_lead_is_offered_to_charge_no_fee(scene: Scene, desk: Client, lead: Client) -> None:
    rma = counted(scene)
    assert "Charge no fee" not in text(desk.get(url_of(rma)))
    # A form that was made up does nothing more.
    judge(desk, rma, quantity="1", waived="on", waiver_reason="Mine")
    assert not Verdict.objects.get().fee_waived
    answer = judge(lead, rma, waived="on")
    assert answer.status_code == 422 and "say why no fee is charged" in text(answer)
    page = text(judge(lead, rma, waived="on", waiver_reason="Our mistake"))
    assert "No fee: Our mistake" in page


def test_otherwise_than_suggested_takes_a_reason(scene: Scene, desk: Client, lead: Client) -> None:
    rma = counted(scene)
    answer = judge(desk, rma, accepted="no")
    assert "tell the customer why you do not" in text(answer)
    answer = judge(desk, rma, grade="d", accepted="yes", disposition="scrap", note="Why not")
    assert "Only who leads the desk may do that." in text(answer)
    page = text(judge(lead, rma, grade="d", accepted="yes", disposition="scrap", note="Why not"))
    assert "otherwise than suggested" in page and "Note: Why not" in page


def test_a_second_person_confirms_or_has_it_judged_again(
    settings: Any, scene: Scene, desk: Client, lead: Client
) -> None:
    settings.OMS_PORTAL = {**settings.OMS_PORTAL, "RETURN_SECOND_PERSON_FROM": Decimal(1)}
    rma = counted(scene)
    page = judge(desk, rma)
    assert "waits for a second person" in text(page) and "Confirm" not in text(page)
    url = f"/admin/oms/returns/judge/verdict/{Verdict.objects.get().pk}/second/"
    assert desk.post(url, {"agree": "yes"}).status_code == 302 and decisions() == 0
    assert "Confirm" in text(lead.get(url_of(rma)))
    answer = lead.post(url, {"agree": "no", "reason": "Look again"}, follow=True)
    assert "to be judged again" in text(answer)
    judge(lead, rma)
    own = f"/admin/oms/returns/judge/verdict/{Verdict.objects.get().pk}/second/"
    assert "decided this yourself" in text(lead.post(own, {"agree": "yes"}, follow=True))
    other = client_of(staff("lead2@shop.example", "view_return", "inspect_return", "lead_return"))
    assert "Confirmed by" in text(other.post(own, {"agree": "yes"}, follow=True))
    assert decisions() == 1


def test_a_verdict_is_taken_back_while_it_was_not_told(scene: Scene, desk: Client) -> None:
    rma = counted(scene)
    judge(desk, rma, quantity="2")
    url = f"/admin/oms/returns/judge/verdict/{Verdict.objects.get().pk}/back/"
    assert "to be judged again" in text(desk.post(url, follow=True))
    assert finding(rma).judged == 0
    assert "somebody took it back meanwhile" in text(desk.post(url, follow=True))
    page = judge(desk, rma)
    assert "Take back" not in text(page)
    url = f"/admin/oms/returns/judge/verdict/{Verdict.objects.get().pk}/back/"
    assert "was told of it already" in text(desk.post(url, follow=True))


def test_what_the_erp_refused_is_said_and_sent_again(scene: Scene, desk: Client) -> None:
    rma = counted(scene)
    judge(desk, rma)
    receipt = receipt_of(rma)
    Command.objects.filter(pk=receipt.command_id).update(
        state="rejected", code="E-77", text="<b>No such article</b>"
    )
    Receipt.objects.update(refused=True)
    page = desk.get(url_of(rma)).content.decode()
    assert "The ERP refused what was decided" in page
    assert "E-77: &lt;b&gt;No such article" in page
    answer = desk.post(f"/admin/oms/returns/judge/{rma.pk}/send/", follow=True)
    assert "on its way to the ERP" in text(answer) and decisions() == 2


def test_while_the_count_is_not_finished_the_page_says_what_is_missing(
    scene: Scene, desk: Client
) -> None:
    rma = counted(scene, told=False)
    page = text(judge(desk, rma))
    assert "once the counting is finished" in page
    assert "Nothing was sent" in text(
        desk.post(f"/admin/oms/returns/judge/{rma.pk}/send/", follow=True)
    )


def test_hostile_words_of_the_customer_stay_words(scene: Scene, desk: Client) -> None:
    rma = counted(scene)
    rma.lines.update(text="<script>alert(1)</script>", description="\u202eevil<img>")
    page = desk.get(url_of(rma)).content.decode()
    assert "<script>alert" not in page and "<img>" not in page and "\u202e" not in page


def test_the_page_asks_the_database_as_often_for_many_articles(
    scene: Scene, desk: Client, django_assert_max_num_queries: Any
) -> None:
    rma = counted(scene)
    for n in range(12):
        stray(rma, sku=f"X{n}")
    desk.get(url_of(rma))
    with django_assert_max_num_queries(34):
        desk.get(url_of(rma))


def test_it_says_by_which_policy_goods_may_come_back(scene: Scene, desk: Client) -> None:
    page = text(desk.get(url_of(counted(scene))))
    assert re.search(r"Entitled by “[^”]+”, (until \w+ \d+, 2126|without an end)", page), page


def test_a_serial_number_leads_to_the_returns_it_came_back_on_before(
    scene: Scene, desk: Client
) -> None:
    earlier = counted(scene, L1="1")
    again = scene.send(item("2"))
    receipt = Receipt.objects.create(rma=again, arrived_at=NOW, counted_at=NOW)
    own = Finding.objects.create(receipt=receipt, line=again.lines.get(), counted=Decimal(2))
    for found, serial in ((finding(earlier), "SN1"), (own, "SN1"), (own, "SN2")):
        FoundSerial.objects.create(finding=found, receipt=found.receipt, serial=serial)
    answer = desk.get(url_of(again))
    assert f"SN1 delivered by us also on {earlier.number} SN2 delivered by us" in text(answer)
    assert f"/admin/oms/returns/inspect/{earlier.pk}/" in answer.content.decode()
