"""Letting people in: within one's own rights, once, and undone at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from oms_portal import live
from oms_portal.customers import actions
from oms_portal.customers.access import actor_for
from oms_portal.customers.actions import Refused, Terms
from oms_portal.customers.invitations import digest_of
from oms_portal.customers.models import Invitation, Membership, Role
from tests.factories import PASSWORD, address, company, member, person


pytestmark = pytest.mark.django_db
User = get_user_model()


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


def admin(at, email="admin@c1.example", **reach):
    return actor_for(person(email, at, "admin", **reach))


def rights_version() -> int:
    return live.versions([live.RIGHTS])[live.RIGHTS]


def invited(at, email="new@c1.example", **terms):
    return actions.invite(admin(at), at, email, Terms(**terms))


# Inviting


def test_an_invitation_keeps_the_hash_of_its_token_and_ends_after_seven_days():
    invitation, token = invited(company())

    assert invitation.token_digest == digest_of(token)
    assert token not in str(Invitation.objects.values().get())
    assert len(token) == 43
    assert invitation.expires_at - invitation.created_at == timedelta(days=7)


@override_settings(OMS_PORTAL={"INVITATION_DAYS": 2})
def test_the_site_says_how_long_invitations_last():
    invitation, _ = invited(company())

    assert invitation.expires_at - invitation.created_at == timedelta(days=2)


def test_inviting_the_same_address_again_replaces_the_open_invitation():
    own = company()
    first, _ = invited(own)
    second, _ = actions.invite(actor_for(User.objects.get()), own, "NEW@c1.example ", Terms())

    first.refresh_from_db()
    assert first.revoked_at is not None
    assert second.email == "new@c1.example"


def test_an_invitation_beyond_ones_own_rights_is_not_replaced():
    own = company()
    first, _ = invited(own, role=Role.ADMIN)
    local = admin(own, "local@c1.example", ship_tos=[place := address(own)])
    second, _ = actions.invite(local, own, "new@c1.example", Terms(ship_tos=(place,)))

    first.refresh_from_db()
    assert first.revoked_at is None and second.revoked_at is None


@pytest.mark.parametrize("role", [role for role in Role.values if role != "admin"])
def test_only_administrators_invite(role):
    own = company()
    actor = actor_for(person(company=own, role=role))

    with pytest.raises(Refused, match="beyond_own_rights"):
        actions.invite(actor, own, "new@c1.example", Terms())


def test_an_administrator_invites_to_no_other_company():
    other = company("C2")

    with pytest.raises(Refused, match="beyond_own_rights"):
        actions.invite(admin(company()), other, "new@c1.example", Terms())


def test_an_administrator_of_some_places_gives_no_others():
    own = company()
    mine, theirs = address(own, "S1"), address(own, "S2")
    actor = admin(own, ship_tos=[mine])

    for beyond in (None, (theirs,), (mine, theirs)):
        with pytest.raises(Refused, match="beyond_own_rights"):
            actions.invite(actor, own, "new@c1.example", Terms(ship_tos=beyond))
    assert actions.invite(actor, own, "new@c1.example", Terms(ship_tos=(mine,)))


def test_places_of_another_company_can_not_be_given():
    own = company()
    foreign = address(company("C2"), "S1")
    address(own, "S1")

    with pytest.raises(Refused, match="beyond_own_rights"):
        actions.invite(admin(own), own, "new@c1.example", Terms(ship_tos=(foreign,)))


def test_subsidiaries_are_given_on_by_those_only_who_reach_them():
    top = company("TOP")
    below = company("LOW", parent=top)
    narrow = admin(top, "narrow@top.example")
    wide = admin(top, "wide@top.example", include_subsidiaries=True)

    with pytest.raises(Refused, match="beyond_own_rights"):
        actions.invite(narrow, top, "new@c1.example", Terms(include_subsidiaries=True))
    with pytest.raises(Refused, match="beyond_own_rights"):
        actions.invite(narrow, below, "new@c1.example", Terms())
    assert actions.invite(wide, top, "new@c1.example", Terms(include_subsidiaries=True))
    assert actions.invite(wide, below, "new@c1.example", Terms())


def test_two_halves_of_a_right_make_no_whole_one():
    own = company()
    mine, theirs = address(own, "S1"), address(own, "S2")
    user = person(company=own, role="admin", ship_tos=[mine])
    member(user, own, "viewer", ship_tos=[theirs])

    with pytest.raises(Refused, match="beyond_own_rights"):
        actions.invite(actor_for(user), own, "new@c1.example", Terms(ship_tos=(theirs,)))


def test_invitations_are_limited_by_the_hour(monkeypatch):
    own = company()
    monkeypatch.setattr(actions, "INVITATIONS_PER_HOUR", 2)
    actor = admin(own)
    for n in range(2):
        actions.invite(actor, own, f"new{n}@c1.example", Terms())

    with pytest.raises(Refused, match="too_many"):
        actions.invite(actor, own, "one-more@c1.example", Terms())


# Accepting


def test_a_new_person_gets_an_account_with_a_verified_address_and_exactly_the_terms():
    own = company()
    place = address(own)
    invitation, _ = invited(own, role="returns", ship_tos=(place,))

    user = actions.accept_as_new(invitation, PASSWORD, "Nora", "New")

    membership = Membership.objects.get(user=user)
    assert user.email == "new@c1.example"
    assert user.check_password(PASSWORD)
    assert EmailAddress.objects.get(user=user).verified
    assert Terms.of(membership) == Terms("returns", False, (place,))
    assert Invitation.objects.get().accepted_by == user


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_the_hash_of_a_new_password(monkeypatch):
    def hashed(user, password):
        assert not connection.in_atomic_block
        user.password = "!"

    monkeypatch.setattr(User, "set_password", hashed)
    invitation, _ = invited(company())

    assert actions.accept_as_new(invitation, PASSWORD).password == "!"


def test_somebody_with_an_account_joins_with_the_same_verified_address():
    own = company()
    invitation, _ = invited(own, role="buyer")
    user = person("new@c1.example", company("C2"))

    actions.accept(invitation, user)

    assert {m.company.ref: m.role for m in Membership.objects.filter(user=user)} == {
        "C1": "buyer",
        "C2": "buyer",
    }


def test_a_forwarded_invitation_opens_nothing():
    invitation, _ = invited(company())
    stranger = person("stranger@c2.example")

    with pytest.raises(Refused, match="other_address"):
        actions.accept(invitation, stranger)
    assert not Membership.objects.filter(user=stranger).exists()


def test_an_address_that_is_not_verified_does_not_count():
    invitation, _ = invited(company())
    user = person("new@c1.example")
    EmailAddress.objects.filter(user=user).update(verified=False)

    with pytest.raises(Refused, match="other_address"):
        actions.accept(invitation, user)


@pytest.mark.parametrize("end", ["accepted", "revoked", "expired", "inviter_left", "inviter_gone"])
def test_an_invitation_that_ended_lets_nobody_in(end):
    own = company()
    person("second@c1.example", own, "admin")
    invitation, _ = invited(own)
    inviter = User.objects.get(email="admin@c1.example")
    if end == "accepted":
        actions.accept_as_new(invitation, PASSWORD)
        User.objects.get(email="new@c1.example").delete()
    elif end == "revoked":
        actions.revoke(actor_for(inviter), invitation)
    elif end == "expired":
        Invitation.objects.update(expires_at=timezone.now())
    elif end == "inviter_left":
        inviter.oms_memberships.all().delete()
    else:
        inviter.delete()
        invitation = Invitation.objects.get()

    with pytest.raises(Refused, match="used"):
        actions.accept_as_new(invitation, PASSWORD)
    assert not User.objects.filter(email="new@c1.example").exists()


def test_an_address_that_has_an_account_gets_no_second_one():
    invitation, _ = invited(company())
    person("New@C1.example")

    with pytest.raises(Refused, match="has_account"):
        actions.accept_as_new(invitation, PASSWORD)
    assert Invitation.objects.get().accepted_at is None


def test_accepting_again_in_the_same_role_takes_the_newer_terms():
    own = company()
    place = address(own)
    user = person("new@c1.example", own, "buyer")
    invitation, _ = invited(own, role="buyer", ship_tos=(place,))

    membership = actions.accept(invitation, user)

    assert Terms.of(membership) == Terms("buyer", False, (place,))
    assert Membership.objects.filter(user=user).count() == 1


@pytest.mark.parametrize("held", [None, ["S2"]])
def test_an_administrator_of_some_places_takes_nothing_away_by_an_invitation(held):
    own = company()
    places = {ref: address(own, ref) for ref in ("S1", "S2")}
    boss = person("boss@c1.example", own, "admin", None if held is None else [places["S2"]])
    local = admin(own, "local@c1.example", ship_tos=[places["S1"]])
    invitation, _ = actions.invite(
        local, own, "boss@c1.example", Terms(Role.ADMIN, ship_tos=(places["S1"],))
    )

    membership = actions.accept(invitation, boss)

    assert membership.all_ship_tos is (held is None)
    grant = actor_for(boss).grants[0]
    assert grant.ship_tos is None if held is None else grant.ship_tos == {"S1", "S2"}


@pytest.mark.django_db(transaction=True)
def test_of_many_who_accept_at_the_same_instant_one_gets_in():
    invitation, _ = invited(company())

    def accept(_):
        try:
            actions.accept_as_new(invitation, PASSWORD)
        except Refused as refused:
            return refused.code
        finally:
            connection.close()
        return "in"

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(accept, range(4)))

    assert sorted(answers) == ["in", "used", "used", "used"]
    assert User.objects.filter(email="new@c1.example").count() == 1


# Changing and removing


def test_a_membership_is_changed_within_ones_own_rights():
    own = company()
    place = address(own)
    membership = person(company=own, role="buyer").oms_memberships.get()

    actions.change_membership(admin(own), membership, Terms("viewer", False, (place,)))

    membership.refresh_from_db()
    assert Terms.of(membership) == Terms("viewer", False, (place,))


def test_an_administrator_of_some_places_does_not_touch_those_with_more():
    own = company()
    actor = admin(own, ship_tos=[address(own)])
    membership = person(company=own).oms_memberships.get()

    with pytest.raises(Refused, match="beyond_own_rights"):
        actions.remove_member(actor, membership)
    with pytest.raises(Refused, match="beyond_own_rights"):
        actions.change_membership(actor, membership, Terms(ship_tos=(address(own),)))


def test_the_last_administrator_stays():
    own = company()
    actor = admin(own)
    alone = Membership.objects.get()
    person("deputy@c1.example", own, "admin", is_active=False)

    with pytest.raises(Refused, match="last_admin"):
        actions.remove_member(actor, alone)
    with pytest.raises(Refused, match="last_admin"):
        actions.change_membership(actor, alone, Terms("viewer"))
    person("second@c1.example", own, "admin")
    actions.remove_member(actor, alone)


def test_a_person_has_a_role_once():
    own = company()
    user = person(company=own, role="buyer")
    member(user, own, "viewer")
    membership = user.oms_memberships.get(role="viewer")

    with pytest.raises(Refused, match="has_role"):
        actions.change_membership(admin(own), membership, Terms("buyer"))


# Rights end at once


def test_whatever_moves_rights_grows_their_topic():
    own = company()
    place = address(own)
    actor = admin(own)
    steps = {
        "accept": lambda: actions.accept_as_new(
            actions.invite(actor, own, "new@c1.example", Terms())[0], PASSWORD
        ),
        "change": lambda: actions.change_membership(
            actor, Membership.objects.get(role="viewer"), Terms("viewer", False, (place,))
        ),
        "scope": lambda: Membership.objects.get(role="viewer").ship_tos.clear(),
        "remove": lambda: actions.remove_member(actor, Membership.objects.get(role="viewer")),
        "password": lambda: change(set_password="another 8 battery"),
        "block": lambda: change(is_active=False),
        "delete": lambda: User.objects.get(email="new@c1.example").delete(),
    }

    def change(set_password="", **fields):
        user = User.objects.get(email="new@c1.example")
        for name, value in fields.items():
            setattr(user, name, value)
        if set_password:
            user.set_password(set_password)
        user.save()

    for name, step in steps.items():
        before = rights_version()
        step()
        assert rights_version() > before, name


def test_signing_out_grows_the_topic_of_rights_and_looking_around_does_not(client):
    client.force_login(person(company=company()))
    before = rights_version()
    user = User.objects.get()
    user.first_name = "Bo"
    user.save()
    assert rights_version() == before

    client.logout()

    assert rights_version() > before
