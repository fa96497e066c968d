"""The inbox as staff use it: what is wrong, what would change, and once more."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from wagtail.models import ModelLogEntry

from oms_portal.erp import inbox
from oms_portal.erp.models import InboundEvent
from oms_portal.orders.models import Order
from tests import factories, wire

from .conftest import client_of, staff


pytestmark = pytest.mark.django_db
State = InboundEvent.State


def bad(ref: str = "SO-1001", version: int = 5, **changes: Any) -> InboundEvent:
    """An event in quarantine: its lines are no lines."""
    record = wire.order(ref, **changes)
    record["lines"][0]["quantities"]["ordered"] = "many"
    factories.deliver("order", record, version, expect="quarantined")
    return InboundEvent.objects.latest("pk")


def mend(event: InboundEvent) -> None:
    """As if what was wrong with the event had been put right on our side."""
    payload = json.loads(bytes(event.body or b""))
    payload["data"]["order"]["lines"][0]["quantities"]["ordered"] = "12"
    InboundEvent.objects.filter(pk=event.pk).update(body=wire.encode(payload))


def page(client: Any, event: InboundEvent) -> str:
    return client.get(f"/admin/oms/inbox/inspect/{event.pk}/").content.decode()


@pytest.fixture
def replayer(site: Any) -> Any:
    return client_of(staff("desk@shop.example", "view_inboundevent", "replay_inboundevent"))


def test_who_comes_in_is_shown_the_quarantine_if_something_is_in_it(reader):
    factories.order()
    assert reader.get("/admin/oms/inbox/").status_code == 200

    event = bad()
    landed = reader.get("/admin/oms/inbox/", follow=True)

    assert landed.redirect_chain == [("/admin/oms/inbox/?state=quarantined", 302)]
    assert event.event_id in landed.content.decode()
    assert landed.content.decode().count("/oms/inbox/inspect/") == 1


def test_the_quarantine_can_be_left(reader):
    bad()

    assert reader.get("/admin/oms/inbox/?state=").status_code == 200


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("state=applied", {"SO-1", "SO-2"}),
        ("state=quarantined", {"SO-3"}),
        ("type=order.updated.v1", {"SO-1", "SO-2", "SO-3"}),
        ("type=stock.updated.v1", set()),
        ("subject=SO-2", {"SO-2"}),
        ("q=SO-2", {"SO-2"}),
        ("q=o-1", {"SO-1"}),
        ("q=nothing", set()),
        ("received_at_from=2100-01-01", set()),
        ("received_at_to=2100-01-01", {"SO-1", "SO-2", "SO-3"}),
    ],
)
def test_events_are_found(reader, asked, found):
    factories.order("SO-1")
    factories.order("SO-2")
    bad("SO-3")

    listed = reader.get(f"/admin/oms/inbox/?{asked}").content.decode()

    cells = re.findall(r"<td[^>]*>\s*(SO-\d)\s*</td>", listed)
    assert set(cells) == found


def test_the_page_of_an_event_says_what_is_wrong_and_where(reader):
    factories.order()
    shown = page(reader, bad())

    assert "/data/order/lines/0/quantities/ordered" in shown
    assert "in quarantine" in shown


def test_the_difference_shows_what_an_event_would_change(reader):
    factories.order()
    shown = page(reader, bad(customer_reference="PO-99"))

    assert "would change" in shown
    assert "order.customer_reference" in shown
    assert "PO-77" in shown and "PO-99" in shown
    assert "order.lines[L1].quantities.ordered" in shown
    assert "order.currency" not in shown


def test_the_difference_of_an_applied_event_is_to_the_one_before_it(reader):
    factories.order(customer_reference="PO-1")
    factories.order(version=2, customer_reference="PO-2")
    second = InboundEvent.objects.latest("pk")
    factories.order(version=3, customer_reference="PO-3")

    shown = page(reader, second)

    assert "What it changed" in shown
    assert "PO-1" in shown and "PO-2" in shown
    assert "PO-3" not in shown


def test_another_record_under_the_same_subject_is_no_comparison(reader):
    factories.deliver("order", wire.order("SO-1"), subject="batch")
    factories.deliver("order", wire.order("SO-2"), subject="batch")

    shown = page(reader, InboundEvent.objects.latest("pk"))

    assert "Nothing was told of this record before it" in shown


def test_replay_applies_an_event_that_can_be_applied_now(replayer):
    factories.order()
    event = bad()
    mend(event)

    answer = replayer.post(f"/admin/oms/inbox/replay/{event.pk}/", follow=True)

    assert "it is now: applied" in answer.content.decode()
    event.refresh_from_db()
    assert event.state == State.APPLIED
    assert Order.objects.get(ref="SO-1001").version == 5


def test_two_who_replay_at_once_do_no_harm(replayer):
    factories.order()
    event = bad()
    mend(event)

    for _ in range(2):
        replayer.post(f"/admin/oms/inbox/replay/{event.pk}/")

    order = Order.objects.get(ref="SO-1001")
    assert (order.version, order.lines.count()) == (5, 1)
    event.refresh_from_db()
    assert event.state == State.APPLIED


def test_a_replay_is_written_down(replayer):
    event = bad()

    replayer.post(f"/admin/oms/inbox/replay/{event.pk}/")

    entry = ModelLogEntry.objects.get(action="oms_portal.replay")
    assert entry.user.email == "desk@shop.example"
    assert entry.data == {"state": "quarantined"}
    assert entry.message == "Replayed; it came out as: quarantined"


def test_an_event_that_was_outdone_is_not_offered_and_stays_as_it_is(replayer):
    factories.order(customer_reference="PO-1")
    old = InboundEvent.objects.latest("pk")
    factories.order(version=2, customer_reference="PO-2")
    new = InboundEvent.objects.latest("pk")

    assert ">Replay<" not in page(replayer, old) and "would change nothing" in page(replayer, old)
    assert ">Replay<" in page(replayer, new) and "would change nothing" not in page(replayer, new)
    listed = replayer.get("/admin/oms/inbox/?state=").content.decode()
    assert f'name="id" form="oms-replay" value="{new.pk}"' in listed
    assert f'name="id" form="oms-replay" value="{old.pk}"' not in listed

    answer = replayer.post(f"/admin/oms/inbox/replay/{old.pk}/", follow=True)
    assert "would change nothing" in answer.content.decode()
    old.refresh_from_db()
    assert old.state == State.APPLIED
    replayer.post(f"/admin/oms/inbox/replay/{new.pk}/")
    new.refresh_from_db()
    assert new.state == State.APPLIED
    assert Order.objects.get(ref="SO-1001").customer_reference == "PO-2"


def test_an_event_whose_body_is_gone_offers_no_replay_and_says_why(replayer):
    factories.order()
    event = InboundEvent.objects.latest("pk")
    InboundEvent.objects.filter(pk=event.pk).update(body=None)

    assert "no longer kept" in page(replayer, event)
    assert ">Replay<" not in page(replayer, event)
    answer = replayer.post(f"/admin/oms/inbox/replay/{event.pk}/", follow=True)
    assert "no longer kept" in answer.content.decode()


def test_marked_events_are_replayed_each_for_itself(replayer):
    factories.order("SO-1")
    factories.order("SO-2")
    first, second = bad("SO-1"), bad("SO-2")
    mend(first)

    marked = {"id": [first.pk, second.pk, "x", "99999999999999999999"], "next": "//evil.example/"}
    answer = replayer.post("/admin/oms/inbox/replay/", marked, follow=True)

    assert answer.redirect_chain[0][0] == "/admin/oms/inbox/"
    text = answer.content.decode()
    assert "1 event was replayed: applied." in text
    assert "1 event was replayed: in quarantine." in text
    assert Order.objects.get(ref="SO-1").version == 5
    assert Order.objects.get(ref="SO-2").version == 1


HOSTILE = "</pre><script>alert(1)</script>\u202eexe.gnp<img src=x onerror=alert(2)>"


def test_hostile_texts_are_inert(reader):
    factories.order("SO-1", customer_reference=HOSTILE)
    factories.deliver(
        "order", wire.order("SO-1", customer_reference="mild"), 2, id=HOSTILE, subject="SO-1"
    )
    for url in ("/admin/oms/inbox/?state=", "/admin/oms/inbox/?q=SO-1"):
        assert_inert(reader.get(url).content.decode())
    for event in InboundEvent.objects.all():
        assert_inert(page(reader, event))


def assert_inert(shown: str) -> None:
    assert "<script>alert" not in shown
    assert "<img src=x" not in shown
    assert "\u202e" not in shown


def kept(record: dict[str, Any], version: int) -> InboundEvent:
    """An event that was applied, as it is kept; the page reads nothing else of it."""
    now = timezone.now()
    return InboundEvent.objects.create(
        source=factories.source(), event_id=f"e{version}", type="order.updated.v1",
        subject=record["ref"], occurred_at=now, received_at=now, state=State.APPLIED,
        body=wire.encode(wire.event("order", record, version)), body_digest="",
    )  # fmt: skip


def test_half_a_megabyte_of_json_is_shown_in_part_and_given_as_a_file(reader):
    lines = [wire.line(f"L{n}") for n in range(1, 1500)]
    moved = [line | {"description": "x" * 20} for line in lines]
    kept(wire.order("SO-1", lines=lines), version=1)
    event = kept(wire.order("SO-1", lines=moved), version=2)
    assert len(event.body) > 400_000

    shown = page(reader, event)

    assert len(shown) < 400_000
    assert "Only the first 200 fields are shown" in shown
    assert "Only the beginning is shown" in shown
    file = reader.get(f"/admin/oms/inbox/raw/{event.pk}/")
    assert file.content == bytes(event.body)
    assert file["X-Content-Type-Options"] == "nosniff"
    assert file["Content-Disposition"].startswith("attachment")


def test_what_is_no_json_is_shown_as_it_came(reader):
    factories.order()
    event = InboundEvent.objects.latest("pk")
    InboundEvent.objects.filter(pk=event.pk).update(body=b"\xff\xfe no json <b>")

    assert "no json &lt;b&gt;" in page(reader, event)


def test_the_list_reads_no_bodies_and_as_much_for_many_as_for_few(
    reader, django_assert_max_num_queries
):
    source = factories.source()
    now = timezone.now()
    InboundEvent.objects.bulk_create(
        InboundEvent(
            source=source,
            event_id=f"e{n}",
            type="order.updated.v1",
            subject=f"SO-{n}",
            occurred_at=now,
            received_at=now - timedelta(seconds=n),
            body=b"{}",
            body_digest="",
            state=State.APPLIED,
        )
        for n in range(300)
    )
    with django_assert_max_num_queries(20) as asked:
        listed = reader.get("/admin/oms/inbox/?state=applied")
    assert listed.content.decode().count("/oms/inbox/inspect/") == 50
    assert not any('"body"' in query["sql"] for query in asked.captured_queries)


def test_an_event_still_says_what_it_says_when_its_source_is_unknown_to_the_order(reader):
    outcome = inbox.receive(factories.source(), wire.encode(wire.event("stock", {"sku": "A"})))
    event = InboundEvent.objects.get(event_id=outcome.event_id)

    assert event.event_id in page(reader, event)
