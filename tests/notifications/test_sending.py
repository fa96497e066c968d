"""Mails as a real mail server gets them."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from oms_portal.notifications import sending
from oms_portal.notifications.mails import post
from oms_portal.notifications.models import Alert, Mail


pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]


def posted(key: str = "k", **changes: Any) -> Mail:
    post(
        key, f"{key.replace(':', '.')}@c1.example", f"About {key}", "Grüße aus Hamburg\nYour order"
    )
    Mail.objects.filter(key=key).update(**changes)
    return Mail.objects.get(key=key)


def again() -> None:
    """As if the wait after a failure, or a lease, had passed."""
    now = timezone.now()
    Mail.objects.filter(next_attempt_at__isnull=False).update(next_attempt_at=now)
    Mail.objects.filter(lease_until__isnull=False).update(lease_until=now - timedelta(seconds=1))


def drain() -> None:
    while sending.send():
        pass


def test_a_mail_arrives_once_from_the_site_and_as_it_was_written(mail_server):
    posted()

    drain()
    drain()

    (message,) = mail_server.taken
    assert message["From"] == "Brannfeld <orders@brannfeld.example>"
    assert message["To"] == "k@c1.example"
    assert message["Subject"] == "About k"
    assert "Grüße aus Hamburg" in message.get_content()
    assert Mail.objects.get().sent_at is not None
    assert not sending.due(timezone.now()).exists()


def test_many_share_a_connection(mail_server):
    for n in range(5):
        posted(f"m{n}")

    drain()

    assert sorted(mail_server.subjects()) == [f"About m{n}" for n in range(5)]
    assert mail_server.connections == 1


def test_a_mail_server_that_is_away_is_tried_again_later(mail_server, settings):
    settings.EMAIL_PORT = 1
    posted()
    drain()

    mail = Mail.objects.get()
    assert mail.sent_at is None and mail.attempts == 1 and "refused" in mail.trouble
    assert mail.next_attempt_at <= timezone.now() + timedelta(seconds=31)

    settings.EMAIL_PORT = mail_server.port
    again()
    drain()
    assert mail_server.subjects() == ["About k"]
    assert Mail.objects.get().trouble == ""


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA", "."])
def test_a_temporary_no_is_tried_again(mail_server, verb):
    mail_server.answers[verb] = "451 later"
    posted()
    drain()
    assert "451" in Mail.objects.get().trouble

    mail_server.answers.clear()
    again()
    drain()

    assert mail_server.subjects() == ["About k"]
    assert not Alert.objects.exists()


@pytest.mark.parametrize("verb", ["RCPT", "DATA", "."])
def test_a_lasting_no_is_given_up_and_staff_are_told(mail_server, verb):
    mail_server.answers[verb] = "550 no such mailbox"
    posted("first")
    drain()
    again()
    drain()

    mail = Mail.objects.get()
    assert (mail.next_attempt_at, mail.sent_at, mail.attempts) == (None, None, 1)
    assert "550 no such mailbox" in mail.trouble
    alert = Alert.objects.get()
    assert alert.kind == "mail_refused"
    assert alert.data == {"to": "first@c1.example", "subject": "About first"}


def test_one_that_is_refused_holds_up_no_other(mail_server):
    posted("bad", subject="two\nlines")
    posted("good")

    drain()

    assert mail_server.subjects() == ["About good"]
    assert Mail.objects.get(key="bad").next_attempt_at is None


def test_a_password_that_is_wrong_costs_no_mail(mail_server, settings):
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = "x"
    posted()
    drain()

    assert Mail.objects.get().next_attempt_at is not None


def test_after_two_days_it_is_given_up(mail_server, settings):
    settings.EMAIL_PORT = 1
    posted(created_at=timezone.now() - timedelta(days=2, minutes=1))

    drain()

    assert Mail.objects.get().next_attempt_at is None
    assert Alert.objects.get().kind == "mail_refused"


def test_a_mail_of_an_alert_that_is_refused_makes_no_other_alert(mail_server):
    mail_server.answers["RCPT"] = "550 no"
    posted("alert:1:x")

    drain()

    assert Mail.objects.get().next_attempt_at is None
    assert not Alert.objects.exists()


def test_what_another_worker_holds_is_left_to_it(mail_server):
    posted()
    (held,) = sending.claim(timezone.now())
    drain()
    assert mail_server.taken == []

    again()
    drain()
    assert len(mail_server.taken) == 1
    # The first one wakes up and finds the fence grown.
    assert sending._hand_over(held, sending.get_connection()) is True
    assert len(mail_server.taken) == 1


def test_a_zombie_does_not_write_over_what_the_other_wrote(mail_server):
    posted()
    (held,) = sending.claim(timezone.now())
    Mail.objects.update(fence=held.fence + 1)

    sending._note_failure(held, "nonsense", lasting=True)

    mail = Mail.objects.get()
    assert mail.trouble == "" and mail.next_attempt_at is not None


@pytest.mark.parametrize("lost", ["250 taken and gone", "451 and gone"])
def test_an_answer_that_got_lost_is_asked_again_under_the_same_id(mail_server, lost):
    mail_server.answers["."] = lost
    posted()
    drain()
    mail_server.answers.clear()
    again()
    drain()

    ids = {message["Message-ID"] for message in mail_server.taken}
    assert len(ids) == 1 and mail_server.taken[-1]["Subject"] == "About k"


def test_the_wait_grows_with_full_jitter():
    spread = [sending.backoff(0) for _ in range(50)]
    assert max(spread) <= 30 and max(spread) - min(spread) > 5
    assert all(sending.backoff(40) <= 3600 for _ in range(50))


@pytest.mark.django_db(transaction=True)
def test_the_worker_sends_what_is_due_and_does_not_wait_for_it(mail_server):
    import threading

    release = threading.Event()
    mail_server.before = lambda: release.wait(60)
    posted()

    sending.send_due()
    sending.send_due()
    assert mail_server.taken == []

    release.set()
    sending.sender.join()
    assert mail_server.subjects() == ["About k"]


@pytest.mark.django_db(transaction=True)
def test_a_worker_told_to_do_what_is_due_has_sent_it_when_it_ends(mail_server):
    posted()

    call_command("oms_worker", "--once", stdout=StringIO())

    assert mail_server.subjects() == ["About k"]


KILLED = """
import os, sys
import django
django.setup()
from django.conf import settings
settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(sys.argv[2])
settings.DEFAULT_FROM_EMAIL = "orders@brannfeld.example"
settings.DATABASES["default"].update(NAME=sys.argv[1])
from oms_portal.notifications import sending
if sys.argv[3] == "after":
    sending._note_sent = lambda held: os._exit(9)
else:
    sending._message = lambda mail, connection: os._exit(9)
sending.send()
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("when", "copies"), [("before", 1), ("after", 2)])
def test_a_worker_that_is_killed_over_a_mail_loses_none(mail_server, when, copies):
    """Killed between the server's word and ours, it errs to a second copy under the same id."""
    from django.db import connection

    posted()
    name = str(connection.settings_dict["NAME"])
    if connection.vendor != "sqlite":
        pytest.skip("the other process is given a file")
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, name, str(mail_server.port), when],
        cwd=ROOT,
        env={"DJANGO_SETTINGS_MODULE": "tests.site.settings", "PYTHONPATH": str(ROOT)},
        capture_output=True,
    )
    assert ended.returncode == 9, ended.stderr
    drain()
    assert len(mail_server.taken) == copies - 1

    again()
    drain()

    assert len(mail_server.taken) == copies
    assert len({message["Message-ID"] for message in mail_server.taken}) == 1
    assert Mail.objects.get().sent_at is not None
