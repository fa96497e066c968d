"""The one way a request moves: under its order's row, by one conditional UPDATE, with its event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F, Q

from oms_portal.notifications.alerts import KINDS, raise_alert, settle_alert
from oms_portal.orders.announcing import announce
from oms_portal.orders.models import Order
from oms_portal.signals import change_moved

from .models import CLOSED, OPEN, PRIVATE, ChangeEvent, ChangeRequest, RequestState
from .refusals import Illegal, Refused


S = RequestState
# From where each verb leads on. Those of people come first; the others are the ERP's and the clock's.
PEOPLE: Mapping[str, frozenset[str]] = {
    "submit": frozenset({S.DRAFT, S.AWAITING_CUSTOMER}),
    "withdraw": frozenset({S.AWAITING_CUSTOMER, S.SUBMITTED, S.IN_REVIEW, S.SENT, S.COUNTERED}),
    "accept": frozenset({S.COUNTERED}),
    "decline": frozenset({S.COUNTERED}),
}
STAFF: Mapping[str, frozenset[str]] = {
    "approve": frozenset({S.IN_REVIEW}),
    "counter": frozenset({S.IN_REVIEW}),
    "reject": frozenset({S.IN_REVIEW, S.FAILED}),
    "retry": frozenset({S.FAILED}),
}
# A late answer is the truth, whatever was believed before it.
_TOLD: Mapping[str, frozenset[str]] = {
    "begin": frozenset({S.DRAFT}),
    "pass_on": frozenset({S.SUBMITTED, S.FAILED, S.EXPIRED}),
    "take": frozenset({S.SUBMITTED, S.SENT, S.FAILED, S.EXPIRED}),
    "apply": frozenset(
        {S.SUBMITTED, S.SENT, S.ACCEPTED, S.COUNTERED, S.FAILED, S.EXPIRED, S.REJECTED}
        | {S.WITHDRAWN}
    ),
    "offer": frozenset({S.SUBMITTED, S.SENT, S.ACCEPTED, S.COUNTERED, S.FAILED, S.EXPIRED}),
    "refuse": frozenset(
        {S.SUBMITTED, S.SENT, S.ACCEPTED, S.COUNTERED, S.FAILED, S.EXPIRED, S.APPLIED}
    ),
    "unclear": frozenset({S.SUBMITTED, S.SENT, S.ACCEPTED, S.COUNTERED, S.FAILED, S.EXPIRED}),
    "fail": frozenset({S.SUBMITTED, S.SENT, S.ACCEPTED}),
    "drop": frozenset({S.SUBMITTED, S.SENT, S.FAILED}),
    "expire": frozenset(
        {S.DRAFT, S.AWAITING_CUSTOMER, S.SUBMITTED, S.IN_REVIEW, S.SENT, S.COUNTERED, S.FAILED}
    ),
    "requeue": frozenset({S.FAILED, S.EXPIRED}),
}
FROM: Mapping[str, frozenset[str]] = {**PEOPLE, **STAFF, **_TOLD}


@dataclass(frozen=True)
class By:
    """Who moves a request: ``source`` is "customer", "staff", "erp" or "clock"; ``key`` is the
    form's that did it, so that a form sent twice does it once."""

    source: str
    actor: AbstractBaseUser | None = None
    on_behalf_of: AbstractBaseUser | None = None
    reason: str = ""
    key: str = ""

    @property
    def columns(self) -> dict[str, Any]:
        """What a ``Step`` keeps of it."""
        return {
            "source": self.source,
            "actor_id": self.actor.pk if self.actor else None,
            "on_behalf_of_id": self.on_behalf_of.pk if self.on_behalf_of else None,
            "reason": self.reason,
            "key": self.key,
        }


def hold(order_id: int) -> Order:
    """The order as it is now, once whoever moves it at this instant (an ERP event, another
    submitter) is done. Inside ``writing``; rows of commands and requests come after it."""
    rows = Order.objects.select_for_update(of=("self",), no_key=True).select_related("company")
    try:
        return rows.get(pk=order_id)
    except Order.DoesNotExist:
        raise Refused("order_archived") from None


def again(request: ChangeRequest) -> ChangeRequest:
    """The request as it is now, with its order held."""
    order = hold(request.order_id)
    fresh = ChangeRequest.objects.select_related("command", "requested_by").get(pk=request.pk)
    fresh.order = order
    return fresh


def is_legal(request: ChangeRequest, verb: str) -> bool:
    return request.state in FROM[verb]


def possible(state: str) -> tuple[str, ...]:
    """The verbs of people, customers and staff, that a request in this state knows."""
    return tuple(verb for verb, states in {**PEOPLE, **STAFF}.items() if state in states)


def require(request: ChangeRequest, verb: str) -> None:
    if not is_legal(request, verb):
        raise Illegal(possible(request.state))


def move(
    request: ChangeRequest,
    verb: str,
    to: RequestState,
    by: By,
    now: datetime,
    *,
    data: Mapping[str, Any] | None = None,
    only: Q | None = None,
    **columns: Any,
) -> None:
    """Bring ``request`` to another state and write ``columns`` along; Illegal where its state knows
    no such verb, or another was faster, Refused where it is not as ``only`` says (its hour is
    over). The order's row is held by the caller."""
    require(request, verb)
    before = request.state
    columns |= _times(request, to, now)
    own = ChangeRequest.objects.filter(pk=request.pk, state=before, version=request.version)
    if not own.filter(only or Q()).update(state=to, version=F("version") + 1, **columns):
        if own.exists():
            raise Refused("past")
        raise Illegal(possible(ChangeRequest.objects.values_list("state").get(pk=request.pk)[0]))
    for name, value in {"state": to, "version": request.version + 1, **columns}.items():
        setattr(request, name, value)
    record(request, verb, by, now, data)
    _count(request, (to in OPEN) - (before in OPEN))
    _alert(request, before, now)
    if before not in PRIVATE or to not in PRIVATE:
        announce([request.order])
    transaction.on_commit(partial(_signal, request, before), robust=True)


def record(
    request: ChangeRequest,
    verb: str,
    by: By,
    now: datetime,
    data: Mapping[str, Any] | None = None,
) -> None:
    ChangeEvent.objects.create(
        request=request,
        verb=verb,
        state=request.state,
        at=now,
        **by.columns,
        data=dict(data or {}),
    )


def is_done(request: ChangeRequest, verb: str, by: By) -> bool:
    """Whether this form did this verb before."""
    return bool(by.key) and request.events.filter(verb=verb, key=by.key).exists()


def _times(request: ChangeRequest, to: RequestState, now: datetime) -> dict[str, Any]:
    times: dict[str, Any] = {"closed_at": now if to in CLOSED else None}
    if to in OPEN and request.submitted_at is None:
        times["submitted_at"] = now
    return times


def _count(request: ChangeRequest, entered: int) -> None:
    if entered:
        Order.objects.filter(pk=request.order_id).update(changes_open=F("changes_open") + entered)


def _alert(request: ChangeRequest, before: str, now: datetime) -> None:
    """A review is due soon, and in the first half of the time that is left at the latest."""
    about = f"change:{request.pk}"
    if before == S.IN_REVIEW:
        settle_alert("review", about)
    if request.state == S.IN_REVIEW:
        usual = KINDS["review"].due_in
        left = (request.cutoff_at - now) / 2 if request.cutoff_at else usual
        raise_alert("review", about, order_ref=request.order.ref, due_in=min(usual, left))


def _signal(request: ChangeRequest, before: str) -> None:
    change_moved.send_robust(
        sender=ChangeRequest, request=request, before=before, state=request.state
    )
