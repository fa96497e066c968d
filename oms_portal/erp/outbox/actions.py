"""What features and staff do with commands. What carries them is ``sender``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from oms_portal.conf import settings
from oms_portal.erp.models import Source

from .models import Command
from .moves import LAST_WORD, WAITING, State, is_in, move, shortened, together


# After so long a wish is no longer worth sending, where its own deadline is not known.
WORTH = timedelta(hours=72)


def queue(
    *,
    source: Source,
    kind: str,
    order_ref: str,
    customer_ref: str,
    payload: Mapping[str, Any],
    requested_by: str,
    on_behalf_of: str = "",
    deadline: datetime | None = None,
) -> Command:
    """A command, to be sent once the caller's transaction is committed.

    ``deadline`` None: 72 hours from now. Commands of one order go in the order they were queued.
    """
    now = timezone.now()
    return Command.objects.create(
        source=source,
        kind=kind,
        order_ref=order_ref,
        customer_ref=customer_ref,
        payload=dict(payload),
        requested_by=requested_by,
        on_behalf_of=on_behalf_of,
        queued_at=now,
        next_attempt_at=now,
        deadline=deadline or now + WORTH,
    )


def supersede(pk: int) -> bool:
    """Take a command back that the ERP can't have; False: too late, it may have it."""
    with together():
        return bool(
            move(
                pk,
                is_in(*WAITING),
                Q(uncertain=False),
                state=State.SUPERSEDED,
                settled_at=timezone.now(),
                next_attempt_at=None,
            )
        )


def replay(pk: int, deadline: datetime | None = None) -> bool:
    """Send a command again that was given up, under the same key; ``deadline`` as of ``queue``."""
    now = timezone.now()
    with together():
        return bool(
            move(
                pk,
                is_in(State.DEAD),
                state=State.QUEUED,
                queued_at=now,
                next_attempt_at=now,
                deadline=deadline or now + WORTH,
                settled_at=None,
                trouble="",
            )
        )


def abandon(pk: int, note: str) -> bool:
    """Give a command up by hand; ``note`` says why. What the ERP may have ends dead, all else as
    no longer wanted. False where it is settled, or on its way right now."""
    now = timezone.now()
    values = {
        "settled_at": now,
        "next_attempt_at": None,
        "lease_until": None,
        "trouble": shortened(note),
    }
    unsure = Q(state__in=WAITING, uncertain=True) | Q(state=State.SENT, lease_until__lt=now)
    unheard = Q(state=State.ACCEPTED, accepted_at__lt=now - patience())
    with together():
        return bool(
            move(pk, Q(state__in=WAITING, uncertain=False), state=State.SUPERSEDED, **values)
            or move(pk, is_in(State.DEAD), state=State.SUPERSEDED, **values)
            or move(pk, unsure | unheard, state=State.DEAD, **values)
        )


def conclude(pk: int) -> bool:
    """Take a command for carried out, because the ERP's own record shows what it asked for; False
    where its last word is known."""
    with together():
        return bool(
            move(
                pk,
                ~is_in(*LAST_WORD),
                state=State.APPLIED,
                settled_at=timezone.now(),
                next_attempt_at=None,
                lease_until=None,
                uncertain=False,
                trouble="",
            )
        )


def patience() -> timedelta:
    """How long the ERP's last word on a command it took is waited for."""
    return timedelta(seconds=settings().COMMAND_PATIENCE)
