"""Whatever people, the ERP and the clock do in whatever order: the count of open requests is right,
each request has one state for each of its events, and the ERP hears of each command once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as budget
from hypothesis import strategies as st

from oms_portal.changes import actions
from oms_portal.changes.models import OPEN, ChangeRequest
from oms_portal.changes.refusals import Refused
from oms_portal.erp.outbox import actions as outbox
from oms_portal.erp.outbox.models import Command
from oms_portal.erp.outbox.moves import move
from oms_portal.orders.models import Order

from .scene import LATE, NOW, Scene, delivery, set_up


pytestmark = pytest.mark.django_db

OFFER = {"requested": {"from": "2126-12-05"}}
HEARD: list[dict[str, Any]] = [
    {"state": "sent"},
    {"state": "retrying"},
    {"state": "retrying", "uncertain": True},
    {"state": "accepted"},
    {"state": "applied"},
    {"state": "rejected", "code": "E1"},
    {"state": "countered", "counter": OFFER},
    {"state": "countered", "counter": ["?"]},
    {"state": "dead"},
]
PEOPLE = ("submit", "withdraw", "accept", "decline")
STAFF = ("approve", "counter", "reject", "retry")
STEPS = st.one_of(
    st.tuples(st.just("begin"), st.sampled_from(["Gate 1", "Gate 2"]), st.booleans()),
    st.tuples(st.just("verb"), st.sampled_from(PEOPLE + STAFF), st.integers(0, 3)),
    st.tuples(st.just("erp"), st.sampled_from(HEARD), st.integers(0, 3)),
    st.tuples(st.just("outbox"), st.sampled_from(["replay", "abandon"]), st.integers(0, 3)),
    st.tuples(st.just("clock"), st.sampled_from([timedelta(0), LATE]), st.none()),
    st.tuples(st.just("told"), st.sampled_from(["planned", "packed"]), st.booleans()),
)


@pytest.fixture
def scene(settings: Any) -> Scene:
    return set_up(settings)


@budget(
    max_examples=40,
    phases=[Phase.explicit, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(walk=st.lists(STEPS, min_size=3, max_size=12))
def test_open_requests_are_counted_right_after_any_walk(
    scene: Scene, walk: list[tuple[str, Any, Any]]
) -> None:
    with transaction.atomic():
        scene.version = 1
        for kind, what, how in walk:
            with suppress(Refused), transaction.atomic():
                take(scene, kind, what, how)
            check(scene)
        transaction.set_rollback(True)


def take(scene: Scene, kind: str, what: Any, how: Any) -> None:
    """One step of a walk. A step that finds nothing to be about is none."""
    if kind == "begin":
        scene.begin(requested={"instructions": what}, check_first=how)
    elif kind == "clock":
        actions.expire(NOW + what)
    elif kind == "told":
        place = {**scene.order.delivery_address, "instructions": "Gate 1" if how else ""}
        scene.told(lines=[], shipments=[delivery(status=what)], delivery_address=place)
    elif kind == "verb":
        for request in nth(ChangeRequest.objects.order_by("pk"), how):
            carry_out(scene, what, request)
    else:
        for command in nth(Command.objects.order_by("pk"), how):
            if kind == "erp":
                move(command.pk, **what)
            elif what == "replay":
                outbox.replay(command.pk)
            else:
                outbox.abandon(command.pk, "by hand")


def carry_out(scene: Scene, verb: str, request: ChangeRequest) -> None:
    if verb == "counter":
        actions.counter_by_staff(request, scene.user, now=NOW, counter=OFFER)
    elif verb == "reject":
        actions.reject(request, scene.user, now=NOW, reason="No")
    else:
        getattr(actions, verb)(request, scene.user, now=NOW)


def nth(rows: Any, index: int) -> Iterator[Any]:
    yield from rows[index : index + 1]


def check(scene: Scene) -> None:
    requests = list(ChangeRequest.objects.prefetch_related("events"))
    counted = sum(request.state in OPEN for request in requests)
    assert Order.objects.get().changes_open == counted
    for request in requests:
        # By their own order: the ERP's answers are told by the real clock.
        events = sorted(request.events.all(), key=lambda event: event.pk)
        assert request.version == len(events)
        assert events[-1].state == request.state
        assert (request.closed_at is None) == (
            request.state not in ("applied", "rejected", "withdrawn", "expired")
        )
    # A command that is still to be sent belongs to a request that waits for it.
    waiting = Command.objects.filter(state="queued", uncertain=False)
    for command in waiting:
        assert [r.state for r in command.change_requests.all()] == ["submitted"]
