"""Each state knows its verbs: those carried out move the request, all others say what is possible."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from oms_portal.changes import actions
from oms_portal.changes.models import OPEN, ChangeRequest, RequestState, RiskPolicy
from oms_portal.changes.moving import PEOPLE, STAFF
from oms_portal.changes.queries import behind, request_of, requests_of, verbs_of
from oms_portal.changes.refusals import Illegal, Refused, Stale
from oms_portal.erp.outbox.models import Command
from oms_portal.notifications.models import Alert
from oms_portal.orders.models import Order
from tests import factories

from .scene import NOW, Scene, again, answer, commands, set_up


pytestmark = pytest.mark.django_db
OFFER = {"requested": {"from": "2126-12-05"}, "reference": "R-1"}
Act = Callable[[ChangeRequest, Any], ChangeRequest]
ACTS: dict[str, Act] = {
    "submit": lambda request, user: actions.submit(request, user, now=NOW),
    "withdraw": lambda request, user: actions.withdraw(request, user, now=NOW),
    "accept": lambda request, user: actions.accept(request, user, now=NOW),
    "decline": lambda request, user: actions.decline(request, user, now=NOW),
    "approve": lambda request, user: actions.approve(request, user, now=NOW),
    "counter": lambda request, user: actions.counter_by_staff(
        request, user, now=NOW, counter=OFFER
    ),
    "reject": lambda request, user: actions.reject(request, user, now=NOW, reason="No"),
    "retry": lambda request, user: actions.retry(request, user, now=NOW),
}
ENDS = {
    "submit": "submitted",
    "withdraw": "withdrawn",
    "accept": "submitted",
    "decline": "withdrawn",
    "approve": "submitted",
    "counter": "countered",
    "reject": "rejected",
    "retry": "submitted",
}


@pytest.fixture
def scene(settings: Any) -> Scene:
    return set_up(settings)


def brought_to(scene: Scene, state: str) -> ChangeRequest:
    """A request in this state, by its own ways where they are short."""
    request = scene.begin(check_first=True, requested={"instructions": f"To be {state}"})
    if state == "awaiting_customer":
        return request
    request = actions.submit(request, scene.user, now=NOW)
    if state not in ("submitted", "sent"):
        counter = {"by": "erp", **OFFER} if state == "countered" else None
        ChangeRequest.objects.filter(pk=request.pk).update(state=state, counter=counter)
        ended = {"failed": "dead", "countered": "countered"}.get(state, "rejected")
        Command.objects.update(state=ended)
        Order.objects.update(changes_open=int(state in OPEN))
    if state == "sent":
        answer(request, "sent")
    return again(request)


@pytest.mark.parametrize("state", [state.value for state in RequestState if state != "draft"])
def test_a_state_does_what_it_knows_and_names_it_otherwise(scene: Scene, state: str) -> None:
    known = {verb for verb, states in {**PEOPLE, **STAFF}.items() if state in states}
    for verb, act in ACTS.items():
        request = brought_to(scene, state)
        before = Order.objects.get().changes_open
        assert before == int(state in OPEN)
        if verb in known and (state, verb) != ("sent", "withdraw"):
            act(request, scene.user)
            moved = again(request)
            assert moved.state == ENDS[verb]
            assert moved.version == request.version + 1
            assert moved.events.last().verb == verb
        elif verb not in known:
            with pytest.raises(Illegal) as illegal:
                act(request, scene.user)
            assert set(illegal.value.possible) == known
            assert again(request).version == request.version
        assert Order.objects.get().changes_open == int(again(request).state in OPEN)
        ChangeRequest.objects.all().delete()
        Command.objects.all().delete()
        Order.objects.update(changes_open=0)


def test_what_the_erp_may_have_is_not_taken_back(scene: Scene) -> None:
    request = scene.begin()
    answer(request, "sent")
    with pytest.raises(Refused, match="too_late_to_withdraw"):
        actions.withdraw(request, scene.user, now=NOW)
    assert again(request).state == "sent"
    answer(request, "retrying", uncertain=True)
    with pytest.raises(Refused, match="too_late_to_withdraw"):
        actions.withdraw(request, scene.user, now=NOW)
    assert "withdraw" not in verbs_of(again(request), scene.actor, scene.user, NOW)


def test_what_the_erp_surely_never_took_is_taken_back(scene: Scene) -> None:
    request = scene.begin()
    answer(request, "sent")
    answer(request, "retrying")
    assert verbs_of(again(request), scene.actor, scene.user, NOW) == ("withdraw",)
    actions.withdraw(request, scene.user, now=NOW)
    assert again(request).state == "withdrawn"
    assert commands()[0].state == "superseded"


def test_a_colleague_acts_on_what_was_sent_but_not_on_a_draft(scene: Scene) -> None:
    other = factories.person("other@c1.example", scene.order.company, "buyer")
    viewer = factories.person("viewer@c1.example", scene.order.company, "viewer")
    stranger = factories.person("far@c9.example", factories.company("C9"), "admin")
    draft = scene.begin(check_first=True)
    for person in (other, viewer, stranger):
        with pytest.raises(Refused, match="not_allowed"):
            actions.submit(draft, person, now=NOW)
        with pytest.raises(Refused, match="not_allowed"):
            actions.withdraw(draft, person, now=NOW)
    sent = actions.submit(draft, scene.user, now=NOW)
    for person in (viewer, stranger):
        with pytest.raises(Refused, match="not_allowed"):
            actions.withdraw(sent, person, now=NOW)
    assert actions.withdraw(sent, other, now=NOW).state == "withdrawn"


def test_rights_withdrawn_after_the_page_was_drawn_count(scene: Scene) -> None:
    draft = scene.begin(check_first=True)
    scene.user.oms_memberships.all().delete()
    with pytest.raises(Refused, match="not_allowed"):
        actions.submit(draft, scene.user, now=NOW)


def test_the_same_form_of_a_verb_does_it_once(scene: Scene) -> None:
    draft = scene.begin(check_first=True)
    for _ in range(2):
        actions.submit(draft, scene.user, now=NOW, key="form-1")
    assert len(commands()) == 1
    with pytest.raises(Illegal):
        actions.submit(draft, scene.user, now=NOW, key="form-2")


def test_a_draft_is_not_sent_on_an_order_that_moved(scene: Scene) -> None:
    draft = scene.begin(check_first=True)
    scene.told(requested={"from": "2126-12-01"})
    with pytest.raises(Stale):
        actions.submit(draft, scene.user, now=NOW)
    assert again(draft).state == "awaiting_customer"


def test_a_draft_is_not_sent_a_second_after_the_cut_off(scene: Scene) -> None:
    thread = scene.standing().parts[0].thread
    draft = scene.begin(check_first=True, scope="shipment", thread=thread)
    assert draft.cutoff_at is not None
    late = draft.cutoff_at + timedelta(seconds=1)
    assert verbs_of(draft, scene.actor, scene.user, late) == ("withdraw",)
    with pytest.raises(Refused, match="past"):
        actions.submit(draft, scene.user, now=late)
    assert not commands()


def test_the_database_itself_keeps_the_cut_off(scene: Scene) -> None:
    """Also where the rules have changed since to say that nothing ever closes."""
    draft = scene.begin(check_first=True)
    ChangeRequest.objects.filter(pk=draft.pk).update(cutoff_at=NOW)
    with pytest.raises(Refused, match="past"):
        actions.submit(draft, scene.user, now=NOW)
    assert not commands()
    assert again(draft).state == "awaiting_customer"


def test_an_offer_of_the_erp_is_taken_by_its_number(scene: Scene) -> None:
    request = scene.begin(requested={"requested": {"from": "2126-12-01"}})
    fee = {"amount": "12.50", "currency": "EUR"}
    countered = answer(request, "countered", counter={**OFFER, "fee": fee, "text": "Sooner not"})
    assert countered.state == "countered"
    assert verbs_of(countered, scene.actor, scene.user, NOW) == ("withdraw", "accept", "decline")
    actions.accept(countered, scene.user, now=NOW, version=countered.version)
    [old, new] = commands()
    assert old.key != new.key
    assert new.payload["accepts"] == "R-1"
    assert new.payload["fee"] == fee
    assert new.payload["requested"] == {"from": "2126-12-05"}
    done = answer(request, "applied")
    assert (done.state, done.requested, done.approved) == (
        "applied",
        {"requested": {"from": "2126-12-01"}},
        {"requested": {"from": "2126-12-05"}},
    )


def test_another_offer_than_the_one_shown_is_not_accepted(scene: Scene) -> None:
    request = answer(scene.begin(), "countered", counter=OFFER)
    answer(request, "countered", counter={"fee": {"amount": "900", "currency": "EUR"}})
    with pytest.raises(Stale):
        actions.accept(request, scene.user, now=NOW, version=request.version)
    assert len(commands()) == 1


def test_an_offer_is_not_accepted_after_the_cut_off(scene: Scene) -> None:
    request = answer(scene.begin(), "countered", counter=OFFER)
    assert request.cutoff_at is not None
    with pytest.raises(Refused, match="past"):
        actions.accept(request, scene.user, now=request.cutoff_at)


def test_an_offer_declined_leaves_the_order_as_it_is(scene: Scene) -> None:
    request = answer(scene.begin(), "countered", counter=OFFER)
    actions.decline(request, scene.user, now=NOW)
    assert again(request).state == "withdrawn"
    assert Order.objects.get().changes_open == 0
    assert len(commands()) == 1


def test_staff_let_go_what_was_looked_at_with_values_of_their_own(scene: Scene) -> None:
    staff = factories.person("desk@supplier.example", staff=["Desk"])
    request = brought_to(scene, "in_review")
    actions.approve(
        request, staff, now=NOW, values={"instructions": "Gate 4"}, reason="Gate 3 is shut"
    )
    moved = again(request)
    assert moved.requested == {"instructions": "To be in_review"}
    assert moved.approved == {"instructions": "Gate 4"}
    assert commands()[-1].payload["instructions"] == "Gate 4"
    event = moved.events.last()
    assert event is not None
    assert (event.source, event.actor, event.reason) == ("staff", staff, "Gate 3 is shut")


def test_values_of_staff_that_can_t_be_read_are_refused(scene: Scene) -> None:
    request = brought_to(scene, "in_review")
    for values in ({}, {"requested": {"from": "soon"}}, {"colour": "red"}):
        with pytest.raises(Refused, match="empty_offer"):
            actions.approve(request, scene.user, now=NOW, values=values)
        with pytest.raises(Refused, match="empty_offer"):
            actions.counter_by_staff(request, scene.user, now=NOW, counter=values)


def test_what_staff_offer_is_accepted_as_a_command_of_its_own(scene: Scene) -> None:
    request = brought_to(scene, "in_review")
    actions.counter_by_staff(request, scene.user, now=NOW, counter=OFFER)
    countered = again(request)
    assert countered.counter is not None
    assert countered.counter["by"] == "staff"
    actions.accept(countered, scene.user, now=NOW)
    assert commands()[-1].payload["requested"] == {"from": "2126-12-05"}


def test_what_may_have_reached_the_erp_is_tried_again_under_the_same_key(scene: Scene) -> None:
    request = scene.begin()
    answer(request, "sent")
    answer(request, "dead", uncertain=True)
    actions.retry(request, scene.user, now=NOW)
    [command] = commands()
    assert command.state == "queued"
    assert again(request).state == "submitted"


def test_what_the_erp_refused_is_tried_again_as_a_new_command(scene: Scene) -> None:
    request = brought_to(scene, "failed")
    Command.objects.update(state="rejected")
    actions.retry(request, scene.user, now=NOW)
    [old, new] = commands()
    assert old.key != new.key
    assert again(request).command == new


def test_requests_wait_behind_each_other(scene: Scene) -> None:
    first = scene.begin()
    second = scene.begin(requested={"phone": "+49 40 123456"})
    third = scene.begin(requested={"contact": "Ann"})
    rows = requests_of(scene.order, NOW)
    assert [row.pk for row in rows] == [first.pk, second.pk, third.pk]
    assert behind(third, rows) == second
    assert behind(second, rows) == first
    assert behind(first, rows) is None
    answer(first, "applied")
    rows = requests_of(scene.order)
    assert behind(rows[0], rows) is None
    assert [row.state for row in rows] == ["submitted", "submitted", "applied"]


def test_nobody_sees_a_draft_but_its_author(scene: Scene) -> None:
    other = factories.person("other@c1.example", scene.order.company, "admin")
    draft = scene.begin(check_first=True)
    assert requests_of(scene.order, NOW) == []
    assert request_of(scene.actor, scene.user, draft.key) == draft
    other_actor = Scene(scene.order, other).actor
    assert request_of(other_actor, other, draft.key) is None
    assert verbs_of(draft, other_actor, other, NOW) == ()
    actions.submit(draft, scene.user, now=NOW)
    assert request_of(other_actor, other, draft.key) == draft
    stranger = factories.person("far@c9.example", factories.company("C9"), "admin")
    assert request_of(Scene(scene.order, stranger).actor, stranger, draft.key) is None


def test_staff_are_alerted_to_a_review_until_one_of_them_decides(scene: Scene) -> None:
    RiskPolicy.objects.update(value_above=1)
    request = scene.begin()
    assert request.state == "in_review"
    alert = Alert.objects.get()
    assert (alert.kind, alert.about, alert.order_ref) == (
        "review",
        f"change:{request.pk}",
        scene.order.ref,
    )
    assert alert.done_at is None and alert.due_at > alert.raised_at

    actions.approve(request, scene.user, now=NOW)

    alert.refresh_from_db()
    assert alert.done_at is not None
