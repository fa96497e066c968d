"""What became of the command is what becomes of the request, in one transaction with it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from oms_portal.changes import actions, offers
from oms_portal.changes.models import ChangeRequest, CutoffRule
from oms_portal.erp.outbox import actions as outbox
from oms_portal.erp.outbox.moves import move
from oms_portal.live import Topic
from oms_portal.orders.announcing import order_topic
from oms_portal.orders.models import Order
from oms_portal.signals import change_moved
from tests import wire

from .scene import NOW, Scene, again, answer, commands, delivery, set_up


pytestmark = pytest.mark.django_db
OFFER = {"requested": {"from": "2126-12-05"}}


@pytest.fixture
def scene(settings: Any) -> Scene:
    return set_up(settings)


def states_after(scene: Scene, *answers: tuple[str, dict[str, Any]]) -> list[str]:
    request = scene.begin()
    return [answer(request, state, **values).state for state, values in answers]


def test_an_answer_moves_the_request_with_its_command(scene: Scene) -> None:
    ways: list[list[tuple[str, dict[str, Any]]]] = [
        [("sent", {}), ("accepted", {}), ("applied", {})],
        [("sent", {}), ("retrying", {}), ("sent", {}), ("applied", {})],
        [("sent", {}), ("rejected", {"code": "E1"})],
        [("sent", {}), ("countered", {"counter": OFFER})],
        [("accepted", {}), ("rejected", {}), ("applied", {})],
    ]
    assert [states_after(scene, *way) for way in ways] == [
        ["sent", "accepted", "applied"],
        ["sent", "sent", "sent", "applied"],
        ["sent", "rejected"],
        ["sent", "countered"],
        ["accepted", "rejected", "applied"],
    ]
    assert Order.objects.get().changes_open == 1  # The one with an offer.


def test_open_pages_hear_that_it_has_to_be_sent_again(scene: Scene) -> None:
    request = answer(scene.begin(), "sent")
    topic = Topic.objects.filter(key=order_topic(request.order_id))
    before = topic.get().version
    answer(request, "retrying")
    assert topic.get().version > before


def test_what_was_done_is_what_was_asked_for(scene: Scene) -> None:
    request = answer(scene.begin(), "applied")
    assert request.approved == request.requested == {"instructions": "Ring at gate 3"}
    assert request.closed_at is not None


def test_what_never_reached_the_erp_in_time_is_too_late(scene: Scene) -> None:
    past = timezone.now() - timedelta(seconds=1)
    request = answer(scene.begin(), "dead", deadline=past)
    assert (request.state, request.answer_code) == ("expired", "undelivered")


def test_what_may_have_reached_the_erp_is_not_called_undone(scene: Scene) -> None:
    past = timezone.now() - timedelta(seconds=1)
    for heard in ({"uncertain": True}, {"accepted_at": past}):
        request = answer(scene.begin(), "dead", deadline=past, **heard)
        assert (request.state, request.answer_code) == ("failed", "uncertain")
        actions.reject(request, scene.user, now=NOW, reason="Called them")


def test_a_late_answer_is_the_truth(scene: Scene) -> None:
    past = timezone.now() - timedelta(seconds=1)
    assert states_after(scene, ("dead", {"deadline": past}), ("applied", {})) == [
        "expired",
        "applied",
    ]
    assert states_after(scene, ("dead", {"uncertain": True}), ("accepted", {})) == [
        "failed",
        "accepted",
    ]
    assert states_after(scene, ("rejected", {}), ("applied", {})) == ["rejected", "applied"]
    assert Order.objects.get().changes_open == 1


def test_what_is_done_stays_done(scene: Scene) -> None:
    late = [(state, {}) for state in ("dead", "sent", "accepted", "countered")]
    assert states_after(scene, ("applied", {}), *late) == ["applied"] * 5


def test_a_command_replayed_is_asked_for_again(scene: Scene) -> None:
    past = timezone.now() - timedelta(seconds=1)
    request = answer(scene.begin(), "dead", deadline=past)
    assert request.command_id is not None
    assert outbox.replay(request.command_id)
    request = again(request)
    assert request.state == "submitted"
    assert actions.expire(timezone.now()) == 0


def test_a_command_given_up_by_hand_ends_the_request(scene: Scene) -> None:
    request = scene.begin()
    assert request.command_id is not None
    assert outbox.abandon(request.command_id, "not wanted")
    assert (again(request).state, again(request).answer_code) == ("rejected", "given_up")
    unsure = answer(scene.begin(), "dead", uncertain=True)
    assert unsure.command_id is not None
    assert outbox.abandon(unsure.command_id, "nobody knows")
    assert again(unsure).answer_code == "given_up_unsure"


def test_an_older_command_has_no_say_any_more(scene: Scene) -> None:
    request = answer(scene.begin(), "countered", counter=OFFER)
    old = request.command_id
    assert old is not None
    actions.accept(request, scene.user, now=NOW)
    move(old, state="rejected")
    assert again(request).state == "submitted"


def test_an_offer_nobody_can_make_sense_of_goes_to_staff(scene: Scene) -> None:
    hostile: list[Any] = [
        None,
        [],
        "later",
        {},
        {"text": "Call us"},
        {"reference": "R-1"},
        {"fee": 15},
        {"fee": {"amount": "-1", "currency": "EUR"}},
        {"fee": {"amount": "NaN", "currency": "EUR"}},
        {"fee": {"amount": "1e99999999", "currency": "EUR"}},
        {"fee": {"amount": "15", "currency": "<b>"}},
        {"requested": {"from": "2126-02-30"}},
        {"requested": ["2126-12-01"]},
        {"address": {"name": "x" * 5000}},
        {"address": "Kai 1"},
        {"method": {"a": 1}},
        {**OFFER, "fee": {"amount": None}},
        {**OFFER, "method": "drone"},
    ]
    for counter in hostile:
        request = answer(scene.begin(), "countered", counter=counter)
        assert (request.state, request.answer_code) == ("in_review", "unclear_offer"), counter
        actions.reject(request, scene.user, now=NOW, reason="No")


def test_of_an_offer_only_what_is_known_is_kept() -> None:
    offer = {
        **OFFER,
        "fee": {"amount": "15.00", "currency": "EUR", "note": "<script>"},
        "text": "Later\x00 only\u202e" + "x" * 5000,
        "reference": "R\r\n-1",
        "state": "applied",
        "by": "staff",
    }
    found = offers.clean(offer, "erp")
    assert found is not None
    assert found.pop("text").startswith("Later onlyxxx")
    assert found == {
        "by": "erp",
        "requested": {"from": "2126-12-05"},
        "fee": {"amount": "15.00", "currency": "EUR"},
        "reference": "R\n-1",
    }


def test_an_offer_after_the_cut_off_stands_a_day(scene: Scene) -> None:
    request = scene.begin()
    ChangeRequest.objects.filter(pk=request.pk).update(cutoff_at=timezone.now())
    assert answer(request, "countered", counter=OFFER).state == "countered"
    assert actions.expire(timezone.now() + timedelta(hours=23)) == 0
    assert actions.expire(timezone.now() + timedelta(hours=25)) == 1


def test_hosts_are_told_after_the_commit(
    scene: Scene, django_capture_on_commit_callbacks: Any
) -> None:
    heard: list[tuple[str, str]] = []

    def listen(before: str, state: str, **kwargs: Any) -> None:
        heard.append((before, state))

    change_moved.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            request = scene.begin()
            assert heard == []
        assert heard == [("draft", "submitted")]
        with django_capture_on_commit_callbacks(execute=True):
            answer(request, "applied")
        assert heard[1:] == [("submitted", "applied")]
    finally:
        change_moved.disconnect(listen)


def place(**changes: Any) -> dict[str, Any]:
    return {**wire.address(), **changes}


def test_an_order_that_is_as_asked_for_makes_it_done(scene: Scene) -> None:
    request = scene.begin(requested={"ship_to_ref": "S2"})
    answer(request, "sent")
    told = {"name": "plant s2", "lines": ["Kai 1"], "postal_code": "28195", "city": "Bremen"}
    scene.told(delivery_address=place(**told), shipments=[delivery(number="renamed")])
    request = again(request)
    assert request.state == "applied"
    assert commands()[0].state == "applied"
    assert Order.objects.get().changes_open == 0


def test_an_order_that_is_half_as_asked_for_does_not(scene: Scene) -> None:
    day = {"requested": {"from": "2126-12-01"}}
    request = scene.begin(requested={"instructions": "Gate 3", **day})
    answer(request, "accepted")
    scene.told(**day)
    assert again(request).state == "accepted"
    scene.told(**day, delivery_address=place(instructions="Gate 3"))
    assert again(request).state == "applied"


def test_of_one_delivery_only_its_own_values_count(settings: Any) -> None:
    other = delivery("D2", packages=[{"lines": [{"line_ref": "L2", "quantity": "4"}]}])
    scene = set_up(settings, shipments=[delivery(), other])
    thread = scene.standing().parts[0].thread
    request = scene.begin(scope="shipment", thread=thread)
    request = request if request.command else actions.submit(request, scene.user, now=NOW)
    answer(request, "accepted")
    there = place(instructions="Ring at gate 3")
    scene.told(shipments=[delivery(), {**other, "address": there}])
    assert again(request).state == "accepted"
    scene.told(shipments=[delivery(address=there), other])
    assert again(request).state == "applied"


def test_of_a_whole_order_each_delivery_counts(settings: Any) -> None:
    other = delivery("D2", packages=[{"lines": [{"line_ref": "L2", "quantity": "4"}]}])
    scene = set_up(settings, shipments=[delivery(), other])
    request = answer(scene.begin(), "accepted")
    there = place(instructions="Ring at gate 3")
    scene.told(shipments=[delivery(address=there), other])
    assert again(request).state == "accepted"
    scene.told(shipments=[delivery(address=there), {**other, "address": there}])
    assert again(request).state == "applied"


def test_an_offer_changes_what_was_sent_last(scene: Scene) -> None:
    request = answer(scene.begin(), "countered", counter=OFFER)
    actions.accept(request, scene.user, now=NOW)
    request = answer(request, "countered", counter={"method": "freight"})
    actions.accept(request, scene.user, now=NOW)
    told = commands()[-1].payload
    assert (told["instructions"], told["requested"], told["method"]) == (
        "Ring at gate 3",
        {"from": "2126-12-05"},
        "freight",
    )


def test_units_cancelled_since_are_what_was_cancelled(scene: Scene) -> None:
    request = scene.begin(
        scope="lines", requested={"cancel": [{"line_ref": "L2", "quantity": "3"}]}
    )
    request = request if request.command else actions.submit(request, scene.user, now=NOW)
    answer(request, "accepted")
    lines = [wire.line("L1", "10"), wire.line("L2", "4", quantities={"cancelled": "2"})]
    scene.told(lines=lines)
    assert again(request).state == "accepted"
    lines[1] = wire.line("L2", "4", quantities={"cancelled": "3"})
    scene.told(lines=lines)
    assert again(request).state == "applied"


def test_a_failed_request_that_came_true_is_done(scene: Scene) -> None:
    request = answer(scene.begin(), "dead", uncertain=True)
    assert request.state == "failed"
    scene.told(delivery_address=place(instructions="Ring at gate 3"))
    assert again(request).state == "applied"


def test_what_was_picked_before_it_was_sent_is_too_late(settings: Any) -> None:
    scene = set_up(settings, lines=[])
    request = scene.begin()
    waiting = scene.begin(requested={"phone": "+49 40 123456"})
    answer(request, "sent")
    scene.told(lines=[], shipments=[delivery(status="packed")])
    assert again(request).state == "sent"
    assert (again(waiting).state, again(waiting).answer_code) == ("expired", "packed")
    assert [command.state for command in commands()] == ["sent", "superseded"]
    assert Order.objects.get().changes_open == 1


def test_a_request_that_a_rule_closed_ends_with_staffs_own_reason(scene: Scene) -> None:
    waiting = scene.begin()
    CutoffRule.objects.create(name="Fair", closes="already", reason="Our team is at the fair.")
    scene.told()
    assert (again(waiting).state, again(waiting).answer_text) == (
        "expired",
        "Our team is at the fair.",
    )


def test_what_staff_rejected_is_not_sent_again(scene: Scene) -> None:
    request = answer(scene.begin(), "dead")
    actions.reject(request, scene.user, now=NOW, reason="The van is full.")
    assert not outbox.replay(commands()[0].pk)
    assert again(request).answer_text == "The van is full."


def test_an_offer_nobody_understands_after_the_cut_off_stays_with_staff(scene: Scene) -> None:
    request = answer(scene.begin(), "sent")
    ChangeRequest.objects.update(cutoff_at=timezone.now() - timedelta(seconds=1))
    answer(request, "countered", counter={"requested": {"from": "whenever"}})
    assert actions.expire(timezone.now()) == 0
    assert again(request).state == "in_review"


def test_done_and_then_refused_is_what_the_order_shows(scene: Scene) -> None:
    request = answer(answer(scene.begin(), "applied"), "rejected", code="E1")
    assert (request.state, request.answer_code) == ("rejected", "E1")

    request = answer(scene.begin(), "accepted")
    scene.told(delivery_address=place(instructions="Ring at gate 3"))
    assert answer(request, "rejected", code="E1").state == "applied"


def test_an_offer_of_a_day_that_is_over_is_looked_at_by_people(scene: Scene) -> None:
    for window in ({"from": "2001-01-01"}, {"from": "2001-01-01", "to": "2002-01-01"}):
        request = answer(scene.begin(), "countered", counter={"requested": window})
        assert (request.state, request.answer_code) == ("in_review", "unclear_offer")
    assert offers.clean({"requested": {"from": "2001-01-01", "to": "2126-01-01"}}, "erp")
