"""Many events of one order at the same instant: whatever the race, the newest stands at the end."""

from __future__ import annotations

import random
import threading
from collections import Counter

import pytest
from django.db import connections

from oms_portal.customers.models import Company
from oms_portal.erp import messages, secrets
from oms_portal.erp.messages import Handler
from oms_portal.erp.models import InboundEvent, Record
from tests import factories, wire

from .peer import Peer


THREADS = 6
VERSIONS = 24


@pytest.fixture
def peers(transactional_db, monkeypatch):
    """Several connections of one ERP, and a handler that shows the newest in a company's name."""

    def show(message):
        if message.newest:
            row, _ = Company.objects.get_or_create(ref=message.ref, defaults={"name": "0"})
            row.name = str(message.version)
            row.save()

    handler = Handler(show, lambda order: order.ref, lambda order: {order.customer_ref})
    monkeypatch.setitem(messages._handlers, "order.updated.v1", handler)
    source = factories.source()
    secret = secrets.create(source)
    return [Peer(source, secret=secret) for _ in range(THREADS)]


def race(jobs):
    ready = threading.Barrier(len(jobs))
    failures = []

    def run(job):
        try:
            ready.wait(60)
            job()
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[job]) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []


def test_the_newest_wins_whoever_comes_first(peers):
    events = [wire.event("order", wire.order(), version) for version in range(1, VERSIONS + 1)]
    random.Random(7).shuffle(events)
    states = Counter()

    def send(peer, own):
        for event in own:
            answer = peer.send(event)
            assert answer.status_code == 202, answer.content
            states[answer.json()["state"]] += 1

    race(
        [
            lambda peer=peer, own=events[at::THREADS]: send(peer, own)
            for at, peer in enumerate(peers)
        ]
    )

    assert Record.objects.get().version == VERSIONS
    assert Company.objects.get().name == str(VERSIONS)
    assert set(states) <= {"applied", "superseded"}
    assert sum(states.values()) == VERSIONS == InboundEvent.objects.count()


def test_the_same_event_sent_by_all_at_once_is_applied_once(peers):
    event = wire.event("order", wire.order())
    answers = []

    race([lambda peer=peer: answers.append(peer.send(event)) for peer in peers])

    assert sorted(answer.status_code for answer in answers) == [200] * (THREADS - 1) + [202]
    assert InboundEvent.objects.count() == 1


def test_one_id_with_different_contents_is_taken_once(peers):
    events = [wire.event("order", wire.order(), version, id="e-1") for version in range(THREADS)]
    answers = []

    race(
        [
            lambda peer=peer, event=event: answers.append(peer.send(event))
            for peer, event in zip(peers, events, strict=True)
        ]
    )

    assert sorted(answer.status_code for answer in answers) == [202] + [409] * (THREADS - 1)
    kept = InboundEvent.objects.get()
    assert f'"version": {Record.objects.get().version}'.encode() in bytes(kept.body)
