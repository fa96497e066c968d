"""The portal takes the lives of some orders in by batches; a bare loop writes the same rows.

DATABASE_URL says where.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from itertools import count
from typing import Any

import django
from django.core.management import call_command
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from benchmarks.meter import cpu_ms, serve


LIVES = 50
BATCH = 100
POSTS = 30
KEY = b"a secret of the benchmark, 32 B."
_ids = count(1)


def lives() -> Iterator[dict[str, Any]]:
    """The events of LIVES orders: placed, sent off, scanned on the way and delivered."""
    from tests import wire

    def lines(**quantities: str) -> list[dict[str, Any]]:
        return [wire.line(f"L{n}", quantities=quantities) for n in (1, 2, 3)]

    refs = [f"B-{next(_ids)}" for _ in range(LIVES)]
    for ref in refs:
        yield wire.event("order", wire.order(ref, lines=lines()))
    for ref in refs:
        parcel = {"tracking_number": f"T-{ref}", "lines": [{"line_ref": "L1", "quantity": "10"}]}
        sent = wire.shipment(f"D-{ref}", packages=[parcel])
        record = wire.order(ref, lines=lines(shipped="10"), shipments=[sent])
        yield wire.event("order", record, 2)
    for ref in refs:
        scan = wire.scan(f"s-{ref}", tracking_number=f"T-{ref}")
        record = wire.tracking(scan, tracking_number=f"T-{ref}")
        yield wire.event("tracking", record, 3)
    for ref in refs:
        parcel = {"tracking_number": f"T-{ref}", "lines": [{"line_ref": "L1", "quantity": "10"}]}
        done = wire.shipment(f"D-{ref}", "delivered", packages=[parcel])
        done["delivered_at"] = "2026-11-21T10:00:00Z"
        record = wire.order(ref, lines=lines(shipped="10", delivered="10"), shipments=[done])
        yield wire.event("order", record, 4)


def signed(body: bytes) -> dict[str, str]:
    """The headers of Standard Webhooks, as the test client wants them."""
    identity, stamp = f"msg-{next(_ids)}", str(int(time.time()))
    digest = hmac.digest(KEY, f"{identity}.{stamp}.".encode() + body, hashlib.sha256)
    return {
        "webhook-id": identity,
        "webhook-timestamp": stamp,
        "webhook-signature": "v1," + base64.b64encode(digest).decode(),
    }


def fresh_lives() -> list[bytes]:
    return [json.dumps(event).encode() for event in lives()]


def batches() -> float:
    """Events per second by POST events/batch, each item committed on its own."""
    from django.test import Client

    events = fresh_lives()
    bodies = [
        b"[" + b",".join(events[at : at + BATCH]) + b"]" for at in range(0, len(events), BATCH)
    ]
    client = Client()
    clear()
    heads = [signed(body) for body in bodies]
    started = time.perf_counter()
    answers = [
        client.post(f"{API}/batch", body, content_type=JSON, headers=head)
        for body, head in zip(bodies, heads, strict=True)
    ]
    seconds = time.perf_counter() - started
    states = {result["state"] for answer in answers for result in answer.json()["results"]}
    assert states == {"applied"}, states
    return len(events) / seconds


def bare_loop() -> float:
    """Events per second of the loop that writes the same rows."""
    rows = same_rows()
    clear()
    started = time.perf_counter()
    for writes in rows:
        write(writes)
    return len(rows) / (time.perf_counter() - started)


@cache
def same_rows() -> list[Writes]:
    from oms_portal.erp.inbox import receive
    from oms_portal.erp.models import Source

    source = Source.objects.get()
    clear()
    found = list(capture(lambda raw=raw: receive(source, raw) for raw in fresh_lives()))
    clear()
    return found


def post() -> float:
    """CPU of one POST events, a new order each time."""
    from tests import wire

    clear()
    return _posts(API, lambda: wire.event("order", wire.order(f"B-{next(_ids)}")), 202)


def bare_view() -> float:
    from tests import wire

    clear()
    return _posts(BARE, lambda: wire.event("order", wire.order(f"B-{next(_ids)}")), 202)


def _posts(url: str, event: Callable[[], dict[str, Any]], expected: int) -> float:
    from django.test import Client

    client = Client()
    bodies = [json.dumps(event()).encode() for _ in range(POSTS)]
    sent = iter([(body, signed(body)) for body in bodies])

    def send() -> None:
        body, head = next(sent)
        answer = client.post(url, body, content_type=JSON, headers=head)
        assert answer.status_code == expected, answer.content

    return cpu_ms(send, POSTS)


def bare_api() -> Any:
    """A django-ninja view as short as it can be: the signature, then the body in a row."""
    from ninja import NinjaAPI

    from oms_portal.erp.models import InboundEvent

    api = NinjaAPI(urls_namespace="bare")

    @api.post("events", response={202: dict})
    def take(request: HttpRequest) -> tuple[int, dict[str, str]] | HttpResponse:
        heads = request.headers
        message = f"{heads['webhook-id']}.{heads['webhook-timestamp']}.".encode() + request.body
        digest = hmac.digest(KEY, message, hashlib.sha256)
        expected = "v1," + base64.b64encode(digest).decode()
        if not hmac.compare_digest(expected, heads["webhook-signature"]):
            return HttpResponse(status=401)
        InboundEvent.objects.create(
            source_id=SOURCE,
            event_id=heads["webhook-id"],
            type="",
            occurred_at=datetime.now(UTC),
            body=request.body,
            body_digest=hashlib.sha256(request.body).hexdigest(),
            state="pending",
        )
        return 202, {"state": "pending"}

    return api


def prepare() -> int:
    """The tables, a company and a source with KEY as its secret; the source's key."""
    from oms_portal.erp import secrets, signatures
    from tests import factories

    call_command("migrate", verbosity=0)
    factories.address(factories.company())
    source = factories.source()
    secrets.create(source, signatures.encode(KEY))
    return source.pk


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.site.settings")
    django.setup()

    from django.test.utils import override_settings

    from benchmarks.peers.rows import Writes, capture, clear, write

    SOURCE = prepare()
    API, BARE, JSON = "/portal/api/v1/events", "/bare/events", "application/json"
    urlpatterns = [
        path("bare/", bare_api().urls),
        path("", include("tests.site.urls")),
    ]
    with override_settings(ROOT_URLCONF=__name__, OMS_PORTAL={"EVENTS_PER_MINUTE": 10**9}):
        serve({"batches": batches, "bare loop": bare_loop, "post": post, "bare view": bare_view})
