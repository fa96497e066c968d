"""The first administrator of a company comes in by ``manage.py oms_invite``."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.management import CommandError, call_command

from oms_portal.customers.models import Invitation
from tests.factories import PASSWORD, company


pytestmark = pytest.mark.django_db
BASE = "--base-url=http://testserver/"


def test_the_link_that_is_printed_lets_an_administrator_in(client, capsys):
    company("C1")
    call_command("oms_invite", "C1", "first@c1.example", BASE, "--print", "--subsidiaries")
    link = capsys.readouterr().out.strip()

    client.get(link.removeprefix("http://testserver"))
    client.post("/portal/invitation/", {"password": PASSWORD})

    membership = get_user_model().objects.get(email="first@c1.example").oms_memberships.get()
    assert (membership.role, membership.include_subsidiaries) == ("admin", True)
    assert not mail.outbox


def test_else_it_goes_out_by_mail():
    company("C1")
    call_command("oms_invite", "C1", "first@c1.example", BASE, "--role=viewer")

    assert "http://testserver/portal/invitation/" in mail.outbox[0].body
    assert Invitation.objects.get().role == "viewer"


@pytest.mark.parametrize(
    ("ref", "email", "word"), [("C9", "a@b.example", "C9"), ("C1", "nobody", "valid email")]
)
def test_it_says_what_is_wrong(ref, email, word):
    company("C1")

    with pytest.raises(CommandError, match=word):
        call_command("oms_invite", ref, email, BASE)
