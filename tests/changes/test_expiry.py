"""What the clock does to requests, drafts and open pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from oms_portal import live
from oms_portal.changes import actions, closings, expiry
from oms_portal.changes.models import ChangeRequest, CutoffRule, RiskPolicy
from oms_portal.erp.outbox import deadlines
from oms_portal.erp.outbox.models import Command
from oms_portal.orders.announcing import order_topic
from oms_portal.orders.models import Order

from .scene import LATE, NOW, Scene, again, answer, commands, delivery, set_up


pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(settings: Any) -> Scene:
    return set_up(settings)


def test_what_was_not_sent_by_its_cut_off_is_too_late(scene: Scene) -> None:
    request = scene.begin()
    assert request.cutoff_at is not None
    assert deadlines.expire(request.cutoff_at - timedelta(seconds=1)) == 0
    assert actions.expire(NOW + LATE) == 0
    # As the clock will be then: a request is told by it that its command is too late.
    Command.objects.update(deadline=timezone.now())
    assert deadlines.expire() == 1
    assert (again(request).state, again(request).answer_code) == ("expired", "undelivered")
    assert commands()[0].state == "dead"
    assert Order.objects.get().changes_open == 0
    assert deadlines.expire() == 0


def test_what_the_erp_may_have_is_left_to_it(scene: Scene) -> None:
    sent = answer(scene.begin(), "sent")
    unsure = answer(scene.begin(requested={"contact": "Ann"}), "queued", uncertain=True)
    assert actions.expire(NOW + LATE) == 0
    assert (again(sent).state, again(unsure).state) == ("sent", "submitted")


def test_offers_and_reviews_end_at_the_cut_off_too(scene: Scene) -> None:
    RiskPolicy.objects.update(value_above=1)
    review = scene.begin()
    offer = scene.begin(requested={"contact": "Ann"})
    offered = {"requested": {"from": "2126-12-05"}}
    actions.counter_by_staff(offer, scene.user, now=NOW, counter=offered)
    draft = scene.begin(check_first=True, requested={"phone": "+49 40 123456"})
    assert actions.expire(NOW + LATE) == 3
    assert {again(request).state for request in (review, offer, draft)} == {"expired"}
    assert Order.objects.get().changes_open == 0


def test_drafts_that_nobody_came_back_to_are_forgotten(scene: Scene) -> None:
    scene.begin(check_first=True)
    sent = scene.begin()
    week = timedelta(days=7)
    assert expiry.forget_drafts(NOW + week) == 0
    assert expiry.forget_drafts(NOW + week + timedelta(seconds=1)) == 1
    assert ChangeRequest.objects.get() == sent


def test_an_open_page_is_told_when_a_cut_off_passes(settings: Any) -> None:
    scene = set_up(settings)
    # Planned for Friday the 22nd at the place: until Thursday at 14:00 in Hamburg.
    until = datetime(2126, 11, 21, 13, tzinfo=UTC)
    assert scene.standing().parts[0].limits["address"].until == until
    before, after = until - timedelta(seconds=1), until + timedelta(seconds=1)
    assert closings.closed_between(before - timedelta(minutes=1), before) == []
    assert closings.closed_between(before, until) == [scene.order.pk]
    assert closings.closed_between(until, after) == []


def test_the_topic_of_an_order_grows_when_its_cut_off_passed(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closings, "_told_until", None)
    CutoffRule.objects.create(name="An hour", closes="hours", hours=1)
    soon = datetime.now(UTC) + timedelta(minutes=59)
    scene = set_up(settings, shipments=[delivery(planned_on=soon.isoformat())])
    key = order_topic(scene.order.pk)
    before = live.versions([key])[key]
    closings.tell()
    closings.tell()
    assert live.versions([key])[key] == before + 1
