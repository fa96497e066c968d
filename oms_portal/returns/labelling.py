"""The worker's part: parcels that want a label get one, made by a carrier, then proven.

A claim takes a lease and grows the row's fence; who lost its lease writes nothing. The key of the
wish never changes, so that a carrier which timed out after it made a label answers with that one.
Each carrier has a thread of its own: one that hangs holds up no other's labels.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from oms_portal.erp.beside import Beside
from oms_portal.erp.inbox import backoff, writing
from oms_portal.erp.worker import every

from . import labels_data, life, moving, troubles
from .carriers import passing
from .carriers.contract import Carrier, Made, NotNow, Refused, Shipping
from .carriers.registry import carrier_of, carriers_for, slugs
from .kinds import Method, ParcelState, ReturnState
from .models import Return
from .parcels import Label, ReturnParcel
from .ways import WAY, way_of


log = logging.getLogger(__name__)

P = ParcelState
LEASE = timedelta(minutes=3)
# After so many attempts in vain staff are told, and it is tried on.
PATIENCE = 5
# No carrier is asked before somebody approved of the return, nor for one that is over; but for what
# goes back to the customer.
_STANDS = (ReturnState.APPROVED, ReturnState.IN_TRANSIT, ReturnState.PARTLY_RECEIVED)
NOBODY = ""
# Other workers look at the same rows.
_LOOKED_AT = 5


@dataclass(frozen=True)
class Claim:
    """A parcel that is ours until its lease runs out."""

    pk: int
    fence: int
    void: bool


def due(now: datetime) -> QuerySet[Any]:
    """Parcels whose carrier is to be asked now, for a label or to void one; each with its ``way``."""
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    stands = Q(rma__state__in=_STANDS) | Q(outward=True)
    wanted = Q(state__in=(P.WANTED, P.ASKED)) & stands
    rows = ReturnParcel.objects.annotate(way=WAY).filter(
        free, wanted | Q(void_wanted=True), next_attempt_at__lte=now
    )
    return rows.order_by("next_attempt_at", "pk")


def lanes(now: datetime) -> set[str]:
    """The carriers that have something to do; NOBODY for what none takes."""
    rows = due(now).order_by().values_list("carrier", "way").distinct()
    return {lane_of(carrier, way) for carrier, way in rows}


def lane_of(carrier: str, method: str) -> str:
    """Who is asked: whoever was asked before, whatever the settings say by now; else the first
    that takes this way back."""
    if carrier:
        return carrier if carrier_of(carrier) else NOBODY
    return next((each.slug for each in carriers_for(method)), NOBODY)


def _of(lane: str) -> Q:
    """The parcels of ``lane_of``, as a condition."""
    methods = [method for method in Method if lane_of("", method) == lane]
    fresh = Q(carrier="", way__in=methods)
    return fresh | (Q(carrier=lane) if lane else ~Q(carrier__in=["", *slugs()]))


def work(lane: str) -> bool:
    """Ask for one parcel of this carrier; False where nothing is to be done for it now."""
    held = claim(lane)
    if held is None:
        return False
    parcel = ReturnParcel.objects.select_related("rma__company", "rma__place").get(pk=held.pk)
    carrier = carrier_of(lane)
    if carrier is None:
        _give_up(held, "no_carrier", parcel)
    elif held.void:
        _void(held, parcel, carrier)
    else:
        _make(held, parcel, carrier)
    return True


def claim(lane: str) -> Claim | None:
    """Take one parcel for LEASE from now."""
    now = timezone.now()
    for pk in due(now).filter(_of(lane)).values_list("pk", flat=True)[:_LOOKED_AT]:
        with writing():
            taken = due(now).select_for_update(skip_locked=True, of=("self",)).filter(pk=pk)
            row = taken.first()
            if row is None:
                continue
            values: dict[str, Any] = {"fence": F("fence") + 1, "lease_until": now + LEASE}
            if not row.void_wanted:
                values |= {"state": P.ASKED, "carrier": lane}
            ReturnParcel.objects.filter(pk=pk).update(attempts=F("attempts") + 1, **values)
            return Claim(pk, row.fence + 1, row.void_wanted)
    return None


def _make(held: Claim, parcel: ReturnParcel, carrier: Carrier) -> None:
    rma = parcel.rma
    try:
        made = carrier.create(_shipping(parcel), str(parcel.key))
        values = _label_values(parcel, made)
    except Refused as no:
        _give_up(held, str(no), parcel)
    except passing.Unfit as why:
        _give_up(held, str(why), parcel)
    except NotNow as later:
        _later(held, str(later), parcel, later.after)
    except Exception as error:
        # Nobody knows whether a label was made: the same key is asked again.
        log.exception("no label for %s", parcel.code)
        _later(held, type(error).__name__, parcel, None)
    else:
        _keep(held, rma, made, values)


def _shipping(parcel: ReturnParcel) -> Shipping:
    rma, (sender, receiver) = parcel.rma, labels_data.ends(parcel)
    shop = not parcel.outward and rma.method in (Method.PARCEL_SHOP, Method.QR) and rma.place
    return Shipping(
        code=parcel.code,
        method=way_of(parcel),
        sender=sender,
        receiver=receiver,
        reference=parcel.code,
        point=shop.ref if shop else "",
        pickup={} if parcel.outward else rma.pickup,
    )


def _label_values(parcel: ReturnParcel, made: Made) -> dict[str, Any]:
    """The columns of the label, all that is slow about it done; raises Unfit."""
    now = timezone.now()
    parcel.tracking_number, parcel.service = made.tracking_number[:100], made.service[:100]
    values: dict[str, Any] = {
        "data": labels_data.frozen(parcel, now),
        "valid_until": None if parcel.outward else parcel.rma.expires_on,
        "created_at": now,
    }
    if made.file is not None:
        seen = passing.look(made.file, made.tracking_number)
        values["carried"], values["media_type"] = made.file.content, made.file.media_type
        values["codes"] = [{"symbology": kind, "text": text} for kind, text in seen.codes]
    return values


def _keep(held: Claim, rma: Return, made: Made, values: Mapping[str, Any]) -> None:
    """The label, or, where the return has come to nothing meanwhile, what voiding it asks for."""
    told = {
        "tracking_number": made.tracking_number[:100],
        "carrier_ref": made.ref[:200],
        "service": made.service[:100],
        "lease_until": None,
        "trouble": "",
        "attempts": 0,
    }
    with writing():
        Return.objects.select_for_update(of=("self",), no_key=True).filter(pk=rma.pk).first()
        mine = _mine(held)
        if mine.filter(state=P.ASKED).update(state=P.READY, next_attempt_at=None, **told):
            Label.objects.create(parcel_id=held.pk, version=_version(held.pk), **values)
            life.renew(rma, timezone.now())
            troubles.settle(rma)
            moving.say(rma)
        elif not mine.filter(state=P.VOIDED).update(next_attempt_at=timezone.now(), **told):
            log.warning("the label of parcel %s is no longer ours to keep", held.pk)


def _version(parcel: int) -> int:
    last = Label.objects.filter(parcel=parcel).order_by("-version").values_list("version")
    return int((last.first() or (0,))[0]) + 1


def _void(held: Claim, parcel: ReturnParcel, carrier: Carrier) -> None:
    try:
        carrier.void(parcel.carrier_ref, parcel.tracking_number, str(parcel.key))
    except Refused as no:
        _give_up(held, str(no), parcel)
    except NotNow as later:
        _later(held, str(later), parcel, later.after)
    except Exception as error:
        log.exception("the label of %s is not voided", parcel.code)
        _later(held, type(error).__name__, parcel, None)
    else:
        done = {"void_wanted": False, "next_attempt_at": None, "lease_until": None, "trouble": ""}
        with writing():
            if _mine(held).update(**done):
                troubles.settle(parcel.rma)


def _later(held: Claim, trouble: str, parcel: ReturnParcel, after: float | None) -> None:
    """With full jitter, never sooner than the carrier says."""
    wait = max(after or 0.0, backoff(parcel.attempts))
    with writing():
        mine = _mine(held).update(
            next_attempt_at=timezone.now() + timedelta(seconds=wait),
            lease_until=None,
            trouble=troubles.shortened(trouble),
        )
        if mine and parcel.attempts >= PATIENCE:
            troubles.tell(parcel.rma, trouble)


def _give_up(held: Claim, trouble: str, parcel: ReturnParcel) -> None:
    """Asking again does not help: staff see to it, and may have it tried again."""
    ended: dict[str, Any] = {"void_wanted": False} if held.void else {"state": P.FAILED}
    with writing():
        Return.objects.select_for_update(of=("self",), no_key=True).filter(pk=parcel.rma_id).first()
        mine = _mine(held) if held.void else _mine(held).filter(state__in=(P.WANTED, P.ASKED))
        told = {
            "next_attempt_at": None,
            "lease_until": None,
            "trouble": troubles.shortened(trouble),
        }
        if mine.update(**ended, **told):
            troubles.tell(parcel.rma, trouble)
            moving.say(parcel.rma)


def again(parcel: ReturnParcel) -> bool:
    """Have a label that could not be made tried once more; whether it had failed."""
    failed = ReturnParcel.objects.filter(pk=parcel.pk, state=P.FAILED)
    now = timezone.now()
    return bool(failed.update(state=P.WANTED, next_attempt_at=now, attempts=0, trouble=""))


def _mine(held: Claim) -> QuerySet[ReturnParcel]:
    return ReturnParcel.objects.filter(pk=held.pk, fence=held.fence)


_threads: dict[str, Beside] = {}


@every(1, "return labels")
def run() -> None:
    """See to it that what is due is done; returns at once."""
    for lane in lanes(timezone.now()):
        if lane not in _threads:
            _threads[lane] = Beside(f"labels-{lane}", partial(work, lane))
        _threads[lane].wake()
