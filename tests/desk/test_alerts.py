"""Alerts as staff use them: whose, by when, whom to call and what to say."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from wagtail.models import ModelLogEntry

from oms_portal.changes.models import ChangeRequest
from oms_portal.erp.outbox.models import Command
from oms_portal.notifications.models import Alert
from tests import factories, wire

from .conftest import client_of, staff


pytestmark = pytest.mark.django_db
URL = "/admin/oms/alerts/"
RIGHTS = ("view_alert", "change_alert", "view_order", "view_company", "view_command")


def alert(kind: str = "command_dead", about: str = "command:1", **fields: Any) -> Alert:
    due = timezone.now() + timedelta(hours=1)
    return Alert.objects.create(kind=kind, about=about, **{"due_at": due, **fields})


def page(client: Any, row: Alert) -> str:
    return client.get(f"{URL}inspect/{row.pk}/").content.decode()


def agent_called(name: str) -> Any:
    user = staff(f"{name}@shop.example", *RIGHTS)
    type(user)._default_manager.filter(pk=user.pk).update(first_name=name.title())
    return client_of(user)


@pytest.fixture
def agent(site: Any) -> Any:
    return agent_called("anna")


def test_open_ones_come_first_the_most_urgent_on_top(reader):
    now = timezone.now()
    alert(about="1", order_ref="SO-1", done_at=now)
    alert(about="2", order_ref="SO-2", due_at=now + timedelta(hours=2))
    alert(about="3", order_ref="SO-3", due_at=now - timedelta(hours=2))

    listed = reader.get(URL).content.decode()

    assert listed.index("SO-3") < listed.index("SO-2") < listed.index("SO-1")
    rows = listed.split("<tr")
    (late,) = (row for row in rows if "SO-3" in row)
    assert "omsdesk-word--bad" in late and "overdue" in late
    (early,) = (row for row in rows if "SO-2" in row)
    assert "overdue" not in early


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("state=open", {"SO-1", "SO-2", "SO-4"}),
        ("state=overdue", {"SO-2"}),
        ("state=mine", {"SO-4"}),
        ("state=done", {"SO-3"}),
        ("kind=erp_away", {"SO-1"}),
        ("q=SO-2", {"SO-2"}),
    ],
)
def test_alerts_are_found(agent, asked, found):
    now = timezone.now()
    alert("erp_away", "1", order_ref="SO-1")
    alert(about="2", order_ref="SO-2", due_at=now - timedelta(hours=2))
    alert(about="3", order_ref="SO-3", due_at=now - timedelta(hours=2), done_at=now)
    mine = factories.person("anna@shop.example")
    alert(about="4", order_ref="SO-4", due_at=now - timedelta(hours=2), owner=mine)

    listed = agent.get(f"{URL}?{asked}").content.decode()

    assert {
        ref
        for ref in ("SO-1", "SO-2", "SO-3", "SO-4")
        if f"{ref}</" in listed.replace("\n", "").replace(" ", "")
    } == found


def test_the_page_says_what_to_do_whom_to_call_and_what_to_tell_them(agent):
    factories.customer("C1", name="Hafenwerk", number="C-10001")
    address = wire.address(contact="Silke Harms", phone="+49 40 123")
    factories.order("SO-1", number="A-77", delivery_address=address, placed_by="Murat")
    factories.person("murat@c1.example", first_name="Murat", last_name="Yilmaz")
    asked = Command.objects.create(
        source=factories.source(), kind="cancel", order_ref="SO-1", customer_ref="C1",
        requested_by="murat@c1.example", state="dead",
    )  # fmt: skip
    row = alert(about=f"command:{asked.pk}", order_ref="SO-1", data={"trouble": "HTTP 500"})

    shown = page(agent, row)

    for words in ("Look at the attempts", "Your wish for order A-77 has not been carried out yet",
                  "Hafenwerk", "C-10001", "Silke Harms", "+49 40 123",
                  "Murat Yilmaz · murat@c1.example", "HTTP 500",
                  f'href="/admin/oms/commands/inspect/{asked.pk}/"'):  # fmt: skip
        assert words in shown, words


def test_a_mail_that_came_back_says_whose_it_was(agent):
    company = factories.company("C1", name="Hafenwerk")
    factories.person("murat@c1.example", company, first_name="Murat", last_name="Yilmaz")
    data = {"to": "murat@c1.example", "subject": "Done"}

    shown = page(agent, alert("mail_refused", "mail:1", data=data))

    assert "Hafenwerk" in shown and "Murat Yilmaz" in shown and "Done" in shown


@pytest.mark.parametrize(
    "about", ["command:x", "command:99999999999999999999999", "odd", "source:1"]
)
def test_an_alert_about_what_is_gone_is_shown(agent, about):
    assert "What is to be done" in page(agent, alert(about=about, order_ref="SO-404"))


def test_an_alert_of_a_kind_that_is_no_more_is_shown(agent):
    row = alert("of_an_older_version", "x:1")

    assert "of_an_older_version" in page(agent, row)
    assert "of_an_older_version" in agent.get(URL).content.decode()


def test_it_is_taken_and_finished_with_a_note_and_each_is_written_down(agent):
    row = alert()

    assert "It is yours now." in agent.post(f"{URL}take/{row.pk}/", follow=True).content.decode()
    assert "Anna" in agent.get(URL).content.decode()
    answer = agent.post(f"{URL}finish/{row.pk}/", {"note": "Called Mr Yilmaz"}, follow=True)

    assert "It is finished." in answer.content.decode()
    row.refresh_from_db()
    assert row.done_by.email == "anna@shop.example" and row.note == "Called Mr Yilmaz"
    assert list(ModelLogEntry.objects.order_by("pk").values_list("action", flat=True)) == [
        "oms_portal.take_alert",
        "oms_portal.finish_alert",
    ]
    shown = page(agent, row)
    assert "Finished it: Called Mr Yilmaz" in shown
    assert "/take/" not in shown and "/finish/" not in shown


def test_finishing_wants_a_note(agent):
    row = alert()

    answer = agent.post(f"{URL}finish/{row.pk}/", {"note": " "}, follow=True)

    assert "Please note what was done" in answer.content.decode()
    row.refresh_from_db()
    assert row.done_at is None


def test_somebody_else_can_take_it_over_and_says_from_whom(agent):
    row = alert()
    agent.post(f"{URL}take/{row.pk}/")
    bert = agent_called("bert")
    assert "Take it over from Anna" in page(bert, row)

    # Who saw it free, and was too late, does not take it away unknowingly.
    late = bert.post(f"{URL}take/{row.pk}/", follow=True).content.decode()
    assert "Nothing was done" in late
    row.refresh_from_db()
    assert row.owner.email == "anna@shop.example"

    bert.post(f"{URL}take/{row.pk}/", {"from": row.owner_id})
    row.refresh_from_db()
    assert row.owner.email == "bert@shop.example"
    assert ModelLogEntry.objects.latest("pk").message == "Took it over from Anna"


def test_pressing_twice_is_pressing_once(agent):
    row = alert()

    for _ in range(2):
        answer = agent.post(f"{URL}take/{row.pk}/", follow=True).content.decode()
        assert "Nothing was done" not in answer
    agent.post(f"{URL}finish/{row.pk}/", {"note": "first"})
    answer = agent.post(f"{URL}finish/{row.pk}/", {"note": "second"}, follow=True)

    assert "Nothing was done" in answer.content.decode()
    row.refresh_from_db()
    assert row.note == "first"
    assert ModelLogEntry.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_it_at_once_one_has_it():
    factories.site()
    row = alert()
    both = [agent_called("anna"), agent_called("bert")]
    barrier = threading.Barrier(2)

    def press(client: Any) -> None:
        barrier.wait(60)
        client.post(f"{URL}take/{row.pk}/")
        connection.close()

    threads = [threading.Thread(target=press, args=(client,)) for client in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    row.refresh_from_db()
    entry = ModelLogEntry.objects.get()
    assert entry.user == row.owner


def test_the_first_page_counts_what_is_open(reader):
    alert(about="1")
    alert(about="2")
    alert(about="3", done_at=timezone.now())

    shown = reader.get("/admin/").content.decode()

    figure = shown[shown.index("Open alerts") :][:200]
    assert ">2</a>" in figure and f"{URL}?state=open" in figure


def test_hostile_texts_are_inert(agent):
    bad = "<script>alert(1)</script>\u202eexe<img src=x>"
    row = alert(
        bad[:30],
        bad,
        order_ref=bad,
        note=bad,
        data={"trouble": bad, "source": bad, "to": bad, "subject": bad},
    )

    for shown in (page(agent, row), agent.get(URL).content.decode()):
        assert "<script>alert" not in shown and "<img src=x" not in shown
        assert "\u202e" not in shown


def test_a_review_that_is_due_leads_to_the_request(site):
    order = factories.order("SO-77")
    request = ChangeRequest.objects.create(order=order, form_key="k", state="in_review")
    row = alert("review", f"change:{request.pk}", order_ref=order.ref)
    reader = client_of(staff("rev@shop.example", *RIGHTS, "view_changerequest"))

    shown = page(reader, row)

    assert f"/admin/oms/changes/inspect/{request.pk}/" in shown
    assert "waits to be reviewed" in shown
    assert "may we check with you" in shown
