"""Events once more: pending ones by the worker, any of them by hand."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from . import envelopes, inbox, strict_json
from .inbox import Outcome, backoff, writing
from .models import InboundEvent
from .problems import Json, Problem


log = logging.getLogger(__name__)

MAX_ATTEMPTS = 3
# A claim that ends without a word killed its worker; after so many the event is set aside.
MAX_CLAIMS = 20
State = InboundEvent.State


def replay(event: InboundEvent) -> Outcome:
    """Project a stored event again, whatever became of it, through the same projector.

    Problem 409 where its body is pruned or a worker has it. A handler that fails leaves it in
    quarantine.
    """
    if event.body is None:
        raise Problem(409, "body-pruned", "The body of this event is no longer kept.")
    InboundEvent.objects.filter(pk=event.pk).update(fence=F("fence") + 1)
    fence = InboundEvent.objects.values_list("fence", flat=True).get(pk=event.pk)
    try:
        held = _again(event.pk, fence)
    except Problem as problem:
        held = _quarantine(event.pk, fence, problem.body())
    except inbox.TRANSIENT as error:
        raise inbox.unavailable() from error
    except Exception as error:
        log.exception("event %s can't be replayed", event.pk)
        held = _quarantine(event.pk, fence, inbox.failure(event.type, error))
    if not held:
        raise Problem(409, "busy", "A worker is at this event right now.")
    event.refresh_from_db()
    return Outcome(event.event_id, event.state, 200, event.problem)


def retry(pk: int, fence: int) -> bool:
    """Apply a claimed pending event; False where the claim was lost: then nothing was written.

    A failure is written down; a django.db.Error comes through where even that can't be.
    """
    if fence > MAX_CLAIMS:
        log.error("event %s was claimed %s times and never ended", pk, fence)
        problem = Problem(422, "never-ended", "The event was tried many times and never ended.")
        return _quarantine(pk, fence, problem.body())
    try:
        return _again(pk, fence)
    except Problem as problem:
        return _quarantine(pk, fence, problem.body())
    except Exception as error:
        log.exception("event %s failed again", pk)
        return _note_failure(pk, fence, error)


def _again(pk: int, fence: int) -> bool:
    with writing():
        # The fence is looked at by a write, so that the row is ours until the commit.
        if not InboundEvent.objects.filter(pk=pk, fence=fence).update(lease_until=None):
            return False
        row = InboundEvent.objects.select_related("source").get(pk=pk)
        envelope = envelopes.read(row.source, strict_json.loads(bytes(row.body or b"")))
        inbox.settle(row, envelope, timezone.now())
        row.next_attempt_at = None
        row.save(update_fields=["state", "problem", "applied_at", "next_attempt_at"])
        return True


def _quarantine(pk: int, fence: int, problem: Json) -> bool:
    with writing():
        return bool(
            InboundEvent.objects.filter(pk=pk, fence=fence).update(
                state=State.QUARANTINED,
                problem=problem,
                applied_at=None,
                lease_until=None,
                next_attempt_at=None,
            )
        )


def _note_failure(pk: int, fence: int, error: Exception) -> bool:
    row = InboundEvent.objects.get(pk=pk)
    problem = inbox.failure(row.type, error)
    attempts = row.attempts + 1
    if attempts >= MAX_ATTEMPTS:
        InboundEvent.objects.filter(pk=pk, fence=fence).update(attempts=attempts)
        return _quarantine(pk, fence, problem)
    with writing():
        return bool(
            InboundEvent.objects.filter(pk=pk, fence=fence).update(
                attempts=attempts,
                problem=problem,
                lease_until=None,
                next_attempt_at=timezone.now() + timedelta(seconds=backoff(attempts)),
            )
        )
