"""One attempt: push a claimed command, then write what came of it, if the claim is still ours."""

from __future__ import annotations

import logging
import random
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from oms_portal.erp.connectors.contract import Outcome, Result
from oms_portal.erp.connectors.registry import connector_of
from oms_portal.erp.inbox import backoff, writing
from oms_portal.erp.schemas import Answer

from . import answers, breaker
from .claims import Claim
from .models import Attempt, Breaker, Command
from .moves import SETTLED, State, move, shortened


log = logging.getLogger(__name__)

_STATES = {
    Outcome.ACCEPTED: State.ACCEPTED,
    Outcome.APPLIED: State.APPLIED,
    Outcome.REJECTED: State.REJECTED,
    Outcome.NEEDS_CONFIRMATION: State.COUNTERED,
}


def push(held: Claim) -> Result:
    """Outside of any transaction. A connector that raises against its contract is taken for one
    whose outcome is unknown."""
    connector = connector_of(held.source)
    if connector is None:
        return Result(Outcome.RETRY, detail="There is no connector for this source.")
    try:
        result = connector.push(held.wish, held.wish.key)
    except Exception as error:
        log.exception("the connector of %s failed on command %s", held.source, held.wish.key)
        detail = f"The connector failed ({type(error).__name__})."
        result = Result(Outcome.RETRY, unknown=True, detail=detail)
    log.info("command %s to %s: %s (%s)", held.wish.key, held.source, result.outcome, result.status)
    return result


def settle(held: Claim, result: Result) -> bool:
    """Write the result; False where the claim was lost, or an answer came another way meanwhile:
    then the command stays as it is, unless that said "accepted" and this is the last word. A
    django.db.Error comes through."""
    with writing():
        now = timezone.now()
        answers.hold(held.wish.order)
        command = Command.objects.select_for_update().get(pk=held.pk)
        if result.outcome == Outcome.RETRY:
            row = breaker.failed(command, result, held.started_at, now)
            values = _again(command, result, row, now)
        else:
            breaker.succeeded(command.source_id, now)
            values = final(_STATES[result.outcome], result, now)
        still = [State.SENT, State.ACCEPTED] if values["state"] in SETTLED else [State.SENT]
        ours = Q(state__in=still, fence=held.fence)
        moved = move(held.pk, ours, lease_until=None, **values) is not None
        _note(held, result, now, moved)
    if not moved:
        log.warning("command %s was no longer ours when its result came", held.wish.key)
    return moved


def final(state: Command.State, told: Result | Answer, now: datetime) -> dict[str, Any]:
    """What is kept of the ERP's word, over HTTP or as an event."""
    accepted = state == State.ACCEPTED
    return {
        "state": state,
        "accepted_at" if accepted else "settled_at": now,
        "next_attempt_at": None,
        "uncertain": False,
        "trouble": "",
        "code": told.code,
        "text": told.text,
        "reference": told.reference,
        "counter": None if told.counter is None else dict(told.counter),
    }


def _again(command: Command, result: Result, row: Breaker, now: datetime) -> dict[str, Any]:
    """When to send it again: as the ERP asked, else after a while, with full jitter over 5 s, 10 s,
    20 s … 15 min; behind an open breaker it is due at once, and waits in line for a probe."""
    wait = 0.0 if row.opened_at else backoff(command.attempts - 1)
    at = now + timedelta(seconds=wait)
    if result.retry_after is not None:
        at = max(at, now + timedelta(seconds=result.retry_after + random.uniform(0, 1)))
    return {
        "state": State.QUEUED if result.refused else State.RETRYING,
        "next_attempt_at": at,
        "uncertain": command.uncertain or result.unknown,
        "trouble": shortened(result.detail),
    }


def _note(held: Claim, result: Result, now: datetime, moved: bool) -> None:
    detail = result.detail if moved else f"Not counted: it came too late. {result.detail}"
    Attempt.objects.filter(pk=held.attempt).update(
        ended_at=now, outcome=result.outcome, status=result.status, detail=detail[:500]
    )
