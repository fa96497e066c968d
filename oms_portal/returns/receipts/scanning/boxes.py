"""Parcels by what stands on them, and what it means that one is scanned."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from oms_portal.returns.kinds import ENDED, FREED, Method, ParcelState, ReturnState
from oms_portal.returns.models import Return
from oms_portal.returns.parcels import ReturnParcel

from ..kinds import ScanResult
from ..models import DeskScan
from .statements import moment, update_one


# A ReturnParcel with ``total`` and ``arrived``, how many the customer sends and how many are here.
Box = Any
# Nothing more of such a return was to come.
OVER = (*FREED, ReturnState.CLOSED)
# A number that a carrier used again and again is on no more.
_FEW = 20
_FIRST = (ScanResult.ARRIVED, ScanResult.OVER_ALREADY)
_THEIRS = Q(outward=False)
# Whether a row sees itself changed is for each database to say.
_HERE = (
    "(SELECT COUNT(*) FROM {table} AS other WHERE other.rma_id = {table}.rma_id"
    " AND other.id <> {table}.id AND NOT other.outward AND other.arrived_at IS NOT NULL)"
)
_WANTED = _THEIRS & (~Q(state=ParcelState.VOIDED) | Q(arrived_at__isnull=False))


def by_code(code: str) -> list[Box]:
    return list(_loaded(ReturnParcel.objects.filter(code=code)))


def by_number(numbers: Collection[str]) -> list[Box]:
    """By SSCC or tracking number, its own or that of the customer's own carrier; those of returns
    that are under way come before those that are over."""
    asked = {*numbers, *(number.upper() for number in numbers)} - {""}
    if not asked:
        return []
    every = ReturnParcel.objects.order_by().values("pk")
    theirs = {"rma__method": Method.OWN_CARRIER, "sequence": 1}
    found = every.filter(sscc__in=asked).union(
        every.filter(tracking_number__in=asked),
        every.filter(rma__tracking_number__in=asked, **theirs),
        all=True,
    )
    rows = _loaded(ReturnParcel.objects.filter(pk__in=found))
    over = Case(When(rma__state__in=ENDED, then=1), default=0, output_field=IntegerField())
    return list(rows.annotate(over=over).order_by("over", "arrived_at", "pk")[:_FEW])


def candidates(boxes: list[Box]) -> list[Box]:
    """Those that it may be, of several under one number: what is still to come before what is here,
    and what is under way before what is over."""
    ranked: dict[tuple[bool, bool, bool], list[Box]] = {}
    for box in boxes:
        over = box.rma.state in ENDED
        ranked.setdefault((box.outward, over, box.arrived_at is not None), []).append(box)
    if not ranked:
        return []
    first = ranked[min(ranked)]
    # Of parcels that are here already, the one that came last was meant.
    return [max(first, key=lambda box: box.arrived_at)] if first[0].arrived_at else first


def is_over(rma: Return) -> bool:
    """Whether nothing is counted on it before somebody lets its goods in: nothing of it was
    expected any more when the first of them came. What comes later belongs to those. Its parcel
    brings it back under way all the same, so that customer and queues know that it is here."""
    receipt = getattr(rma, "receipt", None)
    return rma.state in OVER if receipt is None else receipt.is_kept_out


def arrive(box: Box, now: datetime, *, damaged: bool) -> int:
    """It is here since ``now``: how many of its return are by now, 0 where it was here before. Its
    return hears of it from the worker. Counted as it is written, the receipt's row locked: of two
    at one instant, one is the second."""
    change = "arrived_at = %s, damaged = damaged OR %s"
    where = "id = %s AND arrived_at IS NULL"
    row = update_one(ReturnParcel, change, where, (moment(now), damaged, box.pk), _HERE)
    return int(row[0]) + 1 if row else 0


def arrive_unread(rma: Return, at: datetime, *, damaged: bool = False) -> None:
    """A parcel of it is here that bears no code of ours: the first that was awaited, or, of a
    return that is over, was so once."""
    awaited = ReturnParcel.objects.filter(rma=rma.pk, outward=False, arrived_at=None)
    if rma.state not in OVER:
        awaited = awaited.exclude(state=ParcelState.VOIDED)
    first = awaited.order_by("sequence").first()
    if first is not None:
        arrive(first, at, damaged=damaged)


def mark_damaged(box: Box) -> None:
    ReturnParcel.objects.filter(pk=box.pk).update(damaged=True)


def counts(rma: Any) -> dict[str, Subquery]:
    """How many parcels the customer sends, and how many of these are here."""
    own = ReturnParcel.objects.filter(rma=rma).order_by().values("rma")
    return {
        "total": _number(own.annotate(count=Count("pk", filter=_WANTED))),
        "arrived": _number(
            own.annotate(count=Count("pk", filter=_THEIRS & Q(arrived_at__isnull=False)))
        ),
    }


def scanner_of(parcel: Any) -> Any:
    """The user who scanned it first; None where nobody is known."""
    rows = DeskScan.objects.filter(rma=parcel.rma_id, parcel=parcel.code, result__in=_FIRST)
    first = rows.select_related("actor").order_by("at").first()
    return first.actor if first else None


def name_of(user: Any) -> str:
    return (user.get_full_name() or user.get_username()) if user else ""


def _loaded(rows: QuerySet[ReturnParcel]) -> QuerySet[Any]:
    joined = rows.select_related("rma__company__parent", "rma__receipt")
    return joined.annotate(**counts(OuterRef("rma")))


def _number(rows: QuerySet[Any]) -> Any:
    return Coalesce(Subquery(rows.values("count")[:1], output_field=IntegerField()), Value(0))
