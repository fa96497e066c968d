"""Which people and invitations somebody may see and manage."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from .access import GRANTABLE, Actor
from .actions import Terms, may_grant
from .invitations import usable
from .models import Address, Company, Invitation, Membership, Role


def manageable(actor: Actor) -> QuerySet[Company]:
    """The companies this actor may invite people to."""
    ids = {pk for grant in actor.grants if grant.role in GRANTABLE for pk in grant.company_ids}
    return Company.objects.filter(pk__in=ids)


def grantable_roles(actor: Actor) -> list[tuple[str, str]]:
    """The roles this actor may hand out, with their words."""
    known = frozenset[str]().union(*(GRANTABLE.get(g.role, ()) for g in actor.grants))
    return [(role.value, str(role.label)) for role in Role if role.value in known]


def grantable_ship_tos(actor: Actor) -> QuerySet[Address]:
    """The places this actor may limit somebody to: those not archived that they manage."""
    own = Address.objects.none()
    for grant in actor.grants:
        if grant.role in GRANTABLE:
            places = Address.objects.filter(company__in=grant.company_ids, archived_at=None)
            own |= places if grant.ship_tos is None else places.filter(ref__in=grant.ship_tos)
    return own.select_related("company").order_by("company__name", "name", "ref")


def people(actor: Actor, **only: Any) -> list[Membership]:
    """The memberships this actor manages: those they could have given themselves.

    ``only`` are lookups that narrow the search (``pk=7``).
    """
    rows = (
        Membership.objects.filter(company__in=manageable(actor), **only)
        .select_related("user", "company")
        .prefetch_related("ship_tos")
        .order_by("company__name", "user__email", "pk")
    )
    return [row for row in rows if may_grant(actor, row.company, Terms.of(row))]


def open_invitations(actor: Actor, **only: Any) -> list[Invitation]:
    """The invitations this actor may take back, newest first; ``only`` as in ``people``."""
    rows = (
        usable()
        .filter(company__in=manageable(actor), **only)
        .select_related("company", "invited_by")
        .prefetch_related("ship_tos")
    )
    return [row for row in rows if may_grant(actor, row.company, Terms.of(row))]
