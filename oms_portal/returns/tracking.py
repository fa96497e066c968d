"""Scans of the parcels that come back: the first one moves the return, the last says that it came.

They come in as ``tracking.updated.v1`` like all others and lie in the same set. What counts is what
a carrier saw; that a label was announced, or is no longer tracked, says nothing of the goods.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.db.models import Min, Q
from django.utils import timezone

from oms_portal.erp.models import Source
from oms_portal.orders.models import Scan, TrackingStatus
from oms_portal.orders.moments import day_of
from oms_portal.orders.tracking.attach import carrier_key
from oms_portal.orders.tracking.followers import follows

from . import moving
from .arriving import scanned
from .kinds import Method, ParcelState
from .parcels import ReturnParcel


T, P = TrackingStatus, ParcelState
_SEEN = frozenset(
    {
        T.IN_TRANSIT,
        T.OUT_FOR_DELIVERY,
        T.ATTEMPT_FAILED,
        T.AVAILABLE_FOR_PICKUP,
        T.EXCEPTION,
        T.RETURNING,
        T.RETURNED,
        T.DELIVERED,
    }
)
_LOST = "lost"
_UNDER_WAY = (P.IN_TRANSIT, P.HANDED_OVER, P.LOST)
# Carriers use their numbers again: a scan from before the label is another parcel's. Clocks differ.
_MARGIN = timedelta(hours=1)


@follows
def follow(source: Source, tracking_number: str, scans: Sequence[Scan]) -> None:
    """Inside the event's transaction."""
    if not any(scan.status in _SEEN for scan in scans):
        return
    for parcel in _parcels(tracking_number):
        if source.speaks_for({parcel.rma.company.ref}):
            # With those that came before: one that comes late says nothing newer than they did.
            hear(parcel, Scan.objects.filter(tracking_number=tracking_number, source=source))


def hear(parcel: ReturnParcel, scans: Iterable[Scan]) -> None:
    """What scans under its number say of this parcel; in the caller's transaction."""
    told = sorted(scans, key=lambda scan: scan.occurred_at)
    if own := [scan for scan in told if scan.status in _SEEN and _is_of(scan, parcel)]:
        scanned(parcel, own[0].occurred_at)
        _note_end(parcel, own)
        if not parcel.outward:
            _note_due(parcel, own)


def _parcels(number: str) -> Iterable[ReturnParcel]:
    """With its own number, or sent with a carrier of the customer's under this one."""
    theirs = Q(rma__tracking_number=number, rma__method=Method.OWN_CARRIER, sequence=1)
    rows = ReturnParcel.objects.filter(Q(tracking_number=number) | theirs)
    return rows.select_related("rma__company").annotate(began=Min("labels__created_at"))


def _is_of(scan: Scan, parcel: ReturnParcel) -> bool:
    """The number of the house says whose parcel it is, whichever van has it."""
    began = getattr(parcel, "began", None) or parcel.rma.approved_at
    if began is not None and scan.occurred_at < began - _MARGIN:
        return False
    ours = parcel.tracking_number == parcel.code and scan.tracking_number == parcel.code
    own = parcel.rma.method == Method.OWN_CARRIER and not parcel.outward
    theirs = parcel.rma.carrier if own else parcel.carrier
    return ours or carrier_key(theirs) == scan.carrier or not theirs


def _note_end(parcel: ReturnParcel, scans: Sequence[Scan]) -> None:
    last = scans[-1]
    if last.status == T.DELIVERED:
        to = P.DELIVERED
    elif last.detail == _LOST:
        to = P.LOST
    else:
        return
    own = ReturnParcel.objects.filter(pk=parcel.pk, state__in=_UNDER_WAY)
    if own.exclude(state=to).update(state=to):
        moving.say(parcel.rma)


def _note_due(parcel: ReturnParcel, scans: Sequence[Scan]) -> None:
    """The day it is to be here, where we are: the newest word on that."""
    days = [day for scan in scans if (day := _due(scan))]
    if not days:
        return
    own = ReturnParcel.objects.filter(pk=parcel.pk)
    if own.exclude(due_on=days[-1]).update(due_on=days[-1]):
        moving.say(parcel.rma)


def _due(scan: Scan) -> date | None:
    zone = timezone.get_default_timezone()
    if scan.status == T.OUT_FOR_DELIVERY:
        return day_of(scan.occurred_at, zone)
    return day_of(scan.eta, zone) if scan.eta else None
