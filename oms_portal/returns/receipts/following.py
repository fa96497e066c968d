"""What the ERP says to what the desk counted and decided. Its yes shows in its own record of the
return (``returns.projection``); its no is for people."""

from __future__ import annotations

from django.db.models import QuerySet

from oms_portal.erp.outbox.answers import follows
from oms_portal.erp.outbox.models import Command
from oms_portal.notifications.alerts import raise_alert, settle_alert
from oms_portal.returns import moving
from oms_portal.returns.following import held_of
from oms_portal.returns.holding import Held

from .models import Receipt, Verdict
from .telling import RECEIPT, is_void
from .telling_decision import DECISION


_State = Command.State
ALERT = "receipt_refused"


@follows(RECEIPT, DECISION)
def follow(command: Command) -> None:
    """Only the newest of its kind has a say: the others told less."""
    held = held_of(command)
    if held is None or _newer(command).exists():
        return
    about = f"return:{held.rma.pk}"
    if command.state in (_State.REJECTED, _State.COUNTERED):
        _refuse(held, command)
        raise_alert(ALERT, about, order_ref=command.order_ref)
    elif command.state == _State.APPLIED and not is_void(held):
        Receipt.objects.filter(rma=held.rma.pk, command=command.pk).update(refused=False)
        settle_alert(ALERT, about)
    moving.say(held.rma)


def _refuse(held: Held, command: Command) -> None:
    """What it was not told of, in the end, can be counted and judged anew."""
    own = Receipt.objects.filter(rma=held.rma.pk)
    if command.kind == DECISION:
        own.update(refused=True, decided_at=None)
        Verdict.objects.filter(finding__receipt__rma=held.rma.pk).update(told_at=None)
    else:
        own.update(refused=True)


def _newer(command: Command) -> QuerySet[Command]:
    return Command.objects.filter(
        source=command.source_id,
        order_ref=command.order_ref,
        kind=command.kind,
        payload__number=command.payload.get("number"),
        pk__gt=command.pk,
    )
