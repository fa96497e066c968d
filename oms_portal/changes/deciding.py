"""What the supplier's people decide about requests. Whether they may is the desk's to ask."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser

from oms_portal.erp.inbox import writing
from oms_portal.erp.outbox import actions as outbox
from oms_portal.erp.outbox.models import Command

from . import mails, offers
from .models import ChangeRequest, RequestState
from .moving import By, again, is_done, move, require
from .refusals import Refused
from .standing import standing_of
from .submitting import dispatch


# States of a command that the ERP did not carry out, for sure.
_NEVER = frozenset({Command.State.REJECTED, Command.State.COUNTERED, Command.State.SUPERSEDED})


def approve(
    request: ChangeRequest,
    staff: AbstractBaseUser,
    *,
    now: datetime,
    values: Mapping[str, Any] | None = None,
    reason: str = "",
    key: str = "",
) -> ChangeRequest:
    """Let it go to the ERP. ``values`` (members of ``offers.VALUES``) are those that staff put in
    place of the customer's, kept apart in ``approved``; Refused("empty_offer") where one can't be
    read."""
    by = By("staff", staff, reason=reason, key=key)
    with writing():
        held = again(request)
        if is_done(held, "approve", by):
            return held
        require(held, "approve")
        columns: dict[str, Any] = {}
        if values is not None:
            held.approved = offers.merged(held.wanted, _offer(values))
            columns["approved"] = held.approved
        dispatch(held, standing_of(held.order, now), by, "approve", **columns)
    return held


def counter_by_staff(
    request: ChangeRequest,
    staff: AbstractBaseUser,
    *,
    now: datetime,
    counter: Mapping[str, Any],
    reason: str = "",
    key: str = "",
) -> ChangeRequest:
    """Offer something else: {"text"?, "fee"?, "requested"?, "address"?, "method"?} as the ERP would.
    Refused("empty_offer") where nothing of it is usable."""
    offer = _offer(counter)
    by = By("staff", staff, reason=reason, key=key)
    with writing():
        held = again(request)
        if is_done(held, "counter", by):
            return held
        move(held, "counter", RequestState.COUNTERED, by, now, counter=offer)
        mails.tell(held)
    return held


def reject(
    request: ChangeRequest,
    staff: AbstractBaseUser,
    *,
    now: datetime,
    reason: str,
    code: str = "staff",
    key: str = "",
) -> ChangeRequest:
    """Say no, with a reason in words for the customer. A command that was given up is not sent
    again then; what the ERP tells of it all the same still counts."""
    by = By("staff", staff, reason=reason, key=key)
    with writing():
        held = again(request)
        if is_done(held, "reject", by):
            return held
        columns: dict[str, Any] = {"answer_code": code, "answer_text": reason}
        failed = held.state == RequestState.FAILED
        move(held, "reject", RequestState.REJECTED, by, now, **columns)
        if failed and held.command_id:
            outbox.abandon(held.command_id, reason)
        mails.tell(held)
    return held


def retry(
    request: ChangeRequest, staff: AbstractBaseUser, *, now: datetime, key: str = ""
) -> ChangeRequest:
    """Try again what could not be passed on: under the same key where the ERP may have it, so that
    it takes effect once; as a new command only where the old one never did."""
    by = By("staff", staff, key=key)
    with writing():
        held = again(request)
        if is_done(held, "retry", by):
            return held
        require(held, "retry")
        command = held.command
        columns: dict[str, Any] = {"answer_code": "", "answer_text": ""}
        if held.cutoff_at and held.cutoff_at <= now:
            # It was in time when it was asked for; staff know what they do.
            columns["cutoff_at"] = held.cutoff_at = None
        if command is None or command.state in _NEVER:
            dispatch(held, standing_of(held.order, now), by, "retry", **columns)
        else:
            move(held, "retry", RequestState.SUBMITTED, by, now, **columns)
            # Its follower finds the request submitted already.
            if not outbox.replay(command.pk, held.cutoff_at):
                raise Refused("under_way")
    return held


def _offer(values: Mapping[str, Any]) -> dict[str, Any]:
    offer = offers.clean(values, "staff")
    if offer is None:
        raise Refused("empty_offer")
    return offer
