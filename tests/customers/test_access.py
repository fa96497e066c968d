"""Who may see and do what: the rules on rows, before any page."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser, Group

from oms_portal.customers.access import (
    STRANGER,
    VERBS,
    Actor,
    actor_for,
    actors,
    can,
    visible,
)
from oms_portal.customers.models import Address, Company, Invitation, Membership, Role
from tests.factories import address, company, member, person


pytestmark = pytest.mark.django_db


def test_a_person_sees_their_own_company_and_no_other():
    own, other = company("C1"), company("C2")
    actor = actor_for(person(company=own))

    assert list(visible(actor, Company)) == [own]
    assert can(actor, "view", own)
    assert not can(actor, "view", other)


def test_nobody_and_strangers_see_nothing():
    company("C1")

    for user in (AnonymousUser(), person("lost@nowhere.example")):
        assert not visible(actor_for(user), Company).exists()
        assert not actor_for(user)


def test_an_inactive_person_is_a_stranger():
    user = person(company=company("C1"))
    user.is_active = False
    user.save()

    assert actor_for(user) == STRANGER


def test_staff_of_the_site_have_no_rights_here_without_a_membership():
    own = company("C1")
    root = person("root@shop.example", is_superuser=True, staff=["Desk"])

    assert not can(actor_for(root), "view", own)
    assert not visible(actor_for(root), Company).exists()


def test_a_model_that_nobody_placed_is_visible_to_nobody():
    admin = actor_for(person(company=company("C1"), role="admin"))
    group = Group.objects.create(name="Anything")

    assert not visible(admin, Group).exists()
    assert not can(admin, "view", group)


def test_a_verb_that_is_not_listed_is_allowed_to_nobody():
    own = company("C1")

    assert not can(actor_for(person(company=own, role="admin")), "delete", own)


@pytest.mark.parametrize("role", Role.values)
def test_each_role_may_do_its_own_verbs_only(role):
    own = company("C1")
    actor = actor_for(person(company=own, role=role))

    allowed = {verb for verb in VERBS if can(actor, verb, own)}

    assert (
        allowed
        == {
            "viewer": {"view"},
            "buyer": {"view", "change", "cancel", "return"},
            "returns": {"view", "return"},
            "address_editor": {"view", "change", "new_address"},
            "admin": {"view", "change", "cancel", "new_address", "return", "invite"},
        }[role]
    )


def test_subsidiaries_are_reached_only_where_the_membership_says_so():
    top = company("TOP")
    middle = company("MID", parent=top)
    bottom = company("LOW", parent=middle)
    chief = actor_for(person("chief@top.example", top, include_subsidiaries=True))
    clerk = actor_for(person("clerk@top.example", top))
    local = actor_for(person("local@low.example", bottom, include_subsidiaries=True))

    assert set(visible(chief, Company)) == {top, middle, bottom}
    assert set(visible(clerk, Company)) == {top}
    assert set(visible(local, Company)) == {bottom}


def test_a_circle_of_parents_is_no_trap():
    first = company("C1")
    second = company("C2", parent=first)
    company("C1", parent=second)

    actor = actor_for(person(company=first, include_subsidiaries=True))

    assert set(visible(actor, Company)) == {first, second}


def test_a_person_limited_to_ship_tos_sees_the_company_and_these_places_only():
    own = company("C1")
    mine, theirs = address(own, "S1"), address(own, "S2")
    actor = actor_for(person(company=own, ship_tos=[mine]))

    assert list(visible(actor, Company)) == [own]
    assert list(visible(actor, Address)) == [mine]
    assert not can(actor, "view", theirs)


def test_a_person_limited_to_no_ship_to_at_all_sees_no_place():
    own = company("C1")
    address(own, "S1")

    assert not visible(actor_for(person(company=own, ship_tos=[])), Address).exists()


def test_a_ship_to_of_the_same_ref_at_a_subsidiary_is_not_opened():
    top = company("TOP")
    below = company("LOW", parent=top)
    mine, same_ref = address(top, "S1"), address(below, "S1")
    actor = actor_for(person(company=top, ship_tos=[mine], include_subsidiaries=True))

    assert list(visible(actor, Address)) == [mine]
    assert not can(actor, "view", same_ref)
    assert list(visible(actor, Company)) == [top]


def test_a_place_of_another_company_in_the_scope_opens_nothing():
    own, other = company("C1"), company("C2")
    address(own, "S1")
    foreign = address(other, "S1")

    actor = actor_for(person(company=own, ship_tos=[foreign]))

    assert not visible(actor, Address).exists()


def test_people_and_invitations_are_shown_to_those_who_reach_the_whole_company():
    own = company("C1")
    wide = actor_for(person("wide@c1.example", own))
    narrow = actor_for(person("narrow@c1.example", own, ship_tos=[address(own)]))

    assert visible(wide, Membership).count() == 2
    assert not visible(narrow, Membership).exists()
    assert not visible(narrow, Invitation).exists()


def test_the_role_of_one_company_does_not_count_at_another():
    first, second = company("C1"), company("C2")
    user = person(company=first, role="admin")
    member(user, second, "viewer")
    actor = actor_for(user)

    assert can(actor, "invite", first)
    assert not can(actor, "invite", second)


def test_at_narrows_a_person_to_the_grants_of_one_company():
    first, second = company("C1"), company("C2")
    user = person(company=first)
    member(user, second)
    actor = actor_for(user)

    assert actor.company_ids == {first.pk, second.pk}
    assert set(visible(actor.at(first.pk), Company)) == {first}
    assert not actor.at(company("C3").pk)


def test_equal_rights_read_alike_whoever_has_them_and_in_whatever_role():
    own = company("C1")
    places = [address(own, "S1"), address(own, "S2")]
    one = actor_for(person("a@c1.example", own, "viewer", ship_tos=places))
    two = actor_for(person("b@c1.example", own, "admin", ship_tos=places[::-1]))
    wide = actor_for(person("c@c1.example", own))

    assert one.rights == two.rights != wide.rights


def test_an_actor_made_of_rights_sees_the_same_and_may_do_nothing():
    own = company("C1")
    mine = address(own, "S1")
    address(own, "S2")
    actor = actor_for(person(company=own, role="admin", ship_tos=[mine]))

    shadow = Actor.of_rights(actor.rights)

    assert list(visible(shadow, Address)) == list(visible(actor, Address)) == [mine]
    assert shadow.rights == actor.rights
    assert not any(can(shadow, verb, own) for verb in VERBS)


def test_many_people_are_looked_up_in_three_queries(django_assert_max_num_queries):
    top = company("TOP")
    company("LOW", parent=top)
    ids = [
        person(f"p{n}@top.example", top, ship_tos=[address(top)] if n % 2 else None).pk
        for n in range(10)
    ]

    with django_assert_max_num_queries(3):
        found = actors(ids)

    assert len(found) == 10
    assert all(found.values())
