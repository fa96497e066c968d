"""What people do about people: invite, revoke, accept, change and remove memberships.

Rights follow at once: every change of a membership tells the live pages (``revocation``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.account.utils import user_email, user_field
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils import timezone

from oms_portal.conf import settings
from oms_portal.erp.limits import count

from .access import GRANTABLE, Actor, actor_for
from .invitations import digest_of, new_token, usable
from .models import Address, Company, Invitation, Membership, Role


INVITATIONS_PER_HOUR = 30
STAFF_INVITATIONS_PER_HOUR = 300
STAFF_RIGHT = "oms_portal.add_invitation"


class Refused(Exception):
    """A wish that the rules don't allow. ``code`` says why:

    "beyond_own_rights", "too_many" (invitations in an hour), "used" (accepted, revoked, expired
    or given by somebody who may no longer give it), "other_address", "has_account", "has_role",
    "last_admin".
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Terms:
    """What a membership is to cover. ``ship_tos`` None: all of the company's, now and later."""

    role: str = Role.VIEWER
    include_subsidiaries: bool = False
    ship_tos: tuple[Address, ...] | None = None

    @classmethod
    def of(cls, scope: Membership | Invitation) -> Terms:
        places = None if scope.all_ship_tos else tuple(scope.ship_tos.all())
        return cls(scope.role, scope.include_subsidiaries, places)


def may_grant(actor: Actor, company: Company, terms: Terms) -> bool:
    """Nobody hands out more than one grant of their own stands for: role, places, subsidiaries."""
    places = terms.ship_tos
    if places is not None and any(place.company_id != company.pk for place in places):
        return False
    return any(
        terms.role in GRANTABLE.get(grant.role, frozenset())
        and company.pk in grant.company_ids
        and (grant.ship_tos is None or _within(places, grant.ship_tos))
        and (grant.below or not terms.include_subsidiaries)
        for grant in actor.grants
    )


def _within(places: Iterable[Address] | None, refs: frozenset[str]) -> bool:
    return places is not None and {place.ref for place in places} <= refs


def invite(actor: Actor, company: Company, email: str, terms: Terms) -> tuple[Invitation, str]:
    """Invite somebody in a person's name; returns the token too, which is kept nowhere.

    Open invitations of the same address to the same company are replaced, but for those that the
    person could not take back. Raises Refused.
    """
    if not may_grant(actor, company, terms):
        raise Refused("beyond_own_rights")
    if count("invite", str(actor.user_id), seconds=3600) > INVITATIONS_PER_HOUR:
        raise Refused("too_many")
    return issue(company, email, terms, actor)


def may_invite_anybody(user: Any) -> bool:
    """One of the supplier's own people with the right to let anybody in, anywhere, as anything."""
    return bool(user.is_active and user.has_perm(STAFF_RIGHT))


def invite_as_staff(
    user: Any, company: Company, email: str, terms: Terms
) -> tuple[Invitation, str]:
    """Invite somebody in the supplier's name. It is good for as long as ``user`` keeps the right;
    open invitations of the same address to the same company are replaced. Raises Refused."""
    if not may_invite_anybody(user) or any(
        place.company_id != company.pk for place in terms.ship_tos or ()
    ):
        raise Refused("beyond_own_rights")
    if count("invite", str(user.pk), seconds=3600) > STAFF_INVITATIONS_PER_HOUR:
        raise Refused("too_many")
    return issue(company, email, terms, staff=user)


@transaction.atomic
def issue(
    company: Company, email: str, terms: Terms, actor: Actor | None = None, staff: Any = None
) -> tuple[Invitation, str]:
    """Make an invitation without asking for rights: for the supplier's own people (``staff``) and
    commands, who are no ``actor``."""
    token, now, email = new_token(), timezone.now(), email.strip().lower()
    for known in usable().filter(company=company, email=email):
        if actor is None or may_grant(actor, company, Terms.of(known)):
            usable().filter(pk=known.pk).update(revoked_at=now)
    invitation = Invitation.objects.create(
        company=company,
        role=terms.role,
        include_subsidiaries=terms.include_subsidiaries,
        all_ship_tos=terms.ship_tos is None,
        email=email,
        token_digest=digest_of(token),
        invited_by_id=actor.user_id if actor else getattr(staff, "pk", None),
        by_staff=actor is None,
        created_at=now,
        expires_at=now + timedelta(days=settings().INVITATION_DAYS),
    )
    invitation.ship_tos.set(terms.ship_tos or ())
    return invitation, token


def revoke(actor: Actor, invitation: Invitation) -> None:
    """Take an open invitation back. Raises Refused."""
    if not may_grant(actor, invitation.company, Terms.of(invitation)):
        raise Refused("beyond_own_rights")
    if not usable().filter(pk=invitation.pk).update(revoked_at=timezone.now()):
        raise Refused("used")


def revoke_as_staff(user: Any, invitation: Invitation) -> None:
    """Take any open invitation back in the supplier's name. Raises Refused."""
    if not may_invite_anybody(user):
        raise Refused("beyond_own_rights")
    if not usable().filter(pk=invitation.pk).update(revoked_at=timezone.now()):
        raise Refused("used")


@transaction.atomic
def accept(invitation: Invitation, user: AbstractBaseUser) -> Membership:
    """Let somebody who has an account take the invitation of their address. Raises Refused."""
    own = EmailAddress.objects.filter(user=user, verified=True, email__iexact=invitation.email)
    if not own.exists():
        raise Refused("other_address")
    _claim(invitation)
    return _join(invitation, user)


def accept_as_new(
    invitation: Invitation, password: str, first_name: str = "", last_name: str = ""
) -> AbstractBaseUser:
    """Make the invited person's account; the link came by e-mail, so the address is verified.

    Raises Refused, "has_account" where the address belongs to somebody already.
    """
    user: AbstractBaseUser = get_adapter().new_user(None)
    user_email(user, invitation.email)
    user_field(user, "first_name", first_name)
    user_field(user, "last_name", last_name)
    # Slow on purpose: not in the transaction, where SQLite's other writers would wait for it.
    user.set_password(password)
    return _join_as_new(invitation, user)


@transaction.atomic
def _join_as_new(invitation: Invitation, user: AbstractBaseUser) -> AbstractBaseUser:
    _claim(invitation)
    if has_account(invitation.email):
        raise Refused("has_account")
    get_adapter().populate_username(None, user)
    try:
        with transaction.atomic():
            user.save()
            EmailAddress.objects.create(
                user=user, email=invitation.email, verified=True, primary=True
            )
    except IntegrityError:
        raise Refused("has_account") from None
    _join(invitation, user)
    return user


def has_account(email: str) -> bool:
    return (
        EmailAddress.objects.filter(email__iexact=email).exists()
        or get_user_model()._default_manager.filter(email__iexact=email).exists()
    )


def _claim(invitation: Invitation) -> None:
    """Take the invitation, once: of two who try at the same instant one finds no row."""
    if not usable().filter(pk=invitation.pk).update(accepted_at=timezone.now()):
        raise Refused("used")
    if not _is_given(invitation, Terms.of(invitation)):
        raise Refused("used")


def _is_given(invitation: Invitation, terms: Terms) -> bool:
    """Whether whoever invited could give these terms at that company today."""
    inviter = invitation.invited_by
    if inviter is None:
        return True
    if invitation.by_staff:
        return may_invite_anybody(inviter)
    return may_grant(actor_for(inviter), invitation.company, terms)


def _join(invitation: Invitation, user: AbstractBaseUser) -> Membership:
    """The newer terms count; but rights that the inviter does not manage are only added to."""
    Invitation.objects.filter(pk=invitation.pk).update(accepted_by=user)
    same = {"user_id": user.pk, "company": invitation.company, "role": invitation.role}
    known = Membership.objects.filter(**same).first()
    if known and not _is_given(invitation, Terms.of(known)):
        if not known.all_ship_tos:
            known.ship_tos.add(*invitation.ship_tos.all())
        return known
    membership, _ = Membership.objects.update_or_create(
        **same,
        defaults={
            "include_subsidiaries": invitation.include_subsidiaries,
            "all_ship_tos": invitation.all_ship_tos,
        },
    )
    membership.ship_tos.set(invitation.ship_tos.all())
    return membership


@transaction.atomic
def change_membership(actor: Actor, membership: Membership, terms: Terms) -> None:
    """Give a membership other terms, within the actor's own rights before and after. Raises
    Refused, "has_role" where the person already holds that role at the company."""
    _check_manages(actor, membership)
    if not may_grant(actor, membership.company, terms):
        raise Refused("beyond_own_rights")
    if terms.role != Role.ADMIN or terms.ship_tos is not None:
        _keep_an_admin(membership)
    membership.role = terms.role
    membership.include_subsidiaries = terms.include_subsidiaries
    membership.all_ship_tos = terms.ship_tos is None
    try:
        with transaction.atomic():
            membership.save()
    except IntegrityError:
        raise Refused("has_role") from None
    membership.ship_tos.set(terms.ship_tos or ())


@transaction.atomic
def remove_member(actor: Actor, membership: Membership) -> None:
    """End a membership; the account stays, for other companies. Raises Refused."""
    _check_manages(actor, membership)
    _keep_an_admin(membership)
    membership.delete()


def _check_manages(actor: Actor, membership: Membership) -> None:
    if not may_grant(actor, membership.company, Terms.of(membership)):
        raise Refused("beyond_own_rights")


def _keep_an_admin(membership: Membership) -> None:
    """A company that had an administrator of all of it keeps one; the row lock makes two who
    leave at once take turns."""
    if membership.role != Role.ADMIN or not membership.all_ship_tos:
        return
    Company.objects.select_for_update().get(pk=membership.company_id)
    others = Membership.objects.filter(
        company=membership.company, role=Role.ADMIN, all_ship_tos=True, user__is_active=True
    ).exclude(pk=membership.pk)
    if not others.exists():
        raise Refused("last_admin")
