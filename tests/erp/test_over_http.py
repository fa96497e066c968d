"""The API behind a real server: what only sockets show."""

from __future__ import annotations

import time
from functools import partial

import httpx
import pytest

from oms_portal.erp import secrets, signatures
from oms_portal.erp.models import InboundEvent
from tests import factories, wire


# A fresh server imports a lot before its first answer.
post = partial(httpx.post, timeout=60)


@pytest.fixture
def sender(transactional_db):
    source = factories.source()
    secret = secrets.create(source)

    def headers(raw):
        signed = signatures.sign(secret, "msg_1", int(time.time()), raw)
        return {**signed, "content-type": "application/json"}

    return headers


def stock(version=1):
    record = {
        "sku": "A1",
        "location_ref": "W1",
        "on_hand": "5",
        "available": "4",
        "as_of": "2026-11-20T10:00:00Z",
    }
    return wire.encode(wire.event("stock", record, version))


def test_an_acknowledged_event_outlives_a_killed_server(sender, server):
    raw = stock()
    first = post(f"{server.url}/portal/api/v1/events", content=raw, headers=sender(raw))
    server.kill()
    assert (first.status_code, first.json()) == (202, {"state": "applied"})
    assert InboundEvent.objects.get().state == "applied"

    server.start()
    url = f"{server.url}/portal/api/v1/events"

    again = post(url, content=raw, headers=sender(raw))
    assert (again.status_code, again.json()) == (200, {"state": "duplicate"})

    chunked = post(url, content=iter([raw]), headers=sender(raw))
    assert chunked.status_code == 411
    assert chunked.headers["content-type"] == "application/problem+json"

    large = b" " * 300_000
    refused = post(url, content=large, headers=sender(large))
    assert refused.status_code == 413

    batch = b"[" + stock(2) + b"]"
    taken = post(f"{url}/batch", content=batch, headers=sender(batch))
    assert taken.json()["results"][0]["state"] == "applied"

    listed = httpx.get(url, headers=sender(b""), timeout=60)
    assert len(listed.json()["events"]) == 2

    head = httpx.head(f"{server.url}/portal/api/v1/healthz", timeout=60)
    assert head.status_code == 200
