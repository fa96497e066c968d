"""What waits at the desk: which return is in which queue, until when, and in what order."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from oms_portal.changes.moving import By
from oms_portal.returns import moving
from oms_portal.returns.kinds import ParcelState, ReturnState
from oms_portal.returns.models import Return, ReturnableLine
from oms_portal.returns.parcels import ReturnParcel
from oms_portal.returns.receipts.models import Receipt
from oms_portal.returns.receipts.waiting import queues
from oms_portal.returns.receipts.waiting.clocks import due_of, timed
from oms_portal.returns.receipts.waiting.queues import QUEUES
from tests.returns.parcels import approved, parcel_of


pytestmark = pytest.mark.django_db

S, P = ReturnState, ParcelState


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def rma(db: None) -> Return:
    return approved(parcels=2)


def become(rma: Return, state: str, **columns: Any) -> Return:
    Return.objects.filter(pk=rma.pk).update(state=state, **columns)
    rma.refresh_from_db()
    return rma


def bring(rma: Return, sequence: int = 1, **columns: Any) -> None:
    ReturnParcel.objects.filter(rma=rma, sequence=sequence).update(**columns)


def inside(rma: Return, now: datetime) -> set[str]:
    """The queues it is in, as their rows and as their counts have it."""
    found = {code for code, queue in QUEUES.items() if queue.rows(now).filter(pk=rma.pk).exists()}
    assert found == {code for code, count in queues.counts(now).items() if count}
    return found - {"all"}


def test_a_wish_waits_for_approval_and_a_question_for_its_answer(rma: Return, now: datetime):
    assert inside(rma, now) == set()
    assert inside(become(rma, S.IN_REVIEW), now) == {"approve"}
    assert inside(become(rma, S.INFO_NEEDED), now) == {"info_needed"}


def test_what_is_over_waits_for_nobody(rma: Return, now: datetime):
    become(rma, S.CLOSED)
    assert queues.counts(now) == dict.fromkeys(QUEUES, 0)


def test_a_parcel_that_is_due_today_or_late_is_expected_until_it_is_here(
    rma: Return, now: datetime
):
    become(rma, S.IN_TRANSIT)
    today = timezone.localdate(now)
    for days, expected in ((0, True), (-1, True), (-7, True), (-8, False), (1, False)):
        bring(rma, state=P.IN_TRANSIT, due_on=today + timedelta(days=days))
        assert ("today" in inside(rma, now)) is expected, days
    bring(rma, due_on=today, arrived_at=now)
    assert "today" not in inside(rma, now)


def test_goods_on_their_way_to_the_customer_are_expected_by_nobody(rma: Return, now: datetime):
    become(rma, S.IN_TRANSIT)
    bring(rma, state=P.IN_TRANSIT, due_on=timezone.localdate(now), outward=True)
    bring(rma, 2, state=P.DELIVERED, outward=True)
    assert inside(rma, now) == set()


def test_what_a_carrier_brought_and_nobody_scanned_is_looked_for(rma: Return, now: datetime):
    become(rma, S.IN_TRANSIT)
    bring(rma, state=P.DELIVERED)
    assert inside(rma, now) == {"unscanned"}
    bring(rma, arrived_at=now)
    assert inside(rma, now) == set()


def test_what_is_here_waits_to_be_inspected_until_it_is_decided(rma: Return, now: datetime):
    become(rma, S.IN_TRANSIT)
    Receipt.objects.create(rma=rma, arrived_at=now)
    assert inside(rma, now) == {"inspect"}
    Receipt.objects.update(counted_at=now, decided_at=now)
    assert inside(become(rma, S.RECEIVED), now) == set()


def test_goods_that_the_erp_alone_received_wait_as_well(rma: Return, now: datetime):
    become(rma, S.RECEIVED, received_at=now)
    assert inside(rma, now) == {"inspect"}


def test_what_the_erp_refused_and_what_is_too_much_have_queues_of_their_own(
    rma: Return, now: datetime
):
    become(rma, S.RECEIVED)
    Receipt.objects.create(rma=rma, decided_at=now, refused=True)
    assert inside(rma, now) == {"refused"}
    Receipt.objects.update(refused=False)
    ReturnableLine.objects.update(over_by=1)
    assert inside(rma, now) == {"over"}


HOURS = {"approve": 1, "answer": 2, "send": 3, "inspect": 4}
WAITS: dict[str, tuple[str, dict[str, Any]]] = {
    "approve": (S.IN_REVIEW, {"submitted_at": 0}),
    "answer": (S.INFO_NEEDED, {"submitted_at": 0}),
    "send": (S.IN_TRANSIT, {"submitted_at": -9, "approved_at": -9, "scanned_at": 0}),
    "inspect": (S.RECEIVED, {"submitted_at": -9, "received_at": 0}),
}


@pytest.mark.parametrize("clock", HOURS)
def test_it_is_overdue_when_the_hours_of_its_wait_are_over(
    rma: Return, now: datetime, settings: Any, clock: str
):
    settings.OMS_PORTAL = {"RETURN_DESK_HOURS": HOURS}
    state, began = WAITS[clock]
    become(rma, state, **{name: now + timedelta(hours=n) for name, n in began.items()})
    due = now + timedelta(hours=HOURS[clock])
    found = due_of(timed(Return.objects.all()).get())
    assert found is not None and abs(found - due) < timedelta(seconds=1)
    assert "overdue" not in inside(rma, due - timedelta(seconds=1))
    assert "overdue" in inside(rma, due + timedelta(seconds=1))


def test_goods_that_are_here_run_by_the_clock_of_the_desk_alone(
    rma: Return, now: datetime, settings: Any
):
    settings.OMS_PORTAL = {"RETURN_DESK_HOURS": HOURS}
    become(rma, S.PARTLY_RECEIVED, scanned_at=now - timedelta(days=9))
    receipt = Receipt.objects.create(rma=rma, arrived_at=now)
    assert inside(rma, now) == {"inspect"}
    assert inside(rma, now + timedelta(hours=5)) == {"inspect", "overdue"}
    receipt.decided_at = now
    receipt.save()
    # The rest of it is still on its way, and has been for long.
    assert inside(rma, now) == {"overdue"}


def test_the_wait_for_an_answer_begins_with_the_question(rma: Return, now: datetime, settings: Any):
    settings.OMS_PORTAL = {"RETURN_DESK_HOURS": HOURS}
    become(rma, S.INFO_NEEDED, submitted_at=now - timedelta(days=2))
    assert "overdue" in inside(rma, now)
    moving.record(rma, "ask", By("staff"), now, {}, {})
    assert "overdue" not in inside(rma, now)


def test_what_is_due_first_comes_first_whatever_it_waits_for(
    rma: Return, now: datetime, settings: Any
):
    settings.OMS_PORTAL = {"RETURN_DESK_HOURS": HOURS}
    arrived = become(approved(order="SO-2"), S.RECEIVED, received_at=now)
    wish = become(approved(order="SO-3"), S.IN_REVIEW, submitted_at=now - timedelta(minutes=5))
    asked = become(approved(order="SO-4"), S.INFO_NEEDED, submitted_at=now)
    everything = QUEUES["all"]
    assert list(everything.ordered(everything.rows(now))) == [wish, asked, arrived, rma]


def test_the_oldest_wish_is_approved_first(rma: Return, now: datetime):
    become(rma, S.IN_REVIEW, submitted_at=now)
    older = become(approved(order="SO-2"), S.IN_REVIEW, submitted_at=now - timedelta(hours=1))
    queue = QUEUES["approve"]
    assert list(queue.ordered(queue.rows(now))) == [older, rma]


def test_all_queues_are_counted_by_one_query_and_no_further_than_need_be(
    rma: Return, now: datetime, django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
):
    become(rma, S.IN_REVIEW)
    for number in range(2, 5):
        become(approved(order=f"SO-{number}"), S.IN_REVIEW)
    monkeypatch.setattr(queues, "MOST", 2)
    with django_assert_num_queries(1):
        assert queues.counts(now)["approve"] == 3
    Return.objects.all().update(state=S.DRAFT)
    assert set(queues.counts(now).values()) == {0}


def test_a_parcel_of_two_is_enough_to_be_looked_for_once(rma: Return, now: datetime):
    become(rma, S.IN_TRANSIT)
    for sequence in (1, 2):
        bring(rma, sequence, state=P.DELIVERED)
    assert queues.counts(now)["unscanned"] == 1
    assert parcel_of(rma).arrived_at is None
