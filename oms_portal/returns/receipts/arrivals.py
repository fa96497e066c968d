"""The worker's part: parcels that our desk scanned, told to their returns within a second.

The scan itself locks no return, so that a dock never waits for one.
"""

from __future__ import annotations

import logging

from django.utils import timezone

from oms_portal.erp.inbox import TRANSIENT, writing
from oms_portal.erp.worker import every
from oms_portal.returns import moving, news
from oms_portal.returns.arriving import scanned
from oms_portal.returns.holding import hold
from oms_portal.returns.kinds import ParcelState
from oms_portal.returns.models import Return
from oms_portal.returns.moving import By
from oms_portal.returns.parcels import ReturnParcel
from oms_portal.returns.refusals import Refused

from .scanning.boxes import scanner_of


log = logging.getLogger(__name__)

# A truck full of parcels, a transaction each.
_AT_ONCE = 100


@every(0.5, "return parcels that arrived")
def run() -> None:
    tell_all()


def tell_all() -> int:
    """Tell the returns of all parcels that arrived; how many parcels that were."""
    rows = ReturnParcel.objects.filter(arrived_at__isnull=False, arrival_told=False)
    waiting = rows.select_related("rma").order_by("arrived_at")[:_AT_ONCE]
    return sum(_try(parcel) for parcel in list(waiting))


def tell(rma: Return) -> None:
    """Tell this return at once, before anything of it is finished or judged."""
    rows = ReturnParcel.objects.filter(rma=rma.pk, arrived_at__isnull=False, arrival_told=False)
    for parcel in rows.select_related("rma").order_by("arrived_at"):
        _tell(parcel)


def _try(parcel: ReturnParcel) -> bool:
    try:
        return _tell(parcel)
    except TRANSIENT:
        raise
    except Exception:
        log.exception("the return of parcel %s can't be told that it arrived", parcel.code)
        return False


def _tell(parcel: ReturnParcel) -> bool:
    """Its label is used, its return has come this far, the parcel is delivered; whether it had not
    been told. What carriers say of it from now on is old news."""
    at = parcel.arrived_at or timezone.now()
    with writing():
        try:
            held = hold(parcel.rma)
        except Refused:
            return False
        own = ReturnParcel.objects.filter(pk=parcel.pk, arrival_told=False)
        if not own.update(arrival_told=True):
            return False
        scanned(parcel, at, By("staff", scanner_of(parcel)))
        ReturnParcel.objects.filter(pk=parcel.pk).update(state=ParcelState.DELIVERED)
        if not parcel.outward:
            news.tell_arrival(held, parcel, at)
        moving.say(held.rma)
    return True
