"""Reading the feed: pages, kinds, one order, what belongs together, for whom."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from oms_portal.customers.access import Actor, actor_for
from oms_portal.orders import feed, visits
from oms_portal.orders.extracts import DeliveryUpdate
from oms_portal.orders.feed import Entry, Kinds
from oms_portal.orders.models import Order
from oms_portal.orders.personal import Visit
from oms_portal.orders.queries import list_topic
from tests import factories, wire


pytestmark = pytest.mark.django_db
BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


@pytest.fixture
def reader() -> Actor:
    return actor_for(factories.person(company=factories.customer("C1")))


def put(order: Order, minutes: int, kind: str = "on_hold", **changes: object) -> DeliveryUpdate:
    values = {"data": {"fact": kind}, "trouble": kind == "on_hold", **changes}
    return DeliveryUpdate.objects.create(
        order=order,
        company=order.company,
        ship_to_ref=order.ship_to_ref,
        key=f"{minutes}.{kind}.{values['data']}",
        kind=kind,
        occurred_at=START + timedelta(minutes=minutes),
        **values,
    )


def bare(ref: str = "SO-1", customer_ref: str = "C1", **changes: object) -> Order:
    order: Order = factories.order(ref, customer_ref, **changes)
    order.updates.all().delete()
    return order


def read(actor: Actor, size: int = 20, *args: object) -> tuple[Entry, ...]:
    return feed.page_of(actor, size, *args, zone=BERLIN).entries


def test_pages_follow_each_other_without_a_gap_or_a_repetition(reader: Actor) -> None:
    order, other = bare(), bare("SO-2")
    for minute in range(9):
        put(order if minute % 2 else other, minute * 200)
        put(order if minute % 2 else other, minute * 200, "released")
    seen: list[tuple[object, str]] = []
    before = ""
    for _ in range(6):
        page = feed.page_of(reader, 3, before, zone=BERLIN)
        seen += [(entry.at, entry.kind) for entry in page.entries]
        before = page.next
    assert before == "" and len(seen) == len(set(seen)) == 18
    assert [at for at, _ in seen] == sorted((at for at, _ in seen), reverse=True)


def test_parcels_scanned_together_are_one_entry(reader: Actor) -> None:
    order = bare()
    for number in range(3):
        put(order, number, "out_for_delivery", data={"number": f"T{number}"})
    put(order, 24 * 60, "out_for_delivery", data={"number": "T1"})
    assert [len(entry.parts) for entry in read(reader)] == [1, 3]


def test_kinds_and_an_order_narrow_it(reader: Actor) -> None:
    order, other = bare(), bare("SO-2")
    put(order, 1), put(order, 2, "delivered"), put(other, 3, "dispatched")

    def of(kinds: Kinds, number: str = "") -> list[str]:
        return [entry.kind.value for entry in read(reader, 20, "", kinds, number)]

    assert of(Kinds.ALL) == ["dispatched", "delivered", "on_hold"]
    assert of(Kinds.ARRIVALS) == ["delivered"]
    assert of(Kinds.TROUBLE) == ["on_hold"]
    assert of(Kinds.DISPATCHED) == ["dispatched"]
    assert of(Kinds.ALL, "SO-2") == ["dispatched"]
    assert of(Kinds.ALL, "SO-404") == []


def test_nobody_reads_of_another_company_or_place(reader: Actor) -> None:
    put(bare(), 1), put(bare("SO-2", ship_to_ref="S2"), 2), put(bare("SO-9", "C9"), 3)
    assert [entry.order.number for entry in read(reader)] == ["SO-2", "SO-1"]
    plant = factories.address(factories.company("C1"), "S2")
    limited = factories.person("s2@c1.example", factories.company("C1"), ship_tos=[plant])
    assert [entry.order.number for entry in read(actor_for(limited))] == ["SO-2"]
    assert read(actor_for(limited), 20, "", Kinds.ALL, "SO-1") == ()


def test_several_companies_merge_by_time(reader: Actor) -> None:
    child = factories.company("C3", parent=factories.company("C1"))
    put(bare(), 1), put(bare("SO-3", child.ref), 2), put(bare("SO-1b"), 3)
    wide = factories.person("w@c1.example", factories.company("C1"), include_subsidiaries=True)
    numbers = [entry.order.number for entry in read(actor_for(wide))]
    assert numbers == ["SO-1b", "SO-3", "SO-1"]


def test_a_page_is_one_query(reader: Actor) -> None:
    order = bare()
    for minute in range(30):
        put(order, minute * 300)
    with CaptureQueriesContext(connection) as queries:
        read(reader)
    assert len(queries) == 1


def test_the_last_change_is_news_once(reader: Actor) -> None:
    topic = list_topic(factories.company("C1").pk)
    factories.order("SO-1", "C1", lines=wire.on_time())
    found = feed.newest(reader, topic)
    assert found is not None and found.kind == "confirmed"
    DeliveryUpdate.objects.update(noted_at=timezone.now() - timedelta(minutes=1))
    factories.order("SO-1", "C1", 2, lines=wire.on_time(), placed_by="Somebody")
    assert feed.newest(reader, topic) is None


# Visits


def test_what_came_since_the_last_visit_is_new_until_the_next() -> None:
    user, company = factories.person(), factories.company("C1")
    first = timezone.now()

    def after(**span: int) -> datetime:
        return visits.visit(user.pk, company.pk, first + timedelta(**span))

    assert after() == first
    assert after(minutes=20) == after(minutes=45) == first
    assert after(hours=3) == first + timedelta(minutes=45)
    assert after(hours=3, minutes=10) == first + timedelta(minutes=45)
    visits.read_all(user.pk, company.pk, first + timedelta(hours=4))
    assert after(hours=4, minutes=5) == first + timedelta(hours=4)
    assert Visit.objects.count() == 1


def test_only_the_newest_hundred_are_looked_through_for_what_is_new(reader: Actor) -> None:
    order = bare()
    for minute in range(feed.MANY + 5):
        put(order, minute)
    assert feed.unread(reader, START) == feed.MANY
    assert feed.unread(reader, timezone.now() + timedelta(hours=1)) == 0
