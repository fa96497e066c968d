"""What became of a command moves its request, in the same transaction; a late answer is the truth."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone

from oms_portal import live
from oms_portal.erp.outbox.answers import follows, holds
from oms_portal.erp.outbox.models import Command
from oms_portal.orders.announcing import order_topic
from oms_portal.orders.models import Order

from . import mails, offers
from .models import ChangeRequest, RequestState
from .moving import By, is_legal, move
from .readback import is_done
from .standing import standing_of


log = logging.getLogger(__name__)

S, C = RequestState, Command.State
ERP = By("erp")
# An ERP that offers something after the cut-off can still do it; people need a while to answer.
OFFER_STANDS = timedelta(hours=24)


@holds
def hold_order(order_ref: str) -> None:
    """The order's row comes before its commands, whoever moves them."""
    Order.objects.select_for_update(no_key=True).filter(ref=order_ref).values_list("pk").first()


@follows("change", "cancel")
def follow(command: Command) -> None:
    """Move the request whose command this is now; older commands of it have no say any more."""
    request = (
        ChangeRequest.objects.select_related("order__company", "requested_by")
        .filter(command=command)
        .first()
    )
    step = _STEPS.get(C(command.state))
    if request is not None and command.state == C.RETRYING and request.is_open:
        # Open pages say that it is kept, once its ERP is known to be away.
        live.changed(order_topic(request.order_id))
    if request is None or step is None:
        return
    request.command = command
    verb, to, columns = step(request, command)
    if not is_legal(request, verb) or (request.state == S.APPLIED and _is_on_the_order(request)):
        log.info("%s of %s comes to nothing: it is %s", verb, request.key, request.state)
        return
    data = {"command": str(command.key), "code": command.code, "text": command.text}
    move(request, verb, to, ERP, timezone.now(), data=data, **columns)
    mails.tell(request)


def _is_on_the_order(request: ChangeRequest) -> bool:
    """Whether the order shows what was asked for: then it is done, whatever is said afterwards."""
    return is_done(request, standing_of(request.order, timezone.now()))


Step = tuple[str, RequestState, Mapping[str, Any]]
_NO_ANSWER = {"answer_code": "", "answer_text": ""}


def _sent(request: ChangeRequest, command: Command) -> Step:
    return "pass_on", S.SENT, _NO_ANSWER


def _accepted(request: ChangeRequest, command: Command) -> Step:
    return "take", S.ACCEPTED, _NO_ANSWER


def _applied(request: ChangeRequest, command: Command) -> Step:
    return "apply", S.APPLIED, {"approved": request.wanted, **_NO_ANSWER}


def _countered(request: ChangeRequest, command: Command) -> Step:
    """An offer nobody can make sense of goes to staff instead of to the customer."""
    told = command.counter if isinstance(command.counter, Mapping) else {}
    offer = offers.clean({"reference": command.reference, **told}, "erp")
    until = request.cutoff_at and max(request.cutoff_at, timezone.now() + OFFER_STANDS)
    if offer is None:
        return "unclear", S.IN_REVIEW, {"answer_code": "unclear_offer", "cutoff_at": until}
    return "offer", S.COUNTERED, {"counter": offer, "cutoff_at": until, **_NO_ANSWER}


def _rejected(request: ChangeRequest, command: Command) -> Step:
    return "refuse", S.REJECTED, {"answer_code": command.code or "rejected", "answer_text": ""}


def _dead(request: ChangeRequest, command: Command) -> Step:
    """Too late, where the ERP surely never had it; else nobody knows yet, and staff see to it."""
    reached = command.uncertain or command.accepted_at is not None
    over = command.deadline is not None and command.deadline <= timezone.now()
    if over and not reached:
        return "expire", S.EXPIRED, {"answer_code": "undelivered"}
    return "fail", S.FAILED, {"answer_code": "uncertain" if reached else "dead"}


def _superseded(request: ChangeRequest, command: Command) -> Step:
    """Given up by hand: a customer's own withdrawal moved the request before."""
    unsure = command.uncertain or command.accepted_at is not None
    return "drop", S.REJECTED, {"answer_code": "given_up_unsure" if unsure else "given_up"}


def _queued(request: ChangeRequest, command: Command) -> Step:
    return "requeue", S.SUBMITTED, {"cutoff_at": command.deadline, **_NO_ANSWER}


_STEPS: Mapping[Command.State, Callable[[ChangeRequest, Command], Step]] = {
    C.SENT: _sent,
    C.ACCEPTED: _accepted,
    C.APPLIED: _applied,
    C.COUNTERED: _countered,
    C.REJECTED: _rejected,
    C.DEAD: _dead,
    C.SUPERSEDED: _superseded,
    C.QUEUED: _queued,
}
