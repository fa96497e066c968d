from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from oms_portal.erp.models import InboundEvent
from oms_portal.erp.pruning import prune
from tests import wire


def send(erp, version, **changes):
    event = wire.event("order", wire.order(), version, **changes)
    erp.send(event)
    return event


def age(days):
    InboundEvent.objects.update(received_at=timezone.now() - timedelta(days=days))


def test_bodies_go_after_a_month_and_the_ids_still_keep_repeats_out(erp):
    old = send(erp, 1)
    send(erp, 2)
    age(31)

    assert prune() == (1, 0)

    assert InboundEvent.objects.get(event_id=old["id"]).body is None
    assert erp.send(old).json() == {"state": "duplicate"}


def test_whole_rows_go_after_their_time(erp):
    old = send(erp, 1)
    send(erp, 2)
    age(401)

    assert prune() == (1, 1)
    assert not InboundEvent.objects.filter(event_id=old["id"]).exists()


def test_the_newest_of_a_record_and_what_is_pending_stay(erp, handled):
    newest = send(erp, 2)
    handled.error = KeyError("x")
    pending = send(erp, 3)
    age(1000)

    assert prune() == (0, 0)

    kept = InboundEvent.objects.filter(body__isnull=False)
    assert {row.event_id for row in kept} == {newest["id"], pending["id"]}


def test_young_events_stay(erp):
    send(erp, 1)
    send(erp, 2)
    age(29)

    assert prune() == (0, 0)


def test_the_site_says_how_long(erp, settings):
    settings.OMS_PORTAL = {"RAW_BODY_DAYS": 1, "EVENT_DAYS": 2}
    send(erp, 1)
    send(erp, 2)
    age(3)

    assert prune() == (1, 1)
