"""From one state of a command to the next: one conditional UPDATE, and the followers told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections, router, transaction
from django.db.models import Q

from oms_portal.erp.inbox import writing

from . import answers
from .models import Command


State = Command.State
WAITING = (State.QUEUED, State.RETRYING)
ACTIVE = (*WAITING, State.SENT)
# The ERP's last word, or ours. What was given up can still be heard of, or be sent again.
LAST_WORD = (State.APPLIED, State.COUNTERED, State.REJECTED, State.SUPERSEDED)
SETTLED = (*LAST_WORD, State.DEAD)
LONGEST_TROUBLE = Command._meta.get_field("trouble").max_length


@contextmanager
def together() -> Iterator[None]:
    """The caller's transaction, or, where there is none, one of our own."""
    using = router.db_for_write(Command)
    own = not connections[using].in_atomic_block
    with writing() if own else transaction.atomic(using=using):
        yield


def move(pk: int, *conditions: Q, **values: Any) -> Command | None:
    """Set these values where all conditions hold, and tell who follows the command; None where
    they do not hold. To be called in a transaction: the order is locked first, then the command."""
    order_ref = Command.objects.filter(pk=pk).values_list("order_ref", flat=True).first()
    if order_ref is None:
        return None
    answers.hold(order_ref)
    if not Command.objects.filter(*conditions, pk=pk).update(**values):
        return None
    command = Command.objects.select_related("source").get(pk=pk)
    answers.tell(command)
    return command


def is_in(*states: Command.State) -> Q:
    return Q(state__in=states)


def shortened(trouble: str) -> str:
    return trouble[:LONGEST_TROUBLE]
