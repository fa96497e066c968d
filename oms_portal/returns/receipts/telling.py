"""What the ERP is told of what was counted: command ``return_receipt``, complete each time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AbstractBaseUser

from oms_portal.erp.outbox import actions as outbox
from oms_portal.erp.outbox.models import Command
from oms_portal.orders.snapshots import plain
from oms_portal.returns.holding import Held
from oms_portal.returns.kinds import ParcelState
from oms_portal.returns.parcels import ReturnParcel
from oms_portal.returns.refusals import Refused

from .kinds import Found
from .models import Finding, Receipt


RECEIPT = "return_receipt"
# Goods on a shelf wait, whatever the ERP does in the meantime.
WORTH = timedelta(days=30)
# The ERP has nothing of what it was told so.
_VOID = (Command.State.REJECTED, Command.State.COUNTERED, Command.State.DEAD)


def tell(held: Held, receipt: Receipt, user: AbstractBaseUser | None, now: datetime) -> Command:
    """Queue it, in the caller's transaction, return and receipt locked."""
    return queue(held, RECEIPT, payload(held, receipt), user, now)


def queue(
    held: Held,
    kind: str,
    told: dict[str, Any],
    user: AbstractBaseUser | None,
    now: datetime,
) -> Command:
    """Refused "not_offered" where there is no ERP to tell."""
    if held.rma.source is None:
        raise Refused("not_offered")
    return outbox.queue(
        source=held.rma.source,
        kind=kind,
        order_ref=held.first_order.ref,
        customer_ref=held.rma.company.ref,
        payload=told,
        requested_by=getattr(user, "email", ""),
        deadline=now + WORTH,
    )


def is_void(held: Held) -> bool:
    """Whether the ERP said no to the newest count, or never took it."""
    told = newest(held)
    return told is not None and told.state in _VOID


def told_at(held: Held, receipt: Receipt) -> datetime | None:
    """When the ERP was told this very count; None where it was told another, or has none of it."""
    return when_told(newest(held), payload(held, receipt))


def when_told(command: Command | None, here: dict[str, Any]) -> datetime | None:
    """When the ERP was told what is ``here``, whatever its version, by this command; None where it
    was not, or said no."""
    if command is None or command.state in _VOID:
        return None
    same = here | {"version": command.payload["version"]} == command.payload
    return command.queued_at if same else None


def newest(held: Held, kind: str = RECEIPT) -> Command | None:
    told = Command.objects.filter(
        source=held.rma.source_id,
        order_ref=held.first_order.ref,
        kind=kind,
        payload__number=held.rma.number,
    )
    return told.order_by("-pk").first()


def payload(held: Held, receipt: Receipt) -> dict[str, Any]:
    """{"number", "version" (the receipt's: the highest is the newest), "lines": [{"ref", "counted",
    "damaged", "wrong": [{"sku", "description", "quantity"}]}], "unexpected": […likewise],
    "parcels": codes, "missing_parcels": codes, "note"?}; quantities as decimals in text."""
    found = [one for one in receipt.findings.order_by("pk") if one.counted]
    parcels = list(ReturnParcel.objects.filter(rma=held.rma.pk, outward=False))
    here = [parcel.code for parcel in parcels if parcel.arrived_at]
    awaited = (one for one in parcels if not one.arrived_at and one.state != ParcelState.VOIDED)
    told = {
        "number": held.rma.number,
        "version": receipt.version,
        "lines": [
            _line(line.ref, [one for one in found if one.line_id == line.pk]) for line in held.lines
        ],
        "unexpected": [_article(one) for one in found if one.found == Found.UNEXPECTED],
        "parcels": here,
        "missing_parcels": [parcel.code for parcel in awaited],
    }
    return told | ({"note": receipt.note} if receipt.note else {})


def _line(ref: str, found: Iterable[Finding]) -> dict[str, Any]:
    rows = list(found)
    own = next((one for one in rows if one.found == Found.EXPECTED), None)
    return {
        "ref": ref,
        "counted": plain(own.counted) if own else "0",
        "damaged": plain(own.damaged) if own else "0",
        "wrong": [_article(one) for one in rows if one.found == Found.WRONG],
    }


def _article(one: Finding) -> dict[str, str]:
    return {"sku": one.sku, "description": one.description, "quantity": plain(one.counted)}
