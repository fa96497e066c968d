"""Which scans belong to which parcel, and what they say of it. Pure.

Carriers recycle numbers: a scan belongs to the parcel that was under way with that number when it
was made. Where the carrier named the order, only that order's parcels come into question.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from oms_portal.orders.models import Scan, TrackingStatus
from oms_portal.orders.moments import Moment

from .words import RANK


# A label is scanned before the ERP says "shipped"; and what leaves within such a time under one
# number is one parcel, told of twice (two orders in a box, a shipment that was replaced).
MARGIN = timedelta(days=2)


@dataclass(frozen=True)
class Parcel:
    """A package as far as its scans go. ``started_at``: shipped, or where it is not, placed."""

    key: Hashable
    order_ref: str
    carrier: str
    number: str
    started_at: datetime
    speaks: Callable[[int], bool] = lambda source_id: True


@dataclass(frozen=True)
class Standing:
    """What the scans of one parcel come to; ``status`` "" where there are none."""

    status: str = ""
    detail: str = ""
    at: datetime | None = None
    eta: Moment | None = None
    scans: int = 0


def carrier_key(code: str) -> str:
    """Carriers are told alike in any case: "DHL" on a scan, "dhl" on a shipment."""
    return code.strip().lower()[:50]


def attach(parcels: Sequence[Parcel], scans: Iterable[Scan]) -> dict[Hashable, list[Scan]]:
    """Each parcel's scans, oldest first, one for each scan id.

    ``parcels`` are all that bear the numbers in question, also those of other orders: the next
    parcel ends the time of the one before. Scans of sources that may not speak for the parcel's
    company are left out.
    """
    found: dict[Hashable, dict[str, Scan]] = {parcel.key: {} for parcel in parcels}
    numbers: dict[str, list[Parcel]] = {}
    for parcel in parcels:
        numbers.setdefault(parcel.number, []).append(parcel)
    for scan in scans:
        rivals = _candidates(numbers.get(scan.tracking_number, []), scan)
        for parcel in _under_way(rivals, scan.occurred_at, named=bool(scan.order_ref)):
            if not parcel.speaks(scan.source_id):
                continue
            kept = found[parcel.key].get(scan.scan_id)
            if kept is None or _weight(scan) > _weight(kept):
                found[parcel.key][scan.scan_id] = scan
    return {key: sorted(kept.values(), key=_order) for key, kept in found.items()}


def standing(scans: Iterable[Scan]) -> Standing:
    """The latest known word; of one instant the farther word counts, then the greater id."""
    told = sorted(scans, key=_order)
    if not told:
        return Standing()
    known = [scan for scan in told if scan.status != TrackingStatus.UNKNOWN]
    last = (known or told)[-1]
    eta = next((scan.eta for scan in reversed(told) if scan.eta), None)
    return Standing(last.status, last.detail, last.occurred_at, eta, len(told))


def _candidates(parcels: Sequence[Parcel], scan: Scan) -> list[Parcel]:
    if scan.order_ref:
        return [
            parcel
            for parcel in parcels
            if parcel.order_ref == scan.order_ref and parcel.carrier in ("", scan.carrier)
        ]
    return [parcel for parcel in parcels if parcel.carrier == scan.carrier]


def _under_way(parcels: Sequence[Parcel], at: datetime, *, named: bool) -> list[Parcel]:
    """The parcels whose time holds this instant; the first of a named order has no beginning."""
    starts = sorted({parcel.started_at for parcel in parcels})
    if not starts:
        return []
    begins = [starts[0]]
    for before, after in pairwise(starts):
        begins.append(after if after - before > MARGIN else begins[-1])
    begin_of = dict(zip(starts, begins, strict=True))
    past = [begin for begin in begins if _earlier(begin) <= at] or (begins[:1] if named else [])
    return [parcel for parcel in parcels if past and begin_of[parcel.started_at] == past[-1]]


def _earlier(moment: datetime) -> datetime:
    try:
        return moment - MARGIN
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC)


def _weight(scan: Scan) -> tuple[object, ...]:
    """Of two tellings of one scan the one that names its order counts, then the later one."""
    return (bool(scan.order_ref), scan.occurred_at, RANK[TrackingStatus(scan.status)], scan.digest)


def _order(scan: Scan) -> tuple[datetime, int, str]:
    return (scan.occurred_at, RANK[TrackingStatus(scan.status)], scan.scan_id)
