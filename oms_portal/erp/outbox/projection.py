"""From the ERP's answers to the commands they answer (command.answered.v1)."""

from __future__ import annotations

import re
from uuid import UUID

from django.utils import timezone

from oms_portal.erp.envelopes import BadData
from oms_portal.erp.messages import Message, handles
from oms_portal.erp.models import InboundEvent, Source
from oms_portal.erp.schemas import Answer

from . import delivery
from .models import Command
from .moves import LAST_WORD, State, is_in, move


_STATES = {
    "accepted": State.ACCEPTED,
    "applied": State.APPLIED,
    "rejected": State.REJECTED,
    "countered": State.COUNTERED,
}
# Ours in the case that the ERP prefers.
_KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def ref_of(answer: Answer) -> str:
    return answer.command_id.lower()


def customers_of(answer: Answer) -> set[str]:
    return set(Command.objects.filter(key=ref_of(answer)).values_list("customer_ref", flat=True))


def admits(source: Source, answer: Answer) -> None:
    """Only who was asked answers; to anybody else the command is unknown."""
    known = _KEY.fullmatch(answer.command_id) and Command.objects.filter(
        key=UUID(answer.command_id), source=source
    )
    if not known or not known.exists():
        raise BadData("unknown-command", "No command of that id was sent from here.")


@handles("command.answered.v1", ref=ref_of, customers=customers_of, admits=admits)
def project(message: Message) -> str | None:
    """Move the command as the newest answer says, also one that was given up. "Accepted" never
    takes the last word back; words that say nothing new move nothing."""
    if not message.newest:
        return None
    answer: Answer = message.record
    state = _STATES[answer.outcome]
    command = Command.objects.get(key=message.ref)
    values = delivery.final(state, answer, timezone.now())
    told = ("state", "code", "text", "reference", "counter")
    if all(getattr(command, name) == values[name] for name in told):
        return None
    open_to = [~is_in(*LAST_WORD)] if state == State.ACCEPTED else []
    moved = move(command.pk, *open_to, lease_until=None, **values)
    return None if moved else InboundEvent.State.SUPERSEDED
