"""What the feed over all orders, and the timeline of each, tell of returns."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from oms_portal import live
from oms_portal.orders import feed
from oms_portal.orders.extracts import DeliveryUpdate
from oms_portal.returns import actions
from oms_portal.returns.kinds import ParcelState
from oms_portal.returns.models import Return
from oms_portal.returns.parcels import ReturnParcel
from oms_portal.returns.receipts import arrivals
from tests import factories
from tests.returns.scene import NOW, Scene, again, delivery, item, line, set_up

from .drawn import at, colleague, read, render, text


pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=3)
NOTE = {"number": "CN-7", "amount": "12.50", "currency": "EUR"}


@pytest.fixture
def scene(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Scene:
    at(monkeypatch, NOW)
    return set_up(settings, approval="agent")


def timeline(scene: Scene, order: str = "SO-1") -> str:
    html = render(scene, "order", order=order, show="history").html
    return text(html.partition('data-part="history"')[2])


def arrive(rma: Return, sequence: int = 1) -> None:
    ReturnParcel.objects.filter(rma=rma, sequence=sequence).update(arrived_at=LATER)
    arrivals.tell_all()


def decide(scene: Scene, rma: Return, verb: str, **told: Any) -> Return:
    getattr(actions, verb)(again(rma), scene.user, now=LATER, **told)
    return again(rma)


def credited(scene: Scene) -> Return:
    """Of two orders in two parcels: asked for, approved, here, settled."""
    rma = scene.send(item("2"), item("1", order="SO-2"), parcels=2)
    rma = decide(scene, rma, "approve")
    arrive(rma)
    arrive(rma, 2)
    done = {"received": "2", "accepted": "2"}, {"received": "1", "accepted": "1"}
    lines = dict(zip((line.ref for line in rma.lines.all()), done, strict=True))
    return scene.received(rma, lines=lines, credit_note=NOTE)


def test_each_step_is_told_in_the_feed_once_and_leads_to_the_return(scene: Scene) -> None:
    rma = credited(scene)
    html = render(scene, "updates").html
    told = text(html)
    for words in (
        f"Return {rma.number}: It is being reviewed.",
        f"Return {rma.number}: It was approved.",
        f"Return {rma.number}: All your parcels have reached us.",
        f"Return {rma.number}: It is settled. Credit note: CN-7 over €12.50",
    ):
        assert told.count(words) == 1, told
    assert "1 more item" in told
    assert f'href="/portal/returns/{rma.number}/"' in html


def test_the_timeline_of_each_order_tells_them_with_whose_step_it_was(scene: Scene) -> None:
    rma = credited(scene)
    for order in ("SO-1", "SO-2"):
        told = timeline(scene, order)
        assert f"Return {rma.number}: It was approved. Nov 22, 2126, 13:00 · Our service" in told
        assert "All your parcels have reached us. Nov 22, 2126, 13:00 · Our returns desk" in told
        assert f"Return {rma.number}: It is settled. Nov 22, 2126, 10:00 · Our order system" in told
        assert told.index("It was approved") < told.index("It is being reviewed")


def test_only_who_sees_the_return_reads_of_it(scene: Scene) -> None:
    rma = scene.send()
    places = {ref: factories.address(scene.company, ref) for ref in ("S1", "S2")}
    limited = colleague("viewer", ship_tos=[places["S1"]])
    assert rma.number in text(render(scene, "updates", limited).html)
    elsewhere = colleague("buyer", ship_tos=[places["S2"]])
    assert rma.number not in text(render(scene, "updates", elsewhere).html)
    scene.told(ship_to_ref="S2")
    assert rma.number not in text(render(scene, "updates", elsewhere).html)
    assert rma.number not in text(render(scene, "updates", elsewhere, number="SO-1").html)
    assert rma.number in text(render(scene, "updates", limited).html)


def test_drafts_are_told_to_nobody(scene: Scene) -> None:
    draft = scene.draft()
    assert draft.number not in read(scene, "updates") + timeline(scene)


def test_an_open_page_hears_of_a_parcel_that_arrived(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    rma = decide(scene, scene.send(parcels=2), "approve")
    for sequence, words in ((1, "1 of 2 parcels has"), (2, "All your parcels have")):
        before = live.versions([f"order:{scene.order.pk}", f"orders:{scene.company.pk}"])
        at(monkeypatch, LATER + timedelta(minutes=sequence))
        arrive(rma, sequence)
        after = live.versions(before)
        assert all(after[key] > before[key] for key in before)
        said = {str(render(scene, name, order="SO-1").say) for name in ("updates", "order")}
        assert said == {f"Return {rma.number}: {words} reached us."}


def test_parcels_that_the_worker_hears_of_at_once_are_counted_one_by_one(scene: Scene) -> None:
    rma = decide(scene, scene.send(parcels=4), "approve")
    rows = ReturnParcel.objects.filter(rma=rma)
    rows.filter(sequence=4).update(state=ParcelState.VOIDED)
    for sequence in (1, 2, 3):
        later = LATER + timedelta(minutes=sequence)
        rows.filter(sequence=sequence).update(arrived_at=later)
    arrivals.tell_all()
    told = timeline(scene)
    for words in (
        "1 of 3 parcels has reached us.",
        "2 of 3 parcels have reached us.",
        "All your parcels have reached us.",
    ):
        assert told.count(words) == 1, told
    assert "All your parcels have reached us." in read(scene, "updates")
    assert "2 of 3 parcels" not in read(scene, "updates")


def test_a_step_of_a_return_of_many_orders_is_one_update(scene: Scene) -> None:
    names = [f"SO-{n}" for n in range(11, 25)]
    for name in names:
        came = delivery(f"{name}-D1", {"L1": "3"})
        scene.told(name, lines=[line("L1", "3")], shipments=[came])
    earlier = NOW - timedelta(days=1)
    DeliveryUpdate.objects.update(occurred_at=earlier, noted_at=earlier)
    rma = scene.send(*(item("1", order=name) for name in names))
    assert feed.unread(scene.actor, earlier) == 1
    html = render(scene, "updates", size="3", tools="0").html
    assert text(html).count(rma.number) == 1 and html.count("oms-row oms-update") == 3
    assert rma.number not in text(render(scene, "updates", size="3", before=older(html)).html)
    for name in names:
        assert rma.number in timeline(scene, name)
        assert text(render(scene, "updates", number=name).html).count(rma.number) == 1


def older(html: str) -> str:
    found = re.search(r"before=(\d+\.\d+)", html)
    assert found, html
    return found[1]


def test_it_names_none_of_the_orders_that_it_is_of(scene: Scene) -> None:
    rma = scene.send()
    scene.told(customer_ref="C2", customer_reference="PO of C2")
    told = read(scene, "updates")
    assert rma.number in told and "PO of C2" not in told


def test_the_timeline_costs_one_query_more_where_there_are_returns(scene: Scene) -> None:
    counts = []
    for _round in range(3):
        render(scene, "order", order="SO-1", show="history")
        with CaptureQueriesContext(connection) as queries:
            render(scene, "order", order="SO-1", show="history")
        counts.append(len(queries))
        scene.send()
    assert counts[1] == counts[2] == counts[0] + 1
