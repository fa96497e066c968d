from __future__ import annotations

import pytest
from django.db import OperationalError

from oms_portal.erp import retries
from oms_portal.erp.models import InboundEvent, Record, Source
from tests import wire


def order(version=1, **changes):
    return wire.event("order", wire.order(), version, **changes)


def pending(erp, handled, **changes):
    handled.error = KeyError("x")
    erp.send(order(**changes))
    handled.error = None
    return InboundEvent.objects.latest("pk")


def test_a_pending_event_is_applied_once_it_can_be(erp, handled):
    row = pending(erp, handled)

    assert retries.retry(row.pk, row.fence)

    row.refresh_from_db()
    assert (row.state, row.problem, row.next_attempt_at) == ("applied", None, None)
    assert row.applied_at
    assert handled.versions == [1]


def test_a_late_writer_with_an_old_fence_changes_nothing(erp, handled):
    row = pending(erp, handled)
    InboundEvent.objects.update(fence=row.fence + 1)

    assert not retries.retry(row.pk, row.fence)

    assert handled.versions == []
    assert not Record.objects.exists()
    row.refresh_from_db()
    assert row.state == "pending"


def test_after_three_attempts_an_event_is_quarantined_with_its_reason(erp, handled):
    row = pending(erp, handled)
    handled.error = KeyError("SELECT 1 FROM x")

    retries.retry(row.pk, row.fence)
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("pending", 2)
    assert row.next_attempt_at

    retries.retry(row.pk, row.fence)
    row.refresh_from_db()
    assert (row.state, row.attempts, row.next_attempt_at) == ("quarantined", 3, None)
    assert "KeyError" in row.problem["detail"]
    assert "SELECT" not in str(row.problem)


def test_an_event_that_kills_its_worker_again_and_again_is_set_aside(erp, handled):
    row = pending(erp, handled)
    InboundEvent.objects.update(fence=retries.MAX_CLAIMS + 1)

    retries.retry(row.pk, retries.MAX_CLAIMS + 1)

    row.refresh_from_db()
    assert row.state == "quarantined"
    assert handled.versions == []


def test_a_right_withdrawn_meanwhile_quarantines(erp, handled):
    row = pending(erp, handled)
    Source.objects.update(all_customers=False, customers=["C2"])

    retries.retry(row.pk, row.fence)

    row.refresh_from_db()
    assert row.state == "quarantined"
    assert row.problem["status"] == 403
    assert not Record.objects.exists()


def test_a_pending_event_overtaken_by_a_newer_one_is_superseded(erp, handled):
    row = pending(erp, handled, version=1)
    erp.send(order(version=2))

    retries.retry(row.pk, row.fence)

    row.refresh_from_db()
    assert row.state == "superseded"
    assert Record.objects.get().version == 2


def test_replaying_the_newest_projects_it_again_as_the_newest(erp, handled):
    sent = order(version=3)
    erp.send(sent)

    assert erp.post(f"events/main/{sent['id']}/replay").json() == {"state": "applied"}
    assert [(m.version, m.newest) for m in handled.messages] == [(3, True), (3, True)]


def test_replaying_an_old_event_leaves_the_newest(erp, handled):
    old = order(version=1)
    erp.send(old)
    erp.send(order(version=2))

    answer = erp.post(f"events/main/{old['id']}/replay")

    assert answer.json() == {"state": "superseded"}
    assert Record.objects.get().version == 2


def test_replaying_bad_data_leaves_them_in_quarantine(erp):
    sent = {**order(), "data": {}}
    erp.send(sent)

    answer = erp.post(f"events/main/{sent['id']}/replay")

    assert answer.json()["state"] == "quarantined"
    assert answer.json()["problem"]["errors"]


def test_a_failing_replay_is_quarantined_with_its_reason(erp, handled):
    sent = order()
    erp.send(sent)
    handled.error = ValueError("x")

    answer = erp.post(f"events/main/{sent['id']}/replay")

    assert answer.json()["state"] == "quarantined"
    assert erp.state_of(sent) == "quarantined"


def test_a_database_hiccup_does_not_quarantine(erp, handled):
    sent = order()
    erp.send(sent)
    handled.error = OperationalError("server closed the connection")

    assert erp.post(f"events/main/{sent['id']}/replay").status_code == 503
    assert erp.state_of(sent) == "applied"


def test_without_its_body_an_event_can_not_be_replayed(erp):
    sent = order()
    erp.send(sent)
    InboundEvent.objects.update(body=None)

    assert erp.post(f"events/main/{sent['id']}/replay").status_code == 409


@pytest.mark.parametrize("attempts", [0, 1, 5, 1000])
def test_waits_are_spread_and_bounded(attempts):
    waits = [retries.backoff(attempts) for _ in range(50)]

    assert min(waits) >= 0
    assert max(waits) <= min(900, 5 * 2.0 ** min(attempts, 16))
    assert len(set(waits)) > 1
