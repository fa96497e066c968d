"""Each state knows its verbs: those carried out move the return, all others say what is possible."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from oms_portal import live
from oms_portal.notifications.models import Alert, Mail
from oms_portal.orders.models import Order
from oms_portal.returns import actions, expiry
from oms_portal.returns.kinds import ENDED, OPEN, ReturnState
from oms_portal.returns.models import Return
from oms_portal.returns.moving import PEOPLE, STAFF, return_topic
from oms_portal.returns.parcels import Label, ReturnParcel
from oms_portal.returns.queries import drafts_of, return_of, returns_of, verbs_of
from oms_portal.returns.refusals import Illegal, KeyReused, Refused, Short
from tests import factories

from .scene import NOW, Scene, again, answer, commands, item, new_key, reserved, set_up


pytestmark = pytest.mark.django_db
NOTE = {"number": "CN1", "amount": "9.00", "currency": "EUR"}
Act = Callable[[Return, Any], Return]
ACTS: dict[str, Act] = {
    "submit": lambda rma, user: actions.submit(rma, user, now=NOW, key=new_key()),
    "withdraw": lambda rma, user: actions.withdraw(rma, user, now=NOW),
    "edit": lambda rma, user: actions.edit(rma, user, form_key=new_key(), now=NOW),
    "reply": lambda rma, user: actions.reply(rma, user, "Since May", now=NOW),
    "hand_over": lambda rma, user: actions.hand_over(rma, user, "UPS", "1Z", now=NOW),
    "approve": lambda rma, user: actions.approve(rma, user, now=NOW),
    "decline": lambda rma, user: actions.decline(rma, user, "Used", now=NOW),
    "ask": lambda rma, user: actions.ask(rma, user, "Since when?", now=NOW),
    "override": lambda rma, user: actions.override(rma, user, now=NOW, reason="Good customer"),
    "close": lambda rma, user: actions.close(rma, user, now=NOW, reason="Done by phone"),
}


@pytest.fixture
def scene(settings: Any) -> Scene:
    return set_up(settings, approval="agent")


def brought_to(scene: Scene, state: str) -> Return:
    """A return of 2 of L1, with a carrier of the customer's own, in this state."""
    asked: dict[str, Any] = {"method": "own_carrier"}
    if state == "draft":
        return scene.draft(item("2"), **asked)
    if state in ("requested", "rejected"):
        type(scene.policy).objects.update(approval="erp")
    rma = scene.send(item("2"), **asked)
    if state == "rejected":
        return answer(rma, "rejected", code="NO")
    if state == "info_needed":
        actions.ask(rma, scene.user, "Since when?", now=NOW)
    elif state == "cancelled":
        actions.withdraw(rma, scene.user, now=NOW)
    elif state not in ("requested", "in_review"):
        actions.approve(rma, scene.user, now=NOW)
    if state == "expired":
        actions.expire(NOW + timedelta(days=60))
    elif state == "in_transit":
        actions.hand_over(rma, scene.user, "UPS", "1Z", now=NOW)
    counters = {
        "partly_received": {"received": "1"},
        "received": {"received": "2"},
        "inspected": {"received": "2", "accepted": "2"},
        "settled": {"received": "2", "accepted": "2"},
        "closed": {"received": "2", "rejected": "2"},
    }
    if state in counters:
        note = NOTE if state == "settled" else None
        scene.received(rma, lines={"1": counters[state]}, credit_note=note)
    assert again(rma).state == state
    return again(rma)


@pytest.mark.parametrize("state", list(ReturnState))
def test_a_state_does_what_it_says_it_can_and_nothing_else(scene: Scene, state: str) -> None:
    rma = brought_to(scene, state)
    allowed = {verb for verb, states in {**PEOPLE, **STAFF}.items() if state in states}
    for verb in ACTS.keys() - allowed:
        with pytest.raises(Illegal) as illegal:
            ACTS[verb](rma, scene.user)
        assert set(illegal.value.possible) == allowed
    assert again(rma).version == rma.version
    counted = Order.objects.get(ref="SO-1").returns_open
    assert counted == (state in OPEN)


@pytest.mark.parametrize("state", [state for state in ReturnState if state not in ENDED])
def test_every_state_has_a_way_to_its_end(scene: Scene, state: str) -> None:
    rma = brought_to(scene, state)
    if state == "draft":
        actions.discard(rma, scene.user)
        return
    verb = "decline" if state in PEOPLE["withdraw"] else "close"
    ACTS[verb](rma, scene.user)
    assert again(rma).state in ENDED
    assert Order.objects.get(ref="SO-1").returns_open == 0


@pytest.mark.parametrize("verb", ["withdraw", "decline"])
@pytest.mark.parametrize("state", ["requested", "in_review", "info_needed", "approved"])
def test_what_comes_to_nothing_frees_its_goods_and_its_label(
    scene: Scene, state: str, verb: str
) -> None:
    rma = brought_to(scene, state)
    for parcel in ReturnParcel.objects.all():
        Label.objects.create(parcel=parcel, state="verified")
    ACTS[verb](rma, scene.user)
    assert reserved() == ("10", "0", "0")
    assert {label.state for label in Label.objects.all()} <= {"voided"}
    assert {parcel.state for parcel in ReturnParcel.objects.all()} <= {"voided"}
    assert again(rma).lines.get().released == 2


def test_the_erp_is_asked_to_cancel_only_what_it_can_have(scene: Scene) -> None:
    first = brought_to(scene, "approved")
    ACTS["withdraw"](first, scene.user)
    assert [(one.kind, one.state) for one in commands()] == [("return", "superseded")]
    second = brought_to(scene, "approved")
    answer(second, "accepted")
    ACTS["withdraw"](second, scene.user)
    kinds = [(one.kind, one.payload["number"]) for one in commands()[1:]]
    assert kinds == [("return", second.number), ("return_cancel", second.number)]


def test_an_erp_that_keeps_a_withdrawn_return_is_something_to_see_to(scene: Scene) -> None:
    rma = answer(brought_to(scene, "approved"), "accepted")
    ACTS["withdraw"](rma, scene.user)
    from oms_portal.erp.outbox.moves import move, together

    with together():
        move(commands()[-1].pk, state="rejected", code="LATE")
    assert "return_kept" in Alert.objects.values_list("kind", flat=True)
    assert again(rma).state == "cancelled"


def test_nobody_takes_back_what_a_carrier_has(scene: Scene) -> None:
    rma = brought_to(scene, "approved")
    actions.scanned(ReturnParcel.objects.get(), NOW)
    assert again(rma).state == "in_transit"
    for verb in ("withdraw", "edit", "decline"):
        with pytest.raises(Illegal):
            ACTS[verb](again(rma), scene.user)
    version = again(rma).version
    actions.scanned(ReturnParcel.objects.get(), NOW)
    assert again(rma).version == version


def test_goods_that_come_though_it_was_withdrawn_count(scene: Scene) -> None:
    rma = brought_to(scene, "approved")
    ACTS["withdraw"](rma, scene.user)
    scene.send(item("9"))
    actions.scanned(ReturnParcel.objects.filter(rma=rma).get(), NOW)
    assert again(rma).state == "in_transit"
    assert reserved() == ("10", "11", "1")
    assert "over_reserved" in Alert.objects.values_list("kind", flat=True)


def test_the_label_of_what_staff_close_is_dead(scene: Scene) -> None:
    rma = brought_to(scene, "approved")
    Label.objects.create(parcel=ReturnParcel.objects.get(), state="verified")
    ACTS["close"](rma, scene.user)
    assert Label.objects.get().state == "voided"
    assert reserved() == ("10", "0", "0")


def test_a_label_nobody_scanned_is_used_up_once_all_goods_came(scene: Scene) -> None:
    rma = scene.send(item("2"), parcels=2)
    actions.approve(rma, scene.user, now=NOW)
    Label.objects.create(parcel=rma.parcels.get(sequence=1), state="verified")
    scene.received(rma, lines={"1": {"received": "1"}})
    assert Label.objects.get().state == "verified"
    scene.received(rma, lines={"1": {"received": "2"}})
    assert Label.objects.get().state == "used"
    # The second one was never made, and is not any more.
    assert rma.parcels.get(sequence=2).state == "voided"


@pytest.mark.parametrize("told", [{"credit_note": NOTE}, {}])
def test_a_label_dies_with_a_return_that_ends_without_its_goods(
    scene: Scene, told: dict[str, Any]
) -> None:
    rma = brought_to(scene, "approved")
    Label.objects.create(parcel=rma.parcels.get(), state="verified")
    if told:
        scene.received(rma, **told)
    else:
        scene.received(rma, lines={"1": {"received": "1"}})
        ACTS["close"](rma, scene.user)
    assert Label.objects.get().state == "voided"


def test_the_label_that_was_not_used_is_dead_once_staff_close_the_rest(scene: Scene) -> None:
    rma = actions.approve(scene.send(parcels=2), scene.user, now=NOW)
    sent, kept = ReturnParcel.objects.order_by("sequence")
    for parcel in (sent, kept):
        Label.objects.create(parcel=parcel, state="verified")
    ReturnParcel.objects.update(state="ready")
    actions.scanned(sent, NOW)
    ACTS["close"](again(rma), scene.user)
    states = ReturnParcel.objects.order_by("sequence").values_list("state", "labels__state")
    assert list(states) == [("in_transit", "used"), ("voided", "voided")]


def test_goods_that_somebody_sent_themselves_stay_handed_over_when_staff_close(
    scene: Scene,
) -> None:
    rma = brought_to(scene, "in_transit")
    ACTS["close"](rma, scene.user)
    parcel = ReturnParcel.objects.get()
    assert (parcel.state, parcel.void_wanted) == ("handed_over", False)


def test_the_second_parcel_s_scan_says_so_and_moves_nothing(scene: Scene) -> None:
    rma = scene.send(parcels=2)
    actions.approve(rma, scene.user, now=NOW)
    for parcel in ReturnParcel.objects.order_by("sequence"):
        version = again(rma).version
        topics = live.versions([return_topic(rma.pk)])
        actions.scanned(parcel, NOW)
        assert live.versions([return_topic(rma.pk)]) != topics
    assert again(rma).version == version
    assert {parcel.state for parcel in ReturnParcel.objects.all()} == {"in_transit"}


def test_staff_approve_less_and_the_rest_is_free(scene: Scene) -> None:
    rma = scene.send(item("4"), item("1", "L2"))
    actions.approve(rma, scene.user, now=NOW, quantities={"1": "3", "2": "0"})
    assert (reserved(), reserved("L2")) == (("10", "3", "0"), ("2.5", "0", "0"))
    assert commands()[0].payload["lines"][0]["quantity"] == "3"


@pytest.mark.parametrize("asked", [{"1": "5"}, {"1": "x"}, {"1": "0.5"}, {"1": "0"}, {"1": "-1"}])
def test_staff_do_not_approve_what_nobody_asked_for(scene: Scene, asked: dict[str, str]) -> None:
    rma = scene.send(item("4"))
    with pytest.raises(Refused):
        actions.approve(rma, scene.user, now=NOW, quantities=asked)
    assert again(rma).state == "in_review"


def test_staff_let_come_what_was_refused_or_late_and_say_why(scene: Scene) -> None:
    rma = brought_to(scene, "expired")
    with pytest.raises(Refused):
        actions.override(rma, scene.user, now=NOW, reason=" ")
    ACTS["override"](rma, scene.user)
    assert again(rma).state == "approved"
    assert reserved() == ("10", "2", "0")
    event = rma.events.order_by("-pk")[0]
    assert (event.verb, event.reason, event.source) == ("override", "Good customer", "staff")
    states = list(ReturnParcel.objects.order_by("sequence").values_list("state", flat=True))
    assert states == ["voided", "wanted"]
    assert commands()[-1].kind == "return"


@pytest.fixture
def two(settings: Any) -> list[Any]:
    """Two people, where much is at stake."""
    settings.OMS_PORTAL = {**settings.OMS_PORTAL, "RETURN_SECOND_PERSON_FROM": Decimal(1)}
    return [factories.person(f"lead{number}@shop.example") for number in (1, 2)]


def let(rma: Return, user: Any, key: str = "", **counts: str) -> str:
    actions.override(rma, user, now=NOW, reason="Yes", quantities=counts or None, key=key)
    return str(again(rma).state)


def test_two_people_let_come_what_was_refused_and_it_is_theirs_both(scene: Scene, two: Any) -> None:
    rma = brought_to(scene, "rejected")
    assert [let(rma, two[0], "the-first-form") for _ in range(2)] == ["rejected", "rejected"]
    with pytest.raises(Refused) as own:
        let(rma, two[0], "another-form")
    assert own.value.code == "own"
    assert let(rma, two[1]) == "approved"
    events = rma.events.order_by("-pk")[:2]
    assert [(one.verb, one.actor) for one in events] == [("override", two[1]), ("vouch", two[0])]
    assert rma.events.filter(verb="vouch").count() == 1


def test_staff_are_told_of_a_first_word_on_what_is_over_until_it_stands_again(
    scene: Scene, two: Any
) -> None:
    rma = brought_to(scene, "rejected")
    waits = Alert.objects.filter(kind="return_review", about=f"return:{rma.pk}", done_at=None)
    assert not waits.exists()
    let(rma, two[0])
    assert waits.count() == 1
    let(rma, two[1])
    assert not waits.exists()


def test_two_people_must_say_the_same_of_what_stands_now(scene: Scene, two: Any) -> None:
    rma = brought_to(scene, "in_review")
    ref = rma.lines.get().ref
    assert let(rma, two[0], **{ref: "1"}) == "in_review"
    assert let(rma, two[1], **{ref: "2"}) == "in_review"
    actions.ask(again(rma), two[0], "Why?", now=NOW)
    assert let(rma, two[0], **{ref: "2"}) == "info_needed"
    assert let(rma, two[1], **{ref: "2"}) == "approved"


def test_an_erp_that_was_asked_to_cancel_is_told_again_of_what_staff_let_come(
    scene: Scene,
) -> None:
    rma = answer(brought_to(scene, "approved"), "accepted")
    actions.expire(NOW + timedelta(days=60))
    ACTS["override"](rma, scene.user)
    assert [one.kind for one in commands()] == ["return", "return_cancel", "return"]
    assert again(rma).command == commands()[-1]
    ACTS["withdraw"](rma, scene.user)
    assert [(one.kind, one.state) for one in commands()[1:]] == [
        ("return_cancel", "superseded"),
        ("return", "superseded"),
        ("return_cancel", "queued"),
    ]


def test_staff_can_not_give_what_others_have_on_returns_by_now(scene: Scene) -> None:
    rma = brought_to(scene, "expired")
    scene.send(item("9"))
    with pytest.raises(Short) as short:
        ACTS["override"](rma, scene.user)
    assert short.value.available == {"1": 1}


def test_a_question_of_staff_is_answered_to_them(scene: Scene) -> None:
    rma = brought_to(scene, "info_needed")
    assert "question" in Mail.objects.get().subject
    actions.reply(rma, scene.user, "Since  May", now=NOW, key="the-reply-key")
    actions.reply(rma, scene.user, "Since  May", now=NOW, key="the-reply-key")
    with pytest.raises(KeyReused):
        actions.reply(rma, scene.user, "Since June", now=NOW, key="the-reply-key")
    after = again(rma)
    assert (after.state, after.reply) == ("in_review", "Since May")
    assert not commands()
    assert Alert.objects.filter(kind="return_review", done_at=None).count() == 1


@pytest.mark.parametrize(("carrier", "number"), [("", "1Z"), ("UPS", ""), ("UPS\n", "1\0Z")])
def test_a_hand_over_says_who_and_under_which_number(
    scene: Scene, carrier: str, number: str
) -> None:
    rma = brought_to(scene, "approved")
    with pytest.raises(Refused):
        actions.hand_over(rma, scene.user, carrier, number, now=NOW)


def test_an_edited_return_takes_the_place_of_the_old_one(scene: Scene) -> None:
    old = scene.send(item("9"))
    draft = actions.edit(old, scene.user, form_key=new_key(), now=NOW)
    assert actions.edit(old, scene.user, form_key=new_key(), now=NOW).pk == draft.pk
    assert draft.lines.get().reason == old.lines.get().reason
    scene.draft(item("10"), draft=draft)
    new = actions.submit(draft, scene.user, now=NOW, key=new_key())
    assert (again(old).state, again(old).answer_code) == ("cancelled", "replaced")
    assert again(new).state == "in_review"
    assert reserved() == ("10", "10", "0")
    assert Order.objects.get(ref="SO-1").returns_open == 1
    # The ERP never heard of the old one.
    actions.approve(new, scene.user, now=NOW)
    assert "replaces" not in commands()[0].payload


def test_the_erp_hears_which_return_is_replaced(scene: Scene) -> None:
    old = answer(brought_to(scene, "approved"), "accepted")
    draft = actions.edit(old, scene.user, form_key=new_key(), now=NOW)
    new = actions.submit(draft, scene.user, now=NOW, key=new_key())
    actions.approve(new, scene.user, now=NOW)
    kinds = [(one.kind, one.payload["number"]) for one in commands()[1:]]
    assert kinds == [("return_cancel", old.number), ("return", new.number)]
    assert commands()[-1].payload["replaces"] == old.number


def test_an_edit_that_comes_after_the_first_scan_changes_nothing(scene: Scene) -> None:
    old = brought_to(scene, "approved")
    draft = actions.edit(old, scene.user, form_key=new_key(), now=NOW)
    actions.scanned(ReturnParcel.objects.get(), NOW)
    with pytest.raises(Illegal):
        actions.submit(draft, scene.user, now=NOW, key=new_key())
    assert (again(old).state, again(draft).state) == ("in_transit", "draft")


@pytest.mark.parametrize("verb", ["withdraw", "decline"])
def test_an_edit_of_what_came_to_nothing_meanwhile_is_a_return_of_its_own(
    scene: Scene, verb: str
) -> None:
    old = scene.send(item("9"))
    draft = actions.edit(old, scene.user, form_key=new_key(), now=NOW)
    ACTS[verb](old, scene.user)
    before = again(old).version
    actions.submit(draft, scene.user, now=NOW, key=new_key())
    assert (again(draft).state, again(old).version) == ("in_review", before)
    assert reserved() == ("10", "9", "0")


def test_two_people_do_not_edit_one_return(scene: Scene) -> None:
    old = scene.send()
    actions.edit(old, scene.user, form_key=new_key(), now=NOW)
    other = factories.person("other@c1.example", scene.company, "buyer")
    with pytest.raises(Refused) as refused:
        actions.edit(old, other, form_key=new_key(), now=NOW)
    assert refused.value.code == "being_edited"


def test_what_is_not_handed_over_expires_after_the_company_s_last_day(scene: Scene) -> None:
    rma = brought_to(scene, "approved")
    # 28 days on, in Berlin.
    assert actions.expire(NOW.replace(month=12, day=20, hour=22, minute=59)) == 0
    assert actions.expire(NOW.replace(month=12, day=20, hour=23, minute=0)) == 1
    assert again(rma).state == "expired"
    assert reserved() == ("10", "0", "0")
    assert [(one.kind, one.state) for one in commands()] == [("return", "superseded")]


def test_what_is_settled_closes_by_itself_and_drafts_are_forgotten(scene: Scene) -> None:
    rma = brought_to(scene, "settled")
    draft = scene.draft()
    assert expiry.finish(NOW) == 1
    assert again(rma).state == "closed"
    assert expiry.forget_drafts(NOW + timedelta(days=6)) == 0
    assert expiry.forget_drafts(NOW + timedelta(days=8)) == 1
    assert not Return.objects.filter(pk=draft.pk).exists()


def test_who_sees_which_return(scene: Scene) -> None:
    sent, draft = scene.send(), scene.draft()
    other = factories.person("other@c1.example", scene.company, "viewer")
    foreign = factories.person("foreign@c2.example", factories.company("C2"), "admin")
    from oms_portal.customers.access import actor_for

    assert list(returns_of(scene.actor)) == [sent]
    assert list(drafts_of(scene.actor, scene.user)) == [draft]
    assert return_of(scene.actor, scene.user, draft.number) == draft
    assert return_of(actor_for(other), other, draft.number) is None
    assert return_of(actor_for(other), other, sent.number) == sent
    assert verbs_of(sent, actor_for(other), other) == ()
    assert return_of(actor_for(foreign), foreign, sent.number) is None
    assert not returns_of(actor_for(foreign)).exists()
    assert verbs_of(sent, scene.actor, scene.user) == ("withdraw", "edit")
