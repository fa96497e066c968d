"""A return that may come: until when, in which parcels, and the ERP told of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from oms_portal.orders.moments import day_of, zone_of

from . import numbers
from .holding import Held
from .kinds import ParcelState, ReturnState
from .models import Return
from .moving import By, move
from .parcels import ReturnParcel
from .terms import Terms


def approve(
    held: Held,
    verb: str,
    by: By,
    now: datetime,
    *,
    lines: Mapping[str, Mapping[str, Any]] | None = None,
    **columns: Any,
) -> None:
    """Approve by this verb of ``moving.FROM``. ``columns`` are further ones of the return, ``lines``
    those of its lines by their ref; without ``approved`` there, all that was asked for is. From
    then on labels are wanted for its parcels."""
    told = {
        line.ref: {"approved": line.requested, **(lines or {}).get(line.ref, {})}
        for line in held.lines
    }
    until = expires_on(held, now)
    move(held, verb, ReturnState.APPROVED, by, now, lines=told, expires_on=until, **columns)
    if held.rma.is_goods_back:
        _want_parcels(held.rma, now)


def expires_on(held: Held, now: datetime) -> Any:
    """The last day for handing the goods over, by the strictest of their terms; None where nothing
    is to be sent."""
    if not held.rma.is_goods_back:
        return None
    days = min(Terms.read(line.terms).hand_over_days if line.terms else 28 for line in held.lines)
    return day_of(now, zone_of(held.rma.company.time_zone)) + timedelta(days=days)


def _want_parcels(rma: Return, now: datetime) -> None:
    """As many parcels as it has, those that were voided once made up for by new ones."""
    rows = ReturnParcel.objects.filter(rma=rma.pk)
    alive = rows.filter(outward=False).exclude(state=ParcelState.VOIDED).count()
    last = rows.count()
    fresh = ReturnParcel.objects.bulk_create(
        ReturnParcel(
            rma=rma,
            sequence=sequence,
            code=numbers.parcel_code(rma, sequence),
            next_attempt_at=now,
        )
        for sequence in range(last + 1, last + 1 + rma.parcel_count - alive)
    )
    for parcel in fresh:
        parcel.sscc = numbers.sscc(parcel)
    ReturnParcel.objects.bulk_update(fresh, ["sscc"])
