"""Signing in: by invitation only, in several ways, telling strangers nothing."""

from __future__ import annotations

import re
import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.cache import cache
from django.test import Client, override_settings

from oms_portal import live
from oms_portal.customers import actions
from oms_portal.customers.access import actor_for
from oms_portal.customers.actions import Terms
from tests.factories import PASSWORD, company, person


pytestmark = pytest.mark.django_db
User = get_user_model()


@pytest.fixture(autouse=True)
def fresh_limits(settings):
    # A code made just before the half minute turns still fits.
    settings.MFA_TOTP_TOLERANCE = 1
    cache.clear()


def sign_in(client, password=PASSWORD, email="buyer@c1.example", **headers):
    return client.post(
        "/accounts/login/", {"login": email, "password": password}, headers=headers or None
    )


def signed_in(client) -> bool:
    return "_auth_user_id" in client.session


def test_no_greeting_waits_for_a_page_that_shows_messages(client):
    person(company=company("C1"))
    assert sign_in(client).status_code == 302

    assert "signed in as" not in client.get("/accounts/email/").content.decode()


# Nobody signs up


@pytest.mark.parametrize("url", ["/accounts/signup/", "/accounts/signup/passkey/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_there_is_no_public_sign_up(client, url, method):
    answer = getattr(client, method)(
        url, {"email": "new@x.example", "password1": PASSWORD, "password": PASSWORD}
    )

    assert answer.status_code == 404
    assert not User.objects.exists()


def test_with_an_invitation_in_hand_sign_up_leads_to_it(client):
    own = company()
    _, token = actions.invite(
        actor_for(person("admin@c1.example", own, "admin")), own, "new@c1.example", Terms()
    )
    client.get(f"/portal/invitation/{token}/")

    answer = client.get("/accounts/signup/")

    assert (answer.status_code, answer["Location"]) == (302, "/portal/invitation/")


# Signing in


def test_a_person_signs_in_with_their_password_and_lands_at_their_orders(client):
    person(company=company())

    answer = sign_in(client)

    assert answer["Location"] == "/portal/orders/"
    assert signed_in(client)


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "///evil.example",
        "http://[x",
        "http://[",
        "\\\\evil.example",
        "javascript:alert(1)",
        "https:evil.example",
        "http://testserver@evil.example/",
        "http://evil.example\\@testserver/",
        "\x08//evil.example",
        "data:text/html,x",
        "http://testserver.evil.example/",
        "/\\evil.example",
        "%2F%2Fevil.example%2F%00",
    ],
)
def test_signing_in_leads_nowhere_foreign(client, target):
    user = person(company=company())
    answer = client.post(
        "/accounts/login/", {"login": user.email, "password": PASSWORD, "next": target}
    )
    assert answer.status_code == 302
    assert not answer["Location"].startswith(("http", "//", "\\", "java", "data"))

    again = client.get("/accounts/login/", {"next": target})

    assert again.status_code == 302
    assert "evil.example/" not in again["Location"].replace("%2F", "")


def test_a_code_by_mail_signs_in_too(client):
    user = person(company=company())

    client.post("/accounts/login/code/", {"email": user.email})
    code = re.search(r"^([A-Z]{4}-[A-Z]{4})$", mail.outbox[0].body, re.M)[1]
    client.post("/accounts/login/code/confirm/", {"code": code})

    assert signed_in(client)


def test_a_blocked_person_does_not_get_in(client):
    user = person(company=company(), is_active=False)

    sign_in(client)

    assert not signed_in(client)
    assert user.oms_memberships.exists()


@pytest.mark.parametrize("url", ["/accounts/login/code/", "/accounts/password/reset/"])
def test_nobody_learns_who_has_an_account(url):
    person(company=company())

    answers = []
    for email in ("buyer@c1.example", "nobody@c1.example"):
        client = Client()
        first = client.post(url, {"email": email})
        page = client.get(first["Location"]).content.decode().replace(email, "ADDRESS")
        answers.append((first.status_code, first["Location"], re.sub(r'value="\w{64}"', "", page)))

    assert answers[0] == answers[1]
    assert [message.to for message in mail.outbox] == [["buyer@c1.example"]]


def test_a_wrong_password_and_a_wrong_address_read_alike(client):
    person(company=company())

    pages = [
        sign_in(Client(), "wrong", email).content.decode().replace(email, "ADDRESS")
        for email in ("buyer@c1.example", "nobody@c1.example")
    ]

    assert "not correct" in pages[0]
    assert re.sub(r'value="\w{64}"', "", pages[0]) == re.sub(r'value="\w{64}"', "", pages[1])


def test_guessing_passwords_is_stopped_and_a_made_up_proxy_does_not_help():
    person(company=company())

    pages = [
        sign_in(Client(), "wrong", **{"x-forwarded-for": f"10.0.0.{n}"}).content.decode()
        for n in range(12)
    ]

    assert "Too many failed" in pages[-1]


@override_settings(OMS_PORTAL={"TRUSTED_PROXY_COUNT": 1})
def test_behind_a_proxy_sessions_show_the_address_it_saw(client):
    person(company=company())

    sign_in(client, **{"x-forwarded-for": "6.6.6.6, 192.0.2.7"})

    assert UserSession.objects.get().ip == "192.0.2.7"


@pytest.mark.parametrize("remote", ["", "socket"])
def test_without_an_address_one_can_still_sign_in(remote):
    person(company=company())
    client = Client(REMOTE_ADDR=remote)

    sign_in(client)

    assert signed_in(client)


# Second factors


def test_the_seed_of_an_authenticator_app_is_never_in_the_database():
    user = person(company=company())
    seed = totp.generate_totp_secret()

    totp.TOTP.activate(user, seed)

    kept = str(Authenticator.objects.values().get()["data"])
    assert seed not in kept
    assert code_fits(user, seed)


def code_fits(user, seed) -> bool:
    cache.clear()
    code = totp.format_hotp_value(totp.hotp_value(seed, int(time.time()) // 30))
    return Authenticator.objects.get(user=user).wrap().validate_code(code)


@override_settings(OMS_PORTAL={"SECRET_KEYS": ("first",)})
def test_without_its_key_no_code_fits():
    user = person(company=company())
    seed = totp.generate_totp_secret()
    totp.TOTP.activate(user, seed)

    with override_settings(OMS_PORTAL={"SECRET_KEYS": ("second", "first")}):
        assert code_fits(user, seed)
    with override_settings(OMS_PORTAL={"SECRET_KEYS": ("second",)}):
        assert not code_fits(user, seed)


def test_a_password_alone_is_not_enough_once_there_is_a_second_factor(client):
    user = person(company=company())
    totp.TOTP.activate(user, totp.generate_totp_secret())

    answer = sign_in(client)

    assert answer["Location"] == "/accounts/2fa/authenticate/"
    assert not signed_in(client)


def test_passkeys_are_offered(client):
    page = client.get("/accounts/login/").content.decode()

    assert "passkey" in page
    assert client.get("/accounts/2fa/webauthn/login/", HTTP_ACCEPT="application/json").json()


def test_what_guards_an_account_is_changed_by_those_only_who_just_signed_in(client):
    user = person(company=company())
    client.force_login(user)

    for url in ("/accounts/2fa/totp/activate/", "/accounts/2fa/recovery-codes/generate/"):
        answer = client.get(url)
        assert answer["Location"].startswith("/accounts/reauthenticate/"), url


# Sessions


def test_a_person_sees_their_sessions_and_ends_the_others():
    person(company=company())
    here, there = Client(), Client()
    sign_in(here)
    sign_in(there)
    before = live.versions([live.RIGHTS])[live.RIGHTS]

    assert here.get("/accounts/sessions/").status_code == 200
    here.post("/accounts/sessions/")

    assert here.get("/portal/orders/").status_code == 200
    assert there.get("/portal/orders/").status_code == 302
    assert live.versions([live.RIGHTS])[live.RIGHTS] > before


def test_a_new_password_ends_all_sessions():
    user = person(company=company())
    here, there = Client(), Client()
    sign_in(here)
    sign_in(there)

    new = "another 8 battery"
    here.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )

    user.refresh_from_db()
    assert user.check_password(new)
    assert not signed_in(here)
    assert there.get("/portal/orders/").status_code == 302
    assert EmailAddress.objects.get(user=user).verified
