"""Where much is at stake two people let come what the rules refuse: the first one's word is written
down and moves nothing, until another person says the same."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from oms_portal.notifications.alerts import raise_alert

from . import moving
from .holding import Held
from .kinds import FREED
from .models import Return, ReturnEvent
from .moving import By
from .receipts.judgement.worth import takes_two
from .refusals import Refused


VERB = "vouch"


def waiting(rma: Return) -> ReturnEvent | None:
    """The first one's word, while nothing but notes of the ERP came after it."""
    events = rma.events.exclude(verb="note").select_related("actor")
    last = events.order_by("-pk").first()
    return last if last is not None and last.verb == VERB else None


def counts_of(first: ReturnEvent) -> dict[str, str]:
    """How many that person would let come, by ReturnLine.ref."""
    told: dict[str, str] = first.sets.get("counts", {})
    return told


def is_agreed(held: Held, counts: Mapping[str, Decimal], by: By, now: datetime) -> bool:
    """Whether it may come by now; else this word is written down, in the caller's transaction.
    Refused "own" where it is the same person's once more, by another form."""
    if not takes_two([(line, counts[line.ref]) for line in held.lines]):
        return True
    said = {ref: f"{count.normalize():f}" for ref, count in counts.items()}
    first = waiting(held.rma)
    if first is not None and counts_of(first) == said:
        if by.actor is None or first.actor_id != by.actor.pk:
            return True
        if by.key and first.key == by.key:
            return False
        raise Refused("own")
    moving.record(held.rma, VERB, by, now, {}, {}, counts=said)
    if held.rma.state in FREED:
        # It is in no queue of what is to be decided.
        raise_alert("return_review", f"return:{held.rma.pk}", order_ref=held.first_order.ref)
    moving.say(held.rma)
    return False
