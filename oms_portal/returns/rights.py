"""Who may do what to a return, asked anew for each verb; and whether a form did it before."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser

from oms_portal.changes.moving import By
from oms_portal.customers.access import actor_for, can

from .kinds import PRIVATE
from .models import Return, ReturnEvent
from .refusals import KeyReused, Refused


def require_author(rma: Return, user: AbstractBaseUser) -> None:
    if user.pk is None or rma.requested_by_id != user.pk:
        raise Refused("not_allowed")
    require_right(rma, user)


def require_right(rma: Return, user: AbstractBaseUser) -> None:
    """Rights are looked up anew: they may have been withdrawn since the page was drawn. A draft is
    its author's alone."""
    private = rma.state in PRIVATE and rma.requested_by_id != user.pk
    if user.pk is None or private or not can(actor_for(user), "return", rma):
        raise Refused("not_allowed")


def known_event(rma: Return, verb: str, by: By, digest: str) -> ReturnEvent | None:
    """The event of this form, where it was sent before; KeyReused where it said something else."""
    if not by.key or by.actor is None:
        return None
    known = rma.events.filter(key=by.key, actor=by.actor.pk).first()
    if known is not None and (known.verb != verb or known.sets.get("digest") != digest):
        raise KeyReused
    return known
