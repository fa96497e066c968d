"""What the ERP says to the commands, and of the returns themselves."""

from __future__ import annotations

from typing import Any

import pytest

from oms_portal.notifications.models import Alert, Mail
from oms_portal.returns import actions
from oms_portal.returns.models import Return
from oms_portal.returns.parcels import ReturnParcel
from tests import factories, wire

from .scene import (
    NOW,
    Scene,
    again,
    answer,
    commands,
    delivery,
    item,
    line,
    order,
    reserved,
    set_up,
)


pytestmark = pytest.mark.django_db
NOTE = {"number": "CN-7", "amount": "9.00", "currency": "EUR"}


@pytest.fixture
def scene(settings: Any) -> Scene:
    return set_up(settings, approval="erp")


def test_the_erp_has_it_then_says_yes(scene: Scene) -> None:
    rma = answer(scene.send(), "accepted", reference="ERP-5")
    assert (rma.state, rma.erp_ref) == ("requested", "ERP-5")
    rma = answer(rma, "applied")
    assert rma.state == "approved"
    assert ReturnParcel.objects.count() == 1
    assert "approved" in Mail.objects.get().subject


def test_the_erp_says_no_in_codes_of_its_own_that_no_customer_reads(scene: Scene) -> None:
    rma = answer(scene.send(), "rejected", code="Z_RET_88", text="RETOURE GESPERRT")
    assert (rma.state, rma.answer_code) == ("rejected", "Z_RET_88")
    mail = Mail.objects.get()
    assert "Z_RET" not in mail.subject + mail.body
    assert "GESPERRT" not in mail.body
    assert reserved() == ("10", "0", "0")


def test_the_erp_asks_and_hears_the_answer(scene: Scene) -> None:
    rma = answer(scene.send(), "countered", counter={"text": "Which machine?\u202e"})
    assert (rma.state, rma.question) == ("info_needed", "Which machine?")
    actions.reply(rma, scene.user, "The red one", now=NOW)
    sent = commands()[-1]
    assert (sent.kind, sent.payload) == (
        "return_reply",
        {"number": rma.number, "reply": "The red one"},
    )
    assert again(rma).state == "in_review"
    # It is the ERP's to decide, not staff's.
    assert not Alert.objects.exists()
    assert answer(rma, "applied").state == "approved"


def test_an_offer_without_words_goes_to_staff(scene: Scene) -> None:
    rma = answer(scene.send(), "countered", counter={"text": 7})
    assert (rma.state, rma.approval) == ("in_review", "agent")
    assert Alert.objects.get().kind == "return_review"


def test_a_wish_that_never_reached_the_erp_goes_to_staff(scene: Scene) -> None:
    rma = answer(scene.send(), "dead")
    assert (rma.state, rma.approval) == ("in_review", "agent")
    actions.approve(rma, scene.user, now=NOW)
    assert [command.state for command in commands()] == ["dead", "queued"]


def test_what_we_approved_the_erp_only_notes_or_stops(scene: Scene) -> None:
    type(scene.policy).objects.update(approval="auto")
    rma = answer(scene.send(), "applied")
    assert rma.state == "approved"
    other = answer(scene.send(item("1", "L2")), "rejected", code="NO")
    assert other.state == "rejected"
    assert {parcel.state for parcel in other.parcels.all()} == {"voided"}


def test_a_no_to_goods_on_their_way_is_for_staff(scene: Scene) -> None:
    type(scene.policy).objects.update(approval="auto")
    rma = scene.send()
    actions.scanned(ReturnParcel.objects.get(), NOW)
    assert answer(rma, "rejected", code="NO").state == "in_transit"
    assert Alert.objects.get().kind == "return_review"


def test_it_arrives_in_parts_is_checked_and_settled(scene: Scene) -> None:
    rma = answer(scene.send(item("3"), item("1", "L2")), "applied")
    rma = scene.received(rma, lines={"1": {"received": "2"}})
    assert rma.state == "partly_received"
    rma = scene.received(rma, lines={"1": {"received": "3"}, "2": {"received": "1"}})
    assert rma.state == "received"
    judged = {
        "1": {"received": "3", "accepted": "2", "rejected": "1", "disposition": "restock"},
        "2": {"received": "1", "accepted": "1"},
    }
    rma = scene.received(rma, lines=judged)
    assert rma.state == "inspected"
    first, second = rma.lines.all()
    assert (first.acceptance, second.acceptance) == ("partly_accepted", "accepted")
    assert (first.reception, first.disposition) == ("received", "restock")
    rma = scene.received(rma, lines=judged, credit_note=NOTE)
    assert (rma.state, rma.credit_note) == ("settled", NOTE)
    assert reserved() == ("10", "3", "0")
    subjects = list(Mail.objects.order_by("pk").values_list("subject", flat=True))
    assert [subject.split()[-1] for subject in subjects] == [
        "approved", "arrived", "arrived", "settled",
    ]  # fmt: skip
    assert "CN-7" in Mail.objects.order_by("pk").last().body


def test_nothing_of_it_is_accepted(scene: Scene) -> None:
    rma = answer(scene.send(), "applied")
    rma = scene.received(rma, lines={"1": {"received": "1", "rejected": "1"}})
    assert rma.state == "closed"
    assert rma.lines.get().acceptance == "rejected"


def test_a_claim_is_credited_without_any_goods(scene: Scene) -> None:
    told = item("1", reason="never_came", condition="")
    rma = answer(scene.send(told, kind="claim", method=""), "applied")
    rma = scene.received(rma, lines={"1": {"accepted": "1"}}, credit_note=NOTE)
    assert rma.state == "settled"
    assert rma.lines.get().reception == "not_required"


def test_something_else_came(scene: Scene) -> None:
    rma = answer(scene.send(), "applied")
    rma = scene.received(rma, lines={"1": {"disposition": "wrong_item"}})
    assert (rma.state, rma.lines.get().reception) == ("received", "wrong_item")
    actions.close(rma, scene.user, now=NOW, reason="Sent back")
    assert reserved() == ("10", "0", "0")


def test_the_newest_word_wins_whichever_comes_first(scene: Scene) -> None:
    rma = answer(scene.send(item("3")), "applied")
    record = {"ref": "E1", "number": rma.number}
    new = {**record, "lines": [{"ref": "1", "received": "3"}]}
    factories.deliver("return", new, 9)
    old = {**record, "lines": [{"ref": "1", "received": "1"}]}
    factories.deliver("return", old, 8, expect="superseded")
    factories.deliver("return", {**old, "ref": "E2"}, 8, expect="superseded")
    assert again(rma).lines.get().received == 3


def test_a_correction_takes_back_what_arrived(scene: Scene) -> None:
    rma = answer(scene.send(item("3")), "applied")
    scene.received(rma, lines={"1": {"received": "3", "accepted": "3"}})
    rma = scene.received(rma, lines={"1": {"received": "2"}})
    assert rma.state == "partly_received"


def test_returns_of_nobody_and_of_others_are_unknown(scene: Scene) -> None:
    rma = scene.send()
    told = {"ref": "E1", "lines": []}
    factories.deliver("return", {**told, "number": "R0000000000"}, expect="quarantined")
    draft = scene.draft()
    factories.deliver("return", {**told, "number": draft.number}, expect="quarantined")
    other = factories.source("other")
    factories.deliver("return", {**told, "number": rma.number}, sender=other, expect="quarantined")
    # The ERP's own are its own.
    factories.deliver("return", {**told, "number": "RET-0815"})
    assert Return.objects.count() == 2


def test_more_came_than_was_asked_for(scene: Scene) -> None:
    rma = answer(scene.send(item("3")), "applied")
    rma = scene.received(rma, lines={"1": {"received": "5"}, "9": {"received": "1"}})
    assert rma.state == "received"
    assert reserved() == ("10", "3", "0")


def test_what_was_sent_falls_below_what_is_on_returns(scene: Scene) -> None:
    rma = scene.send(item("8"))
    less = [line("L1", "5"), *order()["lines"][1:]]
    scene.told(lines=less)
    assert reserved() == ("5", "8", "3")
    assert Alert.objects.filter(kind="over_reserved", done_at=None).count() == 1
    scene.told(lines=less, shipments=[delivery("SO-1-D1", {"L2": "2.5"})])
    assert reserved() == ("0", "8", "8")
    scene.told()
    assert reserved() == ("10", "8", "0")
    assert not Alert.objects.filter(kind="over_reserved", done_at=None).exists()
    scene.told(lines=less)
    actions.withdraw(rma, scene.user, now=NOW)
    assert reserved() == ("5", "0", "0")
    assert not Alert.objects.filter(kind="over_reserved", done_at=None).exists()


def test_what_came_back_without_us_can_not_come_back_again(scene: Scene) -> None:
    scene.send(item("2"))
    scene.told(lines=[line("L1", "10", quantities={"returned": "7"}), *order()["lines"][1:]])
    assert reserved() == ("3", "2", "0")


def test_goods_counted_in_on_the_order_first_alarm_nobody(scene: Scene) -> None:
    rma = answer(scene.send(item("10")), "applied")
    scene.told(lines=[line("L1", "10", quantities={"returned": "10"}), *order()["lines"][1:]])
    assert reserved() == ("0", "10", "10")
    assert not Alert.objects.filter(kind="over_reserved").exists()
    scene.received(rma, lines={"1": {"received": "10"}})
    assert reserved() == ("10", "10", "0")


def test_a_delivery_under_another_number_is_the_same_delivery(scene: Scene) -> None:
    scene.send(item("2"))
    again_told = [delivery("SO-1-D9", {"L1": "10", "L2": "2.5"}), delivery("SO-1-D2", {"L3": "4"})]
    scene.told(shipments=again_told)
    assert reserved() == ("10", "2", "0")


def test_an_order_without_returns_costs_one_query_more(
    scene: Scene, django_assert_max_num_queries: Any
) -> None:
    from oms_portal.returns.corrections import follow

    factories.deliver("order", order("SO-3", lines=[wire.line()], shipments=[]))
    row = type(scene.order).objects.get(ref="SO-3")
    with django_assert_max_num_queries(1):
        follow(row)
