"""What staff are alerted to, and when it is over."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from oms_portal.erp.outbox import actions
from oms_portal.erp.outbox.models import Attempt, Breaker, Command
from oms_portal.notifications import alerts
from oms_portal.notifications.looking import look
from oms_portal.notifications.models import Alert, Mail
from tests import factories


pytestmark = pytest.mark.django_db
State = Command.State


def ago(minutes: float) -> datetime:
    return timezone.now() - timedelta(minutes=minutes)


def command(order_ref: str = "SO-1", **fields: Any) -> Command:
    source = factories.source()
    return Command.objects.create(
        source=source, kind="change", order_ref=order_ref, customer_ref="C1", **fields
    )


def attempt(of: Command, **fields: Any) -> None:
    number = of.tries.count() + 1
    told = {"worker": "w", "fence": number, "ended_at": timezone.now(), **fields}
    Attempt.objects.create(command=of, number=number, **told)


def opened() -> list[str]:
    return sorted(Alert.objects.filter(done_at=None).values_list("kind", flat=True))


@pytest.mark.parametrize(
    ("fields", "raised"),
    [
        ({"state": State.DEAD, "settled_at": 1}, ["command_dead"]),
        ({"state": State.QUEUED, "queued_at": 16}, ["command_waiting"]),
        ({"state": State.RETRYING, "queued_at": 16}, ["command_waiting"]),
        ({"state": State.SENT, "queued_at": 16}, ["command_waiting"]),
        ({"state": State.QUEUED, "queued_at": 14}, []),
        ({"state": State.ACCEPTED, "accepted_at": 16}, ["command_unanswered"]),
        ({"state": State.ACCEPTED, "accepted_at": 14, "queued_at": 90}, []),
        ({"state": State.APPLIED, "settled_at": 90, "queued_at": 99}, []),
        ({"state": State.REJECTED, "settled_at": 90, "queued_at": 99}, []),
    ],
)
def test_it_alerts_to_what_does_not_get_on(fields, raised):
    command(**{name: ago(told) if name.endswith("_at") else told for name, told in fields.items()})

    look()
    look()

    assert opened() == raised
    assert [alert.order_ref for alert in Alert.objects.all()] == ["SO-1"] * len(raised)


def test_the_site_says_how_long_the_erp_may_take(settings):
    settings.OMS_PORTAL = {"COMMAND_PATIENCE": 60}
    command(state=State.ACCEPTED, accepted_at=ago(2))

    look()

    assert opened() == ["command_unanswered"]


def test_an_alert_ends_with_its_cause():
    stuck = command(queued_at=ago(16))
    look()
    Command.objects.filter(pk=stuck.pk).update(state=State.APPLIED)

    look()

    assert opened() == []
    alert = Alert.objects.get()
    assert alert.done_at is not None and alert.done_by is None


def test_what_dies_once_more_is_told_once_more():
    lost = command(state=State.DEAD, settled_at=ago(5))
    look()
    alerts.finish(Alert.objects.get(), None, "Called them")
    look()
    assert opened() == []

    assert actions.replay(lost.pk)
    look()
    Command.objects.update(state=State.DEAD, settled_at=timezone.now() + timedelta(seconds=1))
    look()

    assert opened() == ["command_dead"]
    assert Alert.objects.count() == 2


def test_history_alarms_nobody():
    command(state=State.DEAD, settled_at=ago(31 * 24 * 60))

    look()

    assert opened() == []


@pytest.mark.parametrize("status", [401, 403])
def test_an_erp_that_does_not_let_us_in_is_told_at_once(status):
    stuck = command()
    attempt(stuck, status=503)
    attempt(stuck, status=status)
    Breaker.objects.create(source=stuck.source, opened_at=ago(1), trouble="HTTP 401")

    look()
    assert opened() == ["erp_refuses"]
    assert Alert.objects.get().data["source"] == "ERP main"

    Breaker.objects.update(opened_at=None)
    look()
    assert opened() == []


def test_an_erp_that_is_away_is_told_after_a_quarter_of_an_hour():
    stuck = command()
    attempt(stuck, status=None)
    Breaker.objects.create(source=stuck.source, opened_at=ago(14))
    look()
    assert opened() == []

    Breaker.objects.update(opened_at=ago(16))
    look()
    assert opened() == ["erp_away"]


def test_who_keeps_watch_gets_one_mail_for_each_alert(settings):
    settings.OMS_PORTAL = {"ALERT_EMAILS": ["watch@shop.example", "chief@shop.example"]}
    settings.WAGTAILADMIN_BASE_URL = "https://shop.example"
    command(state=State.DEAD, settled_at=ago(1), trouble="HTTP 500")
    for _ in range(3):
        look()

    assert sorted(Mail.objects.values_list("to", flat=True)) == [
        "chief@shop.example",
        "watch@shop.example",
    ]
    mail = Mail.objects.first()
    assert mail.subject == "A wish of a customer was given up: SO-1"
    assert "HTTP 500" in mail.body and "SO-1" in mail.body
    assert f"https://shop.example/admin/oms/alerts/inspect/{Alert.objects.get().pk}/" in mail.body


def test_an_erp_that_is_away_is_one_mail_and_not_one_for_each_wish(settings):
    settings.OMS_PORTAL = {"ALERT_EMAILS": ["watch@shop.example"]}
    for number in range(3):
        stuck = command(f"SO-{number}", queued_at=ago(16))
    Breaker.objects.create(source=stuck.source, opened_at=ago(16))

    look()

    assert opened() == ["command_waiting"] * 3 + ["erp_away"]
    assert Mail.objects.get().subject == "The ERP can’t be reached"


def test_looking_costs_no_more_for_many_that_are_known(django_assert_max_num_queries):
    for number in range(20):
        command(f"SO-{number}", state=State.DEAD, settled_at=ago(1))
    look()

    with django_assert_max_num_queries(12):
        look()


def test_the_worker_looks():
    command(state=State.DEAD, settled_at=ago(1))

    call_command("oms_worker", "--once", verbosity=0)

    assert opened() == ["command_dead"]
