"""What the feed over all orders, and the timeline of each, have to tell of a return."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from oms_portal.orders import updates
from oms_portal.orders.announcing import announce

from .holding import Held
from .kinds import PRIVATE, ParcelState, ReturnState
from .models import ReturnEvent
from .parcels import ReturnParcel


ARRIVED = "arrived"
_TROUBLE = (ReturnState.INFO_NEEDED, ReturnState.REJECTED, ReturnState.EXPIRED)


def tell(held: Held, event: ReturnEvent, before: str) -> None:
    """A step that brought it elsewhere. What our own desk scanned tells its parcel."""
    at_desk = event.verb == "scan" and event.source == "staff"
    if event.state == before or event.state in PRIVATE or at_desk:
        return
    data: dict[str, Any] = {"step": event.state, "verb": event.verb, "source": event.source}
    if event.verb == "submit":
        data |= {"item": held.lines[0].description or held.lines[0].sku, "lines": len(held.lines)}
    if event.state == ReturnState.SETTLED:
        data["credit_note"] = held.rma.credit_note
    _write(held, f"event|{event.pk}", event.at, data)


def tell_arrival(held: Held, parcel: ReturnParcel, at: datetime) -> None:
    """One of its parcels is at our returns desk, and counts as told: how many are ``here``, ``of``
    so many that are not void."""
    rows = ReturnParcel.objects.filter(rma=held.rma.pk, outward=False)
    wanted = rows.exclude(state=ParcelState.VOIDED, arrived_at=None)
    told = list(wanted.values_list("arrival_told", flat=True))
    data = {"step": ARRIVED, "verb": ARRIVED, "source": "desk", "here": sum(told), "of": len(told)}
    _write(held, f"parcel|{parcel.pk}", at, data)
    announce(held.orders.values())


def _write(held: Held, key: str, at: datetime, data: Mapping[str, Any]) -> None:
    rma = held.rma
    place = {"company_id": rma.company_id, "ship_to_ref": rma.ship_to_ref}
    told = {"return": rma.number, "kind": rma.kind, **data}
    trouble = data["step"] in _TROUBLE
    updates.tell_return(
        held.orders.values(), f"{rma.number}|{key}", at, told, place, trouble=trouble
    )
