"""What an order tells of its returns once the ERP says that it is another company's, or went to
another place: they stay with those who asked for them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from oms_portal.customers.access import Actor, actor_for
from oms_portal.orders.extracts import DeliveryUpdate
from oms_portal.orders.models import Order
from oms_portal.returns import actions
from oms_portal.returns.eligible import offer
from tests import factories
from tests.returns.scene import NOW, Scene, again, item, set_up

from .drawn import at, read, render, states, text


pytestmark = pytest.mark.django_db
Move = Callable[[Scene], Actor]


@pytest.fixture
def scene(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Scene:
    at(monkeypatch, NOW)
    return set_up(settings, approval="agent")


def to_company(scene: Scene) -> Actor:
    """SO-1 is company C2's; somebody there."""
    other = factories.company("C2")
    scene.told(customer_ref="C2")
    return actor_for(factories.person("buyer@c2.example", other))


def to_place(scene: Scene) -> Actor:
    """SO-1 went to S2; somebody who sees that place alone."""
    place = factories.address(scene.company, "S2")
    scene.told(ship_to_ref="S2")
    limited = factories.person("s2@c1.example", scene.company, ship_tos=[place])
    return actor_for(limited)


def count_open() -> int:
    return Order.objects.get(ref="SO-1").returns_open


@pytest.mark.parametrize("move", [to_company, to_place])
def test_whoever_sees_the_order_now_reads_of_none_that_others_asked_for(
    scene: Scene, move: Move
) -> None:
    rma = scene.send(item("2"), item("1", order="SO-2"))
    stranger = move(scene)
    DeliveryUpdate.objects.update(noted_at=NOW - timedelta(days=1))
    actions.ask(again(rma), scene.user, "How many?", now=NOW)
    for name in ("order", "tracker", "orders", "dashboard", "updates", "return_start"):
        company = str(Order.objects.get(ref="SO-1").company_id)
        drawn = render(scene, name, stranger, order="SO-1", company=company)
        told = text(drawn.html) + str(drawn.say)
        assert rma.number not in told and "SO-2" not in told, name
        assert "Return open" not in told and "return_open" not in states(drawn.html), name
        assert "Return R" not in told and "How many?" not in told, name


@pytest.mark.parametrize("move", [to_company, to_place])
def test_a_return_of_their_own_stands_alone(scene: Scene, move: Move) -> None:
    before = scene.send(item("2"), now=NOW + timedelta(hours=1))
    stranger = move(scene)
    company = Order.objects.get(ref="SO-1").company
    if company != scene.company:
        factories.member(scene.user, company)
    own = scene.send(item("3"))
    for name in ("order", "dashboard"):
        told = text(render(scene, name, stranger, order="SO-1", company=str(company.pk)).html)
        assert own.number in told and before.number not in told, name


def test_the_wizard_names_none_of_theirs_though_less_can_come_back(
    scene: Scene, client: Client
) -> None:
    rma = scene.send(item("8"))
    (mine, *_others) = offer([Order.objects.get(ref="SO-1")], "return", NOW)
    assert mine.numbers == (rma.number,)
    stranger = to_company(scene)
    (theirs, *_others) = offer([Order.objects.get(ref="SO-1")], "return", NOW)
    assert theirs.numbers == () and theirs.available == 2
    client.force_login(get_user_model().objects.get(pk=stranger.user_id))
    page = client.get("/portal/returns/new/", {"order": "SO-1"})
    assert page.status_code == 200 and rma.number not in page.content.decode()


def test_those_who_asked_go_on_reading_of_it(scene: Scene) -> None:
    rma = scene.send(item("2"), item("1", order="SO-2"))
    to_company(scene)
    assert rma.number in read(scene, "returns") and rma.number in read(scene, "updates")
    assert rma.number in read(scene, "order", order="SO-2")


def test_open_returns_are_counted_where_the_order_is(scene: Scene) -> None:
    rma = scene.send(item("2"))
    to_company(scene)
    assert count_open() == 0
    scene.told(customer_ref="C1")
    assert count_open() == 1
    scene.told(customer_ref="C2")
    actions.withdraw(again(rma), scene.user, now=NOW)
    assert count_open() == 0
    scene.told(customer_ref="C1")
    assert count_open() == 0


def test_looking_where_the_order_is_costs_no_query_more(scene: Scene) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            render(scene, "order", stranger, order="SO-1")
        return len(queries)

    stranger = to_company(scene)
    without = count()
    scene.told(customer_ref="C1")
    scene.send()
    scene.told(customer_ref="C2")
    assert count() == without
