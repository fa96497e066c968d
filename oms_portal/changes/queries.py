"""What may be read of requests, by whom, and what may be done about them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Q, QuerySet
from django.utils import timezone

from oms_portal.customers.access import Actor, can, visible
from oms_portal.erp.outbox.moves import WAITING
from oms_portal.orders.models import Order

from .models import CLOSED, OPEN, PRIVATE, ChangeRequest, RequestState
from .moving import PEOPLE
from .scope import verb_for


# So long a request that is over still stands with its order.
LATELY = timedelta(days=30)
_AHEAD = frozenset({RequestState.SUBMITTED, RequestState.SENT, RequestState.ACCEPTED})


def requests_of(order: Order, now: datetime | None = None) -> list[ChangeRequest]:
    """What everybody who sees the order sees: open requests, the oldest first, then those closed
    lately, the newest first. One query; none that was never sent."""
    since = (now or timezone.now()) - LATELY
    shown = Q(state__in=OPEN) | Q(state__in=CLOSED, closed_at__gte=since)
    rows = list(_loaded().filter(shown, order=order.pk, submitted_at__isnull=False))
    opened = sorted(
        (row for row in rows if row.is_open), key=lambda row: (row.submitted_at, row.pk)
    )
    closed = (row for row in rows if not row.is_open)
    return [*opened, *sorted(closed, key=lambda row: (row.closed_at, row.pk), reverse=True)]


def request_of(
    actor: Actor, user: AbstractBaseUser | AnonymousUser, key: str
) -> ChangeRequest | None:
    """The request of this key, where these people may see it; one that was not sent yet is its
    author's alone."""
    rows = visible(actor, ChangeRequest).filter(key=key)
    own = Q(requested_by=user.pk) if user.pk is not None else Q(pk__in=())
    return _loaded(rows).filter(Q(submitted_at__isnull=False) | own).first()


def verbs_of(
    request: ChangeRequest,
    actor: Actor,
    user: AbstractBaseUser | AnonymousUser,
    now: datetime | None = None,
) -> tuple[str, ...]:
    """Which of "submit", "withdraw", "accept" and "decline" this person can do to it now."""
    private = request.state in PRIVATE
    if private and (user.pk is None or request.requested_by_id != user.pk):
        return ()
    if not can(actor, verb_for(request.requested), request.order):
        return ()
    at = now or timezone.now()
    return tuple(verb for verb in PEOPLE if _possible(request, verb, at))


def behind(request: ChangeRequest, others: Iterable[ChangeRequest]) -> ChangeRequest | None:
    """Of these requests of the same order, the one that goes to the ERP just before this one."""
    mine = request.command_id
    if request.state != RequestState.SUBMITTED or mine is None:
        return None
    ahead = (
        (other.command_id, other)
        for other in others
        if other.state in _AHEAD and other.command_id is not None and other.command_id < mine
    )
    return max(ahead, key=lambda pair: pair[0], default=(0, None))[1]


def _loaded(rows: QuerySet[ChangeRequest] | None = None) -> QuerySet[ChangeRequest]:
    asked = ChangeRequest.objects.all() if rows is None else rows
    return asked.select_related("order__company", "command", "requested_by")


def _possible(request: ChangeRequest, verb: str, now: datetime) -> bool:
    if request.state not in PEOPLE[verb]:
        return False
    if verb in ("submit", "accept"):
        return request.cutoff_at is None or now < request.cutoff_at
    if verb == "withdraw" and request.state in (RequestState.SUBMITTED, RequestState.SENT):
        command = request.command
        return command is not None and command.state in WAITING and not command.uncertain
    return True
