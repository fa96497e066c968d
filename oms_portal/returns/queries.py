"""What may be read of returns, by whom, and what may be done about them."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Q, QuerySet

from oms_portal.customers.access import Actor, can, visible

from .kinds import PRIVATE, Method
from .models import Return
from .moving import PEOPLE, is_legal


def returns_of(actor: Actor) -> QuerySet[Return]:
    """The returns that this actor may see, the newest first; no drafts."""
    return _loaded(visible(actor, Return).exclude(state__in=PRIVATE))


def drafts_of(actor: Actor, user: AbstractBaseUser | AnonymousUser) -> QuerySet[Return]:
    """What this person began and has not sent, the newest first."""
    rows = visible(actor, Return).filter(state__in=PRIVATE)
    return _loaded(rows.filter(requested_by=user.pk) if user.pk is not None else rows.none())


def return_of(actor: Actor, user: AbstractBaseUser | AnonymousUser, number: str) -> Return | None:
    """The return of this number, where these people may see it; a draft is its author's alone."""
    own = Q(requested_by=user.pk) if user.pk is not None else Q(pk__in=())
    rows = visible(actor, Return).filter(number=number)
    return _loaded(rows.filter(~Q(state__in=PRIVATE) | own)).first()


def verbs_of(rma: Return, actor: Actor, user: AbstractBaseUser | AnonymousUser) -> tuple[str, ...]:
    """Which of "submit", "discard", "withdraw", "edit", "reply" and "hand_over" this person can do
    to it now."""
    private = rma.state in PRIVATE and rma.requested_by_id != user.pk
    if user.pk is None or private or not can(actor, "return", rma):
        return ()
    return tuple(verb for verb in PEOPLE if is_legal(rma, verb) and _fits(rma, verb))


def _fits(rma: Return, verb: str) -> bool:
    return verb != "hand_over" or rma.method == Method.OWN_CARRIER


def _loaded(rows: QuerySet[Return]) -> QuerySet[Return]:
    return rows.select_related("company", "place", "requested_by", "command")
