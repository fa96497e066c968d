"""Returns on their way to the ERP: the commands that carry them, take them back, and answer."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from oms_portal.erp.outbox import actions as outbox
from oms_portal.erp.outbox.models import Command
from oms_portal.erp.outbox.moves import WAITING
from oms_portal.orders.snapshots import plain

from .holding import Held
from .models import Return, ReturnLine
from .refusals import Refused


RETURN, CANCEL, REPLY = "return", "return_cancel", "return_reply"
_State = Command.State
# What the ERP surely never had, or said no to.
_NEVER = Q(state__in=(_State.REJECTED, _State.SUPERSEDED)) | Q(
    state=_State.DEAD, uncertain=False, accepted_at=None
)


def send(held: Held) -> Command:
    """Queue the return itself, in the caller's transaction: what was approved, or asked for."""
    return _queue(held, RETURN, payload(held))


def reply(held: Held, text: str) -> Command:
    """Queue what the customer says to the ERP's question."""
    return _queue(held, REPLY, {"number": held.rma.number, "reply": text})


def recall(held: Held) -> Command | None:
    """Take back what the ERP was told: a command that it can't have is never sent, else it is asked
    to cancel the return. None where it need not hear of it."""
    for pk in _own(held).filter(state__in=WAITING).values_list("pk", flat=True):
        outbox.supersede(pk)
    if not is_told(held):
        return None
    return _queue(held, CANCEL, {"number": held.rma.number})


def is_told(held: Held) -> bool:
    """Whether the ERP has the return, or is about to hear of it: what it was asked to cancel since
    it has not any more."""
    told = _own(held).filter(kind__in=(RETURN, CANCEL)).exclude(_NEVER)
    newest = told.order_by("pk").last()
    return newest is not None and newest.kind == RETURN


def payload(held: Held) -> dict[str, Any]:
    rma = held.rma
    told: dict[str, Any] = {
        "number": rma.number,
        "kind": rma.kind,
        # As it is once the move that sends it is written.
        "version": rma.version + 1,
        "lines": [_line(line) for line in held.lines],
        "method": rma.method,
        "destination": rma.destination,
        "sender": rma.sender,
        "expected": rma.expected,
    }
    extras = {
        "pickup": rma.pickup,
        "carrier": rma.carrier,
        "tracking_number": rma.tracking_number,
        "note": rma.note,
        "replaces": _replaced(rma),
    }
    return told | {name: value for name, value in extras.items() if value}


def _line(line: ReturnLine) -> dict[str, Any]:
    place = line.returnable
    told: dict[str, Any] = {
        "ref": line.ref,
        "order_ref": place.order.ref,
        "line_ref": place.line_ref,
        "delivery": line.delivery,
        "quantity": plain(line.approved or line.requested),
        "unit": line.unit,
        "sku": line.sku,
        "reason": line.reason.code if line.reason else "",
        "condition": line.condition,
        "text": line.text,
        "serials": list(line.serials),
        "lot": line.lot,
        "outcome": line.outcome,
    }
    extras = {"claim": line.claim, "exchange_sku": line.exchange_sku}
    return told | {name: value for name, value in extras.items() if value}


def _replaced(rma: Return) -> str:
    """The number of the return it takes the place of, where the ERP can know that."""
    if rma.replaces is None:
        return ""
    number = rma.replaces.number
    told = Command.objects.filter(source=rma.source_id, kind=RETURN, payload__number=number)
    return number if told.exclude(_NEVER).exists() else ""


def _own(held: Held) -> QuerySet[Command]:
    """The commands of this return, whichever order they went under."""
    refs = [order.ref for order in held.orders.values()]
    return Command.objects.filter(
        source=held.rma.source_id, order_ref__in=refs, payload__number=held.rma.number
    )


def _queue(held: Held, kind: str, told: dict[str, Any]) -> Command:
    rma: Return = held.rma
    if rma.source is None:
        raise Refused("not_offered")
    return outbox.queue(
        source=rma.source,
        kind=kind,
        order_ref=held.first_order.ref,
        customer_ref=rma.company.ref,
        payload=told,
        requested_by=getattr(rma.requested_by, "email", ""),
        on_behalf_of=getattr(rma.on_behalf_of, "email", ""),
    )
