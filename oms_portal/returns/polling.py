"""The worker's part for carriers that push nothing: it asks where the parcels are.

Each carrier has a thread of its own, so that one that hangs holds up no other's parcels.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from pydantic import ValidationError

from oms_portal.erp.beside import Beside
from oms_portal.erp.inbox import writing
from oms_portal.erp.schemas import CarrierScan
from oms_portal.erp.worker import every
from oms_portal.orders.models import Scan
from oms_portal.orders.tracking.attach import carrier_key
from oms_portal.orders.tracking.words import read_code

from .carriers.contract import NotNow
from .carriers.registry import carrier_of, slugs
from .kinds import ENDED, ParcelState
from .parcels import ReturnParcel
from .tracking import hear


log = logging.getLogger(__name__)

P = ParcelState
PACE = timedelta(minutes=30)
_ON_THE_WAY = (P.READY, P.HANDED_OVER, P.IN_TRANSIT)
# No parcel has half as many scans.
_MOST_SCANS = 200


def due(slug: str, now: datetime) -> QuerySet[ReturnParcel]:
    """Parcels of this carrier that were not asked for within PACE, the longest unasked first."""
    unasked = Q(tracked_at__isnull=True) | Q(tracked_at__lt=now - PACE)
    rows = ReturnParcel.objects.filter(unasked, carrier=slug, state__in=_ON_THE_WAY)
    awaited = ~Q(rma__state__in=ENDED) | Q(outward=True)
    numbered = rows.filter(awaited).exclude(tracking_number="")
    return numbered.order_by(F("tracked_at").asc(nulls_first=True), "pk")


def ask(slug: str) -> bool:
    """Ask for one parcel; False where none is due."""
    now = timezone.now()
    parcel = due(slug, now).select_related("rma__company").first()
    carrier = carrier_of(slug)
    if parcel is None or carrier is None:
        return False
    own = ReturnParcel.objects.filter(pk=parcel.pk, tracked_at=parcel.tracked_at)
    if not own.update(tracked_at=now):
        return True
    try:
        scans = _read(parcel, carrier.track(parcel.tracking_number))
    except NotNow as why:
        log.info("%s does not say where %s is: %s", slug, parcel.code, why)
    except Exception:
        log.exception("%s can't say where %s is", slug, parcel.code)
    else:
        with writing():
            hear(parcel, scans)
    return True


def _read(parcel: ReturnParcel, told: Sequence[Mapping[str, Any]]) -> list[Scan]:
    """The scans that are scans; what a carrier says wrongly is left out."""
    scans = []
    for each in told[:_MOST_SCANS]:
        try:
            scan = CarrierScan.model_validate(dict(each))
        except (TypeError, ValidationError):
            log.warning("%s tells a scan of %s that is none", parcel.carrier, parcel.code)
            continue
        word = read_code(scan.code)
        scans.append(
            Scan(
                carrier=carrier_key(parcel.carrier),
                tracking_number=parcel.tracking_number,
                status=word.status,
                detail=word.detail,
                occurred_at=scan.occurred_at,
                eta=scan.eta,
            )
        )
    return scans


_threads: dict[str, Beside] = {}


@every(60, "where return parcels are")
def run() -> None:
    """Have each carrier that is to be asked, asked; returns at once."""
    now = timezone.now()
    for slug in slugs():
        if getattr(carrier_of(slug), "polled", False) and due(slug, now).exists():
            if slug not in _threads:
                _threads[slug] = Beside(f"tracking-{slug}", partial(ask, slug))
            _threads[slug].wake()
