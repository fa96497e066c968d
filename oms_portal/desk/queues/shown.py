"""What a list tells of its returns besides their own columns: read for those on the page alone, in
as many queries whether one is shown or fifty, and however many are open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Min, Q

from oms_portal.returns.kinds import ParcelState
from oms_portal.returns.models import Return, ReturnLine
from oms_portal.returns.parcels import ReturnParcel
from oms_portal.returns.receipts.models import Receipt
from oms_portal.returns.receipts.waiting import presence
from oms_portal.returns.receipts.waiting.presence import Present


@dataclass(frozen=True)
class Seen:
    """Of one return; ``due_on`` is the day its next parcel is to be here, as the carrier has it."""

    items: int = 0
    is_over: bool = False
    is_refused: bool = False
    is_damaged: bool = False
    parcels: int = 0
    arrived: int = 0
    due_on: date | None = None
    others: tuple[Present, ...] = ()


def look(rmas: Sequence[Return], user: Any, now: datetime) -> None:
    """Give each of them ``seen``; three queries. They come with ``receipt`` joined."""
    pks = [rma.pk for rma in rmas]
    others = presence.others(pks, user, now)
    lines, parcels = _lines(pks), _parcels(pks)
    for rma in rmas:
        told = {**lines.get(rma.pk, {}), **parcels.get(rma.pk, {})}
        rma.seen = Seen(  # type: ignore[attr-defined]  # read by columns
            is_refused=_is_refused(rma), others=others.get(rma.pk, ()), **told
        )


def _is_refused(rma: Return) -> bool:
    receipt: Receipt | None = getattr(rma, "receipt", None)
    return receipt is not None and receipt.refused


def _lines(pks: Sequence[int]) -> dict[int, dict[str, Any]]:
    over = Count("pk", filter=Q(returnable__over_by__gt=0))
    rows = ReturnLine.objects.filter(rma__in=pks).order_by().values("rma")
    return {
        row["rma"]: {"items": row["items"], "is_over": bool(row["over"])}
        for row in rows.annotate(items=Count("pk"), over=over)
    }


def _parcels(pks: Sequence[int]) -> dict[int, dict[str, Any]]:
    rows = ReturnParcel.objects.filter(rma__in=pks, outward=False)
    told = rows.exclude(state=ParcelState.VOIDED).order_by().values("rma")
    return {
        row["rma"]: {
            "parcels": row["count"],
            "arrived": row["arrived"],
            "is_damaged": bool(row["harmed"]),
            "due_on": row["due"],
        }
        for row in told.annotate(
            count=Count("pk"),
            arrived=Count("arrived_at"),
            harmed=Count("pk", filter=Q(damaged=True)),
            due=Min("due_on", filter=Q(arrived_at=None)),
        )
    }
