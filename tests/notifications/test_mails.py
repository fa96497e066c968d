"""What is written down to be sent."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from oms_portal.erp.inbox import writing
from oms_portal.notifications.mails import post
from oms_portal.notifications.models import Mail


@pytest.mark.django_db
def test_the_same_key_is_one_mail():
    post("change:1:applied", "buyer@c1.example", "Done", "first")
    post("change:1:applied", "other@c1.example", "Done", "second")

    assert Mail.objects.get().body == "first"


@pytest.mark.django_db(transaction=True)
def test_many_who_tell_the_same_at_once_write_one_mail():
    def tell() -> None:
        with writing():
            post("k", "buyer@c1.example", "Done", "text")
        connection.close()

    threads = [threading.Thread(target=tell) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Mail.objects.count() == 1


@pytest.mark.django_db
def test_what_is_rolled_back_tells_nobody():
    with transaction.atomic():
        post("k", "buyer@c1.example", "Done", "text")
        transaction.set_rollback(True)

    assert not Mail.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("Order SO-1\r\nBcc: victim@x.example", "Order SO-1 Bcc: victim@x.example"),
        ("  much \t\x00 room\u2028", "much room"),
        ("x" * 300, "x" * 249 + "…"),
    ],
)
def test_a_subject_is_one_line_that_fits(told, kept):
    post("k", "buyer@c1.example", told, "a\0b")

    mail = Mail.objects.get()
    assert (mail.subject, mail.body) == (kept, "ab")


@pytest.mark.django_db
@pytest.mark.parametrize("to", ["", "no address", "a@b.example\r\nBcc: x@y.example"])
def test_an_address_that_is_none_takes_no_change_down_with_it(to):
    post("k", to, "Done", "text")

    assert not Mail.objects.exists()
