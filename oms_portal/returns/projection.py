"""Return events (return.updated.v1): what arrived, what of it is taken, and what it came to."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils import timezone

from oms_portal.erp import schemas
from oms_portal.erp.envelopes import BadData
from oms_portal.erp.messages import Message, handles
from oms_portal.erp.models import InboundEvent, Source

from .arriving import facts_of
from .holding import Held, hold
from .kinds import Acceptance, Reception, ReturnState
from .labels import digits
from .models import Return, ReturnLine
from .moving import By, move
from .standing import acceptance_of, state_of


S = ReturnState
# Words of the ERP that say what came of goods instead of what is done with them.
_RECEPTIONS = (Reception.WRONG_ITEM, Reception.LOST, Reception.NOT_RETURNED)
_JUDGED = ("received", "accepted", "rejected", "reception")


def customers_of(record: schemas.Return) -> set[str]:
    """The refs of the companies that a source must be allowed to speak for. {""} for a return that
    only the ERP knows: nobody here can say whose it is, so its source must be one for everybody."""
    known = Return.objects.filter(number=record.number)
    return set(known.values_list("company__ref", flat=True)) or {""}


def admits(source: Source, record: schemas.Return) -> None:
    """Only the ERP that was asked tells of a return of ours; a number that looks like ours and is
    none, or another's, is unknown. The ERP's own returns are kept as its records alone."""
    known = Return.objects.filter(number=record.number).exclude(state=S.DRAFT).first()
    ours = digits.is_valid(record.number) if known is None else known.source_id != source.pk
    if ours:
        raise BadData("unknown-return", "No return of that number was sent from here.")


@handles("return.updated.v1", ref=lambda record: record.ref, customers=customers_of, admits=admits)
def project(message: Message) -> str | None:
    """Its lines, both axes, and what it came to; the newest word wins, of whichever record."""
    record: schemas.Return = message.record
    if not message.newest:
        return None
    known = Return.objects.filter(number=record.number).first()
    if known is None:
        return None
    held = hold(known)
    if held.rma.rank >= message.rank:
        return InboundEvent.State.SUPERSEDED
    columns = _columns(held.rma, message)
    lines = _lines(held, {told.ref: told for told in record.lines})
    for name, value in columns.items():
        setattr(held.rma, name, value)
    stays = held.rma.state == S.CLOSED and not _is_news(lines)
    to = state_of(facts_of(held, closed=stays))
    if to in _HERE and held.rma.received_at is None:
        columns["received_at"] = message.occurred_at
    if to in _HERE:
        columns |= {"answer_code": "", "answer_text": ""}
    move(held, "receive", to, By("erp"), timezone.now(), lines=lines, **columns)
    return None


_HERE = (S.PARTLY_RECEIVED, S.RECEIVED, S.INSPECTED, S.SETTLED)


def _columns(rma: Return, message: Message) -> dict[str, Any]:
    record: schemas.Return = message.record
    note = record.credit_note
    return {
        "rank": message.rank,
        "erp_ref": record.ref[:100],
        "credit_note": note
        and {"number": note.number, "amount": f"{note.amount:f}", "currency": note.currency},
        "replacement_order_ref": record.replacement_order_ref,
    }


def _lines(held: Held, told: Mapping[str, schemas.ReturnLine]) -> dict[str, dict[str, Any]]:
    """What is written of each line; lines that nobody asked for are the ERP's own affair."""
    found: dict[str, dict[str, Any]] = {}
    for line in held.lines:
        if line.ref in told:
            values = _line(held.rma, line, told[line.ref])
            changed = {name: new for name, new in values.items() if getattr(line, name) != new}
            for name, value in changed.items():
                setattr(line, name, value)
            found[line.ref] = changed
    return found


def _line(rma: Return, line: ReturnLine, told: schemas.ReturnLine) -> dict[str, Any]:
    received, accepted = max(Decimal(0), told.received), max(Decimal(0), told.accepted)
    rejected = max(Decimal(0), told.rejected)
    if line.reception == Reception.NOT_REQUIRED and not received:
        reception = Reception.NOT_REQUIRED
    else:
        reception = _reception(rma, line, received, told.disposition)
    judged = accepted or rejected
    stays = line.acceptance == Acceptance.MANUAL and not judged
    return {
        "received": received,
        "accepted": accepted,
        "rejected": rejected,
        "disposition": told.disposition,
        "reception": reception,
        "acceptance": (Acceptance.MANUAL if stays else acceptance_of(received, accepted, rejected)),
    }


def _reception(rma: Return, line: ReturnLine, received: Decimal, word: str) -> Reception:
    if received and received >= line.expected:
        return Reception.RECEIVED
    if word in _RECEPTIONS:
        return Reception(word)
    if received or rma.scanned_at or rma.state == S.IN_TRANSIT:
        return Reception.IN_TRANSIT
    stays = line.reception in (Reception.CANCELLED, Reception.NOT_RETURNED, Reception.LOST)
    return Reception(line.reception) if stays else Reception.AWAITING


def _is_news(lines: Mapping[str, Mapping[str, Any]]) -> bool:
    return any(name in values for values in lines.values() for name in _JUDGED)
