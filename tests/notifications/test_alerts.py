"""Alerts are raised once, belong to one, and are finished once."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from oms_portal.erp.inbox import writing
from oms_portal.notifications import alerts
from oms_portal.notifications.models import Alert
from tests import factories


pytestmark = pytest.mark.django_db


def raised(about: str = "command:1") -> Alert:
    alerts.raise_alert("command_dead", about, order_ref="SO-1", due_in=timedelta(hours=1))
    return Alert.objects.get(about=about, done_at=None)


@pytest.mark.django_db(transaction=True)
def test_many_who_raise_the_same_at_once_raise_one():
    def tell() -> None:
        with writing():
            alerts.raise_alert("command_dead", "command:1")
        connection.close()

    threads = [threading.Thread(target=tell) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Alert.objects.count() == 1


def test_once_it_has_passed_the_same_can_be_raised_again():
    first = raised()
    assert alerts.settle_alert("command_dead", "command:1")
    assert not alerts.settle_alert("command_dead", "command:1")

    assert raised().pk != first.pk


def test_it_is_due_when_its_kind_says_where_nothing_else_is_said():
    alerts.raise_alert("erp_away", "source:1")

    left = Alert.objects.get().due_at - timezone.now()
    assert timedelta(minutes=29) < left <= timedelta(minutes=30)


def test_of_two_who_take_it_one_has_it_and_the_other_can_take_over():
    anna, bert = factories.person("anna@shop.example"), factories.person("bert@shop.example")
    alert = raised()

    assert alerts.take(alert, anna)
    assert not alerts.take(alert, bert)
    assert Alert.objects.get().owner == anna
    assert alerts.take(alert, bert, instead_of=anna)
    assert not alerts.take(alert, anna, instead_of=anna)
    assert Alert.objects.get().owner == bert


def test_the_first_who_finishes_it_is_the_one_who_did():
    anna, bert = factories.person("anna@shop.example"), factories.person("bert@shop.example")
    alert = raised()

    assert alerts.finish(alert, anna, "Called them")
    assert not alerts.finish(alert, bert, "Me too")
    assert not alerts.take(alert, bert)

    done = Alert.objects.get()
    assert (done.done_by, done.note, done.owner) == (anna, "Called them", None)


@pytest.mark.parametrize("kind", sorted(alerts.KINDS))
def test_each_kind_says_what_to_do_and_what_to_tell_the_customer(kind):
    known = alerts.KINDS[kind]
    assert known.title and known.todo and known.due_in
    assert "%" not in str(known.script) % {"order": "SO-1"}
    assert bool(known.script) != kind.startswith("erp_")
