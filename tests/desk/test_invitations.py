"""Letting people in from the admin, end to end: the e-mail's link makes the membership."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from wagtail.models import ModelLogEntry

from oms_portal.customers import actions
from oms_portal.customers.actions import Refused, Terms, accept, issue
from oms_portal.customers.models import Invitation, Membership
from tests import factories

from .conftest import client_of, staff


pytestmark = pytest.mark.django_db
RIGHTS = ("view_invitation", "add_invitation", "change_invitation", "view_company")


@pytest.fixture
def user(site: Any) -> Any:
    return staff("host@shop.example", *RIGHTS)


@pytest.fixture
def host(user: Any) -> Any:
    return client_of(user)


def invite(client: Any, company: Any, **data: Any) -> Any:
    form = {"email": "New@C1.example", "role": "admin", **data}
    return client.post(f"/admin/oms/invitations/new/{company.pk}/", form, follow=True)


def test_somebody_is_invited_to_any_company_in_any_role(host):
    company = factories.company("C1")

    shown = invite(host, company).content.decode()

    assert "An invitation was sent to New@C1.example" in shown or "new@c1.example" in shown
    made = Invitation.objects.get()
    assert (made.email, made.role, made.by_staff) == ("new@c1.example", "admin", True)
    assert made.invited_by.email == "host@shop.example"
    (letter,) = mail.outbox
    assert letter.to == ["new@c1.example"]
    assert re.search(r"http://testserver/portal/\S+", letter.body)
    entry = ModelLogEntry.objects.get(action="oms_portal.invite")
    assert entry.data["company"] == "C1"


def test_the_invited_person_gets_in_while_the_inviter_may_invite(host, user):
    invite(host, factories.company("C1"))
    person = factories.person("new@c1.example")

    accept(Invitation.objects.get(), person)

    assert Membership.objects.get().role == "admin"


def test_an_invitation_ends_with_the_right_of_who_gave_it(host, user):
    invite(host, factories.company("C1"))
    user.groups.clear()

    with pytest.raises(Refused):
        accept(Invitation.objects.get(), factories.person("new@c1.example"))
    assert not Membership.objects.exists()


def test_places_limit_and_belong_to_the_company(host):
    company = factories.company("C1")
    own = factories.address(company, "S1")
    foreign = factories.address(factories.company("C2"), "S9")

    refused = invite(host, company, ship_tos=[foreign.pk])
    assert not Invitation.objects.exists()
    assert refused.status_code == 200

    invite(host, company, ship_tos=[own.pk])
    made = Invitation.objects.get()
    assert not made.all_ship_tos
    assert list(made.ship_tos.all()) == [own]


def test_the_rule_holds_below_the_form_too(user):
    company, foreign = factories.company("C1"), factories.address(factories.company("C2"))

    with pytest.raises(Refused):
        actions.invite_as_staff(user, company, "a@b.example", Terms(ship_tos=(foreign,)))
    with pytest.raises(Refused):
        actions.invite_as_staff(
            factories.person("x@c1.example", company, "admin"), company, "a@b.example", Terms()
        )


def test_the_company_is_found_by_name_or_number(host):
    company = factories.company("C1", name="Hafenwerk <b>", number="10001")
    factories.company("C2", name="Other")

    shown = host.get("/admin/oms/invitations/new/?q=hafen").content.decode()

    assert f"/admin/oms/invitations/new/{company.pk}/" in shown
    assert "Other" not in shown
    assert "Hafenwerk &lt;b&gt;" in shown


def test_an_open_invitation_is_taken_back(host):
    issue(factories.company("C1"), "a@b.example", Terms())
    made = Invitation.objects.get()

    host.post(f"/admin/oms/invitations/revoke/{made.pk}/")

    made.refresh_from_db()
    assert made.revoked_at is not None
    assert ModelLogEntry.objects.filter(action="oms_portal.revoke_invitation").count() == 1
    again = host.post(f"/admin/oms/invitations/revoke/{made.pk}/", follow=True)
    assert "no longer open" in again.content.decode()
    assert ModelLogEntry.objects.filter(action="oms_portal.revoke_invitation").count() == 1


def test_sending_again_replaces_the_link(host):
    company = factories.company("C1")
    place = factories.address(company)
    issue(company, "a@b.example", Terms(role="buyer", ship_tos=(place,)))
    old = Invitation.objects.get()
    Invitation.objects.update(expires_at=timezone.now() - timedelta(days=1))

    host.post(f"/admin/oms/invitations/resend/{old.pk}/")

    new = Invitation.objects.exclude(pk=old.pk).get()
    assert (new.role, list(new.ship_tos.all())) == ("buyer", [place])
    assert len(mail.outbox) == 1


def test_what_was_accepted_is_not_sent_again(host):
    issue(factories.company("C1"), "a@b.example", Terms())
    made = Invitation.objects.get()
    Invitation.objects.update(accepted_at=timezone.now())

    answer = host.post(f"/admin/oms/invitations/resend/{made.pk}/", follow=True)

    assert "no longer open" in answer.content.decode()
    assert Invitation.objects.count() == 1


def test_when_the_mail_fails_nothing_stays_open(host, settings, monkeypatch):
    def fail(*args: Any) -> None:
        raise OSError

    monkeypatch.setattr("oms_portal.desk.inviting.send_invitation", fail)
    shown = invite(host, factories.company("C1")).content.decode()

    assert "could not be sent" in shown
    assert Invitation.objects.get().revoked_at is not None


def test_the_list_says_what_became_of_each_and_by_whom(host):
    company = factories.company("C1")
    for email in ("open@b.example", "used@b.example", "late@b.example", "back@b.example"):
        issue(company, email, Terms())
    now = timezone.now()
    Invitation.objects.filter(email="used@b.example").update(accepted_at=now)
    Invitation.objects.filter(email="late@b.example").update(expires_at=now - timedelta(hours=1))
    Invitation.objects.filter(email="back@b.example").update(revoked_at=now)

    for state, email in (
        ("open", "open"),
        ("used", "used"),
        ("expired", "late"),
        ("revoked", "back"),
    ):
        shown = host.get(f"/admin/oms/invitations/?state={state}").content.decode()
        listed = set(re.findall(r"(\w+)@b\.example", shown))
        assert listed == {email}, state
    assert "the supplier, by command" in shown
