"""Who may see and do what. Every view, fragment, topic, file and export asks here; deny by default.

A feature says once which rows of its model lie at which company and ship-to, with ``placed``;
``visible`` and ``can`` follow from it. What is not registered is visible to nobody.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet, prefetch_related_objects
from django.http import HttpRequest

from .models import Address, Company, Invitation, Membership, Role


ALL_ROLES = frozenset(Role.values)
# What each verb needs. A verb that is not here is allowed to nobody.
VERBS: dict[str, frozenset[str]] = {
    "view": ALL_ROLES,
    "invite": frozenset({Role.ADMIN}),
    "change": frozenset({Role.BUYER, Role.ADDRESS_EDITOR, Role.ADMIN}),
    "cancel": frozenset({Role.BUYER, Role.ADMIN}),
    "new_address": frozenset({Role.ADDRESS_EDITOR, Role.ADMIN}),
    "return": frozenset({Role.BUYER, Role.RETURNS, Role.ADMIN}),
}
# An inviter hands out at most what these roles stand for.
GRANTABLE: dict[str, frozenset[str]] = {Role.ADMIN: ALL_ROLES}

# For rows that concern everybody at a company, also those who are limited to some ship-tos.
EVERYWHERE = "*"

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Grant:
    """One membership, with the companies it reaches; ``ship_tos`` None means all of them.

    ``ship_tos`` are refs, and a ref names a place at one company only: whoever is limited to some
    reaches the membership's own company and no subsidiary.
    """

    company_id: int
    role: str
    company_ids: frozenset[int]
    ship_tos: frozenset[str] | None
    # Subsidiaries are reached too, also those that there will be.
    below: bool = False
    # The company of ``company_id`` where it came along: what a frame says of it.
    company: Company | None = field(default=None, compare=False, repr=False)

    def covers(self, company_id: int | None, ship_to: str | None) -> bool:
        if company_id not in self.company_ids:
            return False
        return self.ship_tos is None or ship_to in self.ship_tos


@dataclass(frozen=True)
class Actor:
    """A person as the rules see them; ``grants`` is empty for strangers."""

    user_id: int | None
    grants: tuple[Grant, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.grants)

    @property
    def company_ids(self) -> frozenset[int]:
        return frozenset().union(*(grant.company_ids for grant in self.grants))

    @property
    def rights(self) -> str:
        """What this actor may see, as text: equal for two people who may see the same."""
        reach = {
            (
                tuple(sorted(g.company_ids)),
                None if g.ship_tos is None else tuple(sorted(g.ship_tos)),
            )
            for g in self.grants
        }
        return json.dumps(sorted(reach, key=repr))

    def split(self) -> list[Actor]:
        """Somebody for each company that this actor sees whole, and for each place at another:
        together they see the same, and no row is seen by two of them."""
        whole = {pk for g in self.grants if g.ship_tos is None for pk in g.company_ids}
        single = {
            (pk, ref)
            for g in self.grants
            for pk in g.company_ids - whole
            for ref in g.ship_tos or ()
        }
        grants = [Grant(0, "", frozenset({pk}), None) for pk in sorted(whole)]
        grants += [Grant(0, "", frozenset({pk}), frozenset({ref})) for pk, ref in sorted(single)]
        return [Actor(None, (grant,)) for grant in grants]

    @classmethod
    def of_rights(cls, rights: str) -> Actor:
        """Somebody who may see exactly this and do nothing: for renderers that know no person."""
        return cls(
            None,
            tuple(
                Grant(0, "", frozenset(ids), None if places is None else frozenset(places))
                for ids, places in json.loads(rights)
            ),
        )

    def at(self, company_id: int) -> Actor:
        """The same person, seen through the grants they hold at one company."""
        return Actor(
            self.user_id, tuple(grant for grant in self.grants if grant.company_id == company_id)
        )

    def filter(self, company: str, ship_to: str | None) -> Q:
        """The rows this person may see, given the lookups of a row's company id and ship-to ref.

        With ``ship_to`` None the rows belong to the company as a whole: a person who is limited
        to some ship-tos does not see them. With EVERYWHERE they do.
        """
        rows = Q(pk__in=())
        for grant in self.grants:
            row = Q(**{f"{company}__in": sorted(grant.company_ids)})
            if grant.ship_tos is not None and ship_to != EVERYWHERE:
                if ship_to is None:
                    continue
                row &= Q(**{f"{ship_to}__in": sorted(grant.ship_tos)})
            rows |= row
        return rows


STRANGER = Actor(None)


def actors(user_ids: Iterable[int]) -> dict[int, Actor]:
    """The actor of each of these people, in three queries at most; inactive people are strangers."""
    ids = list(user_ids)
    memberships = list(
        Membership.objects.filter(user__in=ids, user__is_active=True)
        .select_related("company")
        .order_by("company__name", "pk")
    )
    prefetch_related_objects([m for m in memberships if not m.all_ship_tos], "ship_tos")
    below = _descendants(
        {m.company_id for m in memberships if m.include_subsidiaries and m.all_ship_tos}
    )
    grants: dict[int, list[Grant]] = {}
    for m in memberships:
        wide = m.include_subsidiaries and m.all_ship_tos
        reach = below[m.company_id] if wide else frozenset({m.company_id})
        grant = Grant(m.company_id, m.role, reach, _ship_tos(m), wide, m.company)
        grants.setdefault(m.user_id, []).append(grant)
    return {
        user_id: Actor(user_id, tuple(grants[user_id])) if user_id in grants else STRANGER
        for user_id in ids
    }


def _ship_tos(m: Membership) -> frozenset[str] | None:
    if m.all_ship_tos:
        return None
    return frozenset(place.ref for place in m.ship_tos.all() if place.company_id == m.company_id)


def actor_for(user: AbstractBaseUser | AnonymousUser) -> Actor:
    return actors([user.pk])[user.pk] if user.pk is not None else STRANGER


def actor_of(request: HttpRequest) -> Actor:
    """The actor of a request, looked up once."""
    actor: Actor | None = getattr(request, "_oms_actor", None)
    if actor is None:
        actor = actor_for(request.user)
        request._oms_actor = actor  # type: ignore[attr-defined]  # kept with the request
    return actor


def person_of(request: HttpRequest) -> AbstractBaseUser:
    """Who is signed in, for what people do; PermissionDenied where nobody is, which views that
    declare a right never see."""
    user = request.user
    if not isinstance(user, AbstractBaseUser):
        raise PermissionDenied
    return user


_placed: dict[type[Model], tuple[str, str | None]] = {}


def placed(model: type[Model], *, company: str, ship_to: str | None = None) -> None:
    """Register where rows of ``model`` lie, as lookups from the model: the company's id and,
    where rows go to a place, the ship-to's ref ("order__company_id", "order__ship_to_ref").

    Without ``ship_to`` only people who reach the whole company see them; EVERYWHERE: all its people.
    """
    _placed[model] = (company, ship_to)


def visible(actor: Actor, model: type[M]) -> QuerySet[M]:
    """The rows of ``model`` this actor may see; none where nobody registered the model."""
    rows = model._default_manager.all()
    if model not in _placed or not actor:
        return rows.none()
    company, ship_to = _placed[model]
    return rows.filter(actor.filter(company, ship_to))


def can(actor: Actor, verb: str, obj: Model) -> bool:
    """Whether this actor may do ``verb`` to ``obj``: a grant must cover the object's place and
    its role must have the verb. Objects of unregistered models: never."""
    if type(obj) not in _placed:
        return False
    company, ship_to = _placed[type(obj)]
    roles = VERBS.get(verb, frozenset())
    company_id = _follow(obj, company)
    if ship_to == EVERYWHERE:
        return any(g.role in roles and company_id in g.company_ids for g in actor.grants)
    place = _follow(obj, ship_to) if ship_to else None
    return any(g.role in roles and g.covers(company_id, place) for g in actor.grants)


def _follow(obj: Any, lookup: str) -> Any:
    for name in lookup.split("__"):
        obj = getattr(obj, name) if obj is not None else None
    return obj


def _descendants(roots: set[int]) -> dict[int, frozenset[int]]:
    """Each root with everything below it, a query a level; a circle of parents is no trap."""
    children: dict[int, set[int]] = {}
    level, seen = set(roots), set(roots)
    while level:
        rows = Company.objects.filter(parent__in=level).values_list("pk", "parent_id")
        level = set()
        for pk, parent_id in rows:
            if parent_id is not None:
                children.setdefault(parent_id, set()).add(pk)
            if pk not in seen:
                seen.add(pk)
                level.add(pk)
    return {root: _closure(root, children) for root in roots}


def _closure(root: int, children: dict[int, set[int]]) -> frozenset[int]:
    reached, todo = {root}, [root]
    while todo:
        for child in children.get(todo.pop(), ()):
            if child not in reached:
                reached.add(child)
                todo.append(child)
    return frozenset(reached)


placed(Company, company="pk", ship_to=EVERYWHERE)
placed(Address, company="company_id", ship_to="ref")
placed(Membership, company="company_id")
placed(Invitation, company="company_id")
