"""What is told of the outbox: to pages, to probes, to staff."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from oms_portal.erp import secrets
from oms_portal.erp.outbox import queries
from oms_portal.erp.outbox.models import Breaker, Command
from tests import wire
from tests.erp.peer import ROOT, Peer


def test_the_source_of_an_order_is_who_told_of_it_last(main):
    assert queries.source_of("order", "SO-1001") is None
    peer = Peer(main, secret=secrets.create(main))
    peer.send(wire.event("customer", wire.customer()))
    peer.send(wire.event("order", wire.order("SO-1001")))
    assert queries.source_of("order", "SO-1001") == main
    assert queries.source_of("customer", "SO-1001") is None


def test_an_erp_is_away_since_its_breaker_opened(main):
    assert queries.away_since("main") is None
    now = timezone.now()
    Breaker.objects.create(source=main, opened_at=now)
    assert queries.away_since("main") == now


def test_an_erp_that_nobody_tries_any_more_is_not_known_to_be_away(queue, main):
    command = queue("SO-1", state="retrying")
    long_ago = timezone.now() - timedelta(days=2)
    Breaker.objects.create(source=main, opened_at=long_ago, free_at=long_ago)
    assert queries.away_since("main") == long_ago
    Command.objects.filter(pk=command.pk).update(state="dead")
    assert queries.away_since("main") is None


def test_probes_are_told_ages_and_counts_and_no_names(queue, main, client):
    hour_ago = timezone.now() - timedelta(hours=1)
    queue("SO-1", state="retrying", queued_at=hour_ago)
    queue("SO-2", state="sent")
    queue("SO-3", state="dead")
    queue("SO-4", state="applied", queued_at=hour_ago)
    Breaker.objects.create(source=main, opened_at=timezone.now() - timedelta(minutes=2))

    answer = client.get(ROOT + "readyz")

    told = answer.json()["outbox"]
    assert answer.status_code == 200
    assert (told["waiting"], told["dead"]) == (2, 1)
    assert told["oldest_waiting_seconds"] == pytest.approx(3600, abs=30)
    assert told["away_seconds"] == pytest.approx(120, abs=30)
    assert b"SO-1" not in answer.content


@pytest.mark.django_db(transaction=True)
def test_the_worker_once_sends_what_is_due(queue, erp):
    erp.mode = "apply"
    for number in range(3):
        queue(f"SO-{number % 2}")
    queue("SO-9", at=60)

    call_command("oms_worker", "--once")

    assert Command.objects.filter(state="applied").count() == 3
    assert len(erp.heard) == 3
