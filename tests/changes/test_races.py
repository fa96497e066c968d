"""People, events and clocks at one instant, each in a transaction of its own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from oms_portal.changes import actions
from oms_portal.changes.models import ChangeRequest
from oms_portal.changes.refusals import Refused, Stale
from oms_portal.erp import inbox
from oms_portal.erp.outbox.moves import move, together
from oms_portal.orders.models import Order
from tests import factories, wire

from .scene import NOW, Scene, again, commands, delivery, record, set_up


pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene(settings: Any, transactional_db: None) -> Scene:
    factories.site()
    return set_up(settings)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run all of these in the same instant; what each returned, or the refusal it raised."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        barrier.wait(60)
        try:
            return act()
        except Refused as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_one_form_sent_from_all_sides_is_one_request(scene: Scene) -> None:
    form = {"form_key": "the-same-form", "basis": scene.standing().basis}
    made = at_once(*[lambda: scene.begin(**form)] * 6)
    assert {request.pk for request in made} == {ChangeRequest.objects.get().pk}
    assert len(commands()) == 1
    assert Order.objects.get().changes_open == 1


def test_one_form_of_two_orders_is_one_request(scene: Scene) -> None:
    factories.deliver("order", record(ref="SO-2", number="SO-2"))
    other = Scene(Order.objects.select_related("company").get(ref="SO-2"), scene.user)
    acts = [
        lambda place=place: place.begin(form_key="the-same-form") for place in (scene, other) * 2
    ]
    made = at_once(*acts)
    assert sum(isinstance(one, Refused) for one in made) == 2
    assert ChangeRequest.objects.count() == len(commands()) == 1


def test_of_two_people_one_wins_and_the_other_sees_it(scene: Scene) -> None:
    other = factories.person("other@c1.example", scene.order.company, "buyer")
    basis = scene.standing().basis
    acts = [
        lambda who=who: scene.begin(who, basis=basis, requested={"contact": who.email})
        for who in (scene.user, other)
    ]
    won, lost = sorted(at_once(*acts), key=lambda one: isinstance(one, Stale))
    assert won.state == "submitted"
    assert [request.pk for request in lost.standing.open] == [won.pk]
    assert len(commands()) == 1


def test_a_draft_sent_twice_is_sent_once(scene: Scene) -> None:
    draft = scene.begin(check_first=True)
    at_once(*[lambda: actions.submit(draft, scene.user, now=NOW)] * 4)
    assert len(commands()) == 1
    assert Order.objects.get().changes_open == 1


def test_an_offer_accepted_and_declined_at_once_is_one_of_both(scene: Scene) -> None:
    request = scene.begin()
    with together():
        move(commands()[0].pk, state="countered", counter={"requested": {"from": "2126-12-05"}})
    at_once(
        *[lambda: actions.accept(request, scene.user, now=NOW)] * 2,
        *[lambda: actions.decline(request, scene.user, now=NOW)] * 2,
    )
    state = again(request).state
    assert (state, len(commands())) in {("submitted", 2), ("withdrawn", 1)}
    assert Order.objects.get().changes_open == int(state == "submitted")


def test_taking_back_and_sending_at_once_do_not_both_happen(scene: Scene) -> None:
    for _ in range(4):
        request = scene.begin(requested={"contact": "Ann"})
        assert request.command_id is not None
        pk = request.command_id

        def send(pk: int = pk) -> bool:
            from oms_portal.erp.outbox.moves import is_in

            with together():
                return bool(move(pk, is_in("queued"), state="sent"))

        sent, taken = at_once(
            send, lambda request=request: actions.withdraw(request, scene.user, now=NOW)
        )
        assert sent is isinstance(taken, Refused)
        assert again(request).state == ("sent" if sent else "withdrawn")
        if sent:
            with together():
                move(pk, state="rejected")
    assert Order.objects.get().changes_open == 0


def test_events_answers_and_wishes_at_one_instant_all_get_through(scene: Scene) -> None:
    """Order, command and request are locked in one order: nothing waits for ever."""
    sender = factories.source()
    for n in range(2, 7):
        request = scene.begin(requested={"contact": f"Ann {n}"})
        assert request.command_id is not None
        pk = request.command_id
        place = {**wire.address(), "contact": f"Ann {n}"}
        raw = wire.encode(wire.event("order", record(delivery_address=place), n))

        def answered(pk: int = pk) -> None:
            with together():
                move(pk, state="accepted", accepted_at=timezone.now())

        heard = at_once(
            lambda raw=raw: inbox.receive(sender, raw).state,
            answered,
            lambda n=n: scene.begin(requested={"phone": f"+49 40 12345{n}"}),
            lambda: actions.expire(NOW + timedelta(days=-9)),
        )
        assert heard[0] == "applied"
        connection.close()
    scene.version = 10
    scene.told(delivery_address={**wire.address(), "contact": "Ann 6"}, shipments=[delivery()])
    opened = ChangeRequest.objects.filter(state__in=("submitted", "sent", "accepted")).count()
    assert Order.objects.get().changes_open == opened
