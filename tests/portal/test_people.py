"""People and invitations, as an administrator and as somebody invited meet them."""

from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from oms_portal.customers.models import Invitation, Membership
from tests.factories import PASSWORD, address, company, member, person


pytestmark = pytest.mark.django_db
User = get_user_model()


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


@pytest.fixture
def own():
    return company("C1", name="Nordwerk")


@pytest.fixture
def admin(own, client):
    user = person("admin@c1.example", own, "admin")
    client.force_login(user)
    return user


def send(client, email="new@c1.example", **fields):
    form = {"email": email, "role": "buyer", "reach": "all", **fields}
    form.setdefault("company", Membership.objects.get(role="admin").company_id)
    return client.post(reverse("oms_portal:invite"), form, follow=True)


def link() -> str:
    (message,) = mail.outbox
    return re.search(r"http://testserver(\S+)", message.body)[1]


def text(response) -> str:
    return response.content.decode()


# The list


def test_the_list_names_people_roles_and_reach(client, admin, own):
    person("buyer@c1.example", own, "buyer", ship_tos=[address(own, "S1")])

    page = text(client.get(reverse("oms_portal:people")))

    assert "buyer@c1.example" in page
    assert "Plant S1, Hamburg" in page
    assert "Administrator" in page


@pytest.mark.parametrize("role", ["viewer", "buyer", "returns", "address_editor"])
@pytest.mark.parametrize("name", ["people", "invite"])
def test_who_may_not_invite_finds_no_such_page(client, own, role, name):
    client.force_login(person(company=own, role=role))

    assert client.get(reverse(f"oms_portal:{name}")).status_code == 404


def test_who_is_signed_out_is_led_to_sign_in_and_back(client):
    answer = client.get(reverse("oms_portal:people"))

    assert answer.status_code == 302
    assert answer["Location"] == "/accounts/login/?next=/portal/people/"


def test_private_pages_are_kept_by_no_cache(client, admin):
    answer = client.get(reverse("oms_portal:people"))

    assert answer["Cache-Control"] == "private, no-store"
    assert "Cookie" in answer["Vary"]


def test_a_page_for_people_carries_no_inline_code(client, admin, own):
    for name in ("people", "invite"):
        page = text(client.get(reverse(f"oms_portal:{name}")))
        assert not re.search(r"<style|style=|\son\w+=|<script(?![^>]*\ssrc=)", page)


def test_names_that_look_like_code_stay_words(client, admin, own):
    person("buyer@c1.example", own, first_name="<script>x</script>")

    page = text(client.get(reverse("oms_portal:people")))

    assert "&lt;script&gt;x" in page


# Inviting


def test_inviting_sends_a_link_in_the_language_of_the_company(client, admin, own):
    page = send(client)

    assert "An invitation was sent to new@c1.example." in text(page)
    assert mail.outbox[0].to == ["new@c1.example"]
    assert mail.outbox[0].subject == "Your access to the orders of Nordwerk"
    assert "as: Buyer" in mail.outbox[0].body


def test_a_company_name_with_a_line_break_makes_no_second_header(client, admin, own):
    own.name = "Nordwerk\r\nBcc: all@evil.example"
    own.save()

    send(client)

    message = mail.outbox[0].message()
    assert message["Bcc"] is None
    assert "\n" not in mail.outbox[0].subject


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"email": "nobody"}, "Enter a valid email address."),
        ({"email": "a@b.example\nBcc: c@d.example"}, "Enter a valid email address."),
        ({"role": "owner"}, "is not one of the available choices"),
        ({"reach": "some"}, "Mark at least one place."),
        ({"company": "0"}, "not one of the available choices"),
    ],
)
def test_a_wrong_form_says_what_is_wrong_and_sends_nothing(client, admin, fields, error):
    page = send(client, **fields)

    assert error in text(page)
    assert not mail.outbox
    assert not Invitation.objects.exists()


def test_places_of_others_are_not_offered_and_not_taken(client, admin, own):
    foreign = address(company("C2"), "S9", name="Secret plant")

    assert "Secret plant" not in text(client.get(reverse("oms_portal:invite")))
    page = send(client, reach="some", ship_tos=[foreign.pk])

    assert "Select a valid choice" in text(page)
    assert not Invitation.objects.exists()


def test_subsidiaries_are_offered_to_those_only_who_reach_them(client, admin, own):
    company("LOW", parent=own)
    page = text(client.get(reverse("oms_portal:invite")))
    assert "all subsidiaries" not in page

    send(client, include_subsidiaries="on")
    assert not Invitation.objects.get().include_subsidiaries

    Membership.objects.filter(user=admin).update(include_subsidiaries=True)
    assert "all subsidiaries" in text(client.get(reverse("oms_portal:invite")))


def test_extra_fields_in_the_form_change_nothing(client, admin):
    send(client, is_staff="on", token_digest="x", invited_by="7", accepted_at="2026-01-01")

    invitation = Invitation.objects.get()
    assert invitation.invited_by == admin
    assert invitation.accepted_at is None


def test_an_invitation_whose_mail_fails_is_taken_back(client, admin, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

    page = send(client)

    assert "could not be sent" in text(page)
    assert Invitation.objects.get().revoked_at


def test_an_invitation_is_taken_back(client, admin):
    send(client)
    invitation = Invitation.objects.get()

    page = client.post(reverse("oms_portal:revoke_invitation", args=[invitation.pk]), follow=True)

    assert "The invitation was taken back." in text(page)
    assert "new@c1.example" not in text(client.get(reverse("oms_portal:people")))
    client.logout()
    assert client.get(link()).status_code == 404


# Changing


def test_rights_are_changed_and_people_removed(client, admin, own):
    membership = person("buyer@c1.example", own).oms_memberships.get()
    place = address(own)
    url = reverse("oms_portal:member", args=[membership.pk])

    client.post(url, {"role": "viewer", "reach": "some", "ship_tos": [place.pk]})
    membership.refresh_from_db()
    assert (membership.role, membership.all_ship_tos) == ("viewer", False)

    page = client.post(reverse("oms_portal:remove_member", args=[membership.pk]), follow=True)
    assert "The person was removed." in text(page)
    assert not Membership.objects.filter(pk=membership.pk).exists()


def test_the_last_administrator_is_told_why_they_stay(client, admin):
    membership = admin.oms_memberships.get()

    page = client.post(reverse("oms_portal:remove_member", args=[membership.pk]), follow=True)

    assert "keeps at least one administrator" in text(page)


@pytest.mark.parametrize("name", ["member", "remove_member", "revoke_invitation"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_people_of_others_answer_exactly_as_nobody(client, admin, name, method):
    other = company("C2")
    membership = person("x@c2.example", other).oms_memberships.get()
    foreign = Invitation.objects.create(
        company=other, email="y@c2.example", token_digest="d", expires_at=timezone.now()
    )
    pk = foreign.pk if name == "revoke_invitation" else membership.pk

    answers = [
        getattr(client, method)(reverse(f"oms_portal:{name}", args=[n])) for n in (pk, 999999)
    ]

    assert answers[0].status_code == answers[1].status_code
    assert answers[0].status_code in (404, 405)
    assert answers[0].content == answers[1].content
    assert Membership.objects.filter(pk=membership.pk).exists()


# Accepting


def test_somebody_new_sets_a_password_and_is_in(client, admin, own):
    send(client)
    client.logout()

    first = client.get(link())
    assert first["Location"] == "/portal/invitation/"
    assert first["Referrer-Policy"] == "no-referrer"
    page = client.get("/portal/invitation/")
    assert "You will sign in as new@c1.example" in text(page)
    done = client.post("/portal/invitation/", {"password": PASSWORD, "first_name": "Nora"})

    user = User.objects.get(email="new@c1.example")
    assert (done.status_code, done["Location"]) == (302, "/portal/orders/")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert user.oms_memberships.get().role == "buyer"
    assert EmailAddress.objects.get(user=user).verified
    assert client.get(link()).status_code == 404


@pytest.mark.parametrize(
    ("password", "error"),
    [("", "This field is required."), ("short", "too short"), ("new@c1.example", "too similar")],
)
def test_a_weak_password_is_refused_in_words(client, admin, settings, password, error):
    settings.AUTH_PASSWORD_VALIDATORS = [
        {"NAME": f"django.contrib.auth.password_validation.{name}"}
        for name in ("MinimumLengthValidator", "UserAttributeSimilarityValidator")
    ]
    send(client)
    client.logout()
    client.get(link())

    page = client.post("/portal/invitation/", {"password": password})

    assert error in text(page)
    assert not User.objects.filter(email="new@c1.example").exists()


def test_the_address_can_not_be_swapped_on_the_way(client, admin):
    send(client)
    client.logout()
    client.get(link())

    client.post("/portal/invitation/", {"password": PASSWORD, "email": "evil@x.example"})

    assert not User.objects.filter(email="evil@x.example").exists()
    assert User.objects.filter(email="new@c1.example").exists()


def test_somebody_with_an_account_signs_in_and_accepts(client, admin, own):
    other = company("C2", name="Other company")
    user = person("new@c1.example", other)
    send(client)
    client.logout()
    client.get(link())

    asked = client.get("/portal/invitation/")
    assert "/accounts/login/?next=/portal/invitation/" in text(asked)
    client.post(
        "/accounts/login/?next=/portal/invitation/",
        {"login": "new@c1.example", "password": PASSWORD},
    )
    assert "You are invited to Nordwerk" in text(client.get("/portal/invitation/"))
    client.post("/portal/invitation/")

    assert user.oms_memberships.filter(company=own, role="buyer").exists()
    assert client.session["oms_company"] == own.pk


def test_a_forwarded_link_opens_nothing_to_another_account(client, admin):
    send(client)
    client.force_login(person("stranger@c2.example"))
    client.get(link())

    page = client.get("/portal/invitation/")
    client.post("/portal/invitation/")

    assert "for another e-mail address" in text(page)
    assert "new@c1.example" not in text(page)
    assert Invitation.objects.get().accepted_at is None


@pytest.mark.parametrize("token", ["x", "a" * 43, "%00", "a" * 5000, "..%2F..", "%ED%A0%80"])
def test_any_other_token_is_no_invitation(client, token):
    answer = client.get(f"/portal/invitation/{token}/")

    assert answer.status_code == 404


def test_guessing_links_is_slowed_down(client):
    answers = {client.get(f"/portal/invitation/{n}/").status_code for n in range(31)}

    assert answers == {404, 429}


def test_without_an_invitation_in_hand_the_page_is_none(client):
    assert client.get("/portal/invitation/").status_code == 404
    assert client.post("/portal/invitation/", {"password": PASSWORD}).status_code == 404


# Switching


def test_a_person_switches_between_their_companies(client, own):
    user = person(company=own)
    second = company("C2")
    member(user, second)
    client.force_login(user)

    answer = client.post(
        reverse("oms_portal:switch_company"), {"company": second.pk, "next": "/portal/people/"}
    )

    assert answer["Location"] == "/portal/people/"
    assert client.session["oms_company"] == second.pk


@pytest.mark.parametrize("chosen", ["", "x", "-1", "²", "9" * 400, "9" * 5000])
def test_no_company_of_ones_own_is_nowhere(client, own, chosen):
    company("C2")
    client.force_login(person(company=own))

    answer = client.post(reverse("oms_portal:switch_company"), {"company": chosen})

    assert answer.status_code == 404


@pytest.mark.parametrize("next_", ["https://evil.example/", "//evil.example", "http://[x", "java:"])
def test_switching_leads_to_no_foreign_page(client, own, next_):
    client.force_login(person(company=own))

    answer = client.post(reverse("oms_portal:switch_company"), {"company": own.pk, "next": next_})

    assert answer["Location"] == "/portal/orders/"
