"""Who stands above the rules, and what only such a person does."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser

from oms_portal.returns.refusals import Refused

from ..models import Verdict


LEAD = "oms_portal.lead_return"


def is_lead(user: AbstractBaseUser) -> bool:
    has_perm = getattr(user, "has_perm", None)
    return bool(has_perm and has_perm(LEAD))


def require_lead(user: AbstractBaseUser) -> None:
    if not is_lead(user):
        raise Refused("lead")


def may_second(verdict: Verdict, user: AbstractBaseUser) -> bool:
    """Somebody else than who judged it."""
    waits = verdict.needs_second and verdict.second_id is None
    return waits and verdict.actor_id != user.pk and is_lead(user)
