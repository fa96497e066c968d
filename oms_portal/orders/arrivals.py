"""When deliveries are expected, and when they came: by the carrier's scans, else by the ERP. Pure.

Nothing in here asks the clock: what "today" is, is asked when it is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from .models import ShipmentStatus, TrackingStatus
from .moments import Moment
from .promises import instant
from .rollup import DONE


# Where a parcel's journey is over, well or not.
CLOSED = frozenset({TrackingStatus.DELIVERED, TrackingStatus.RETURNED, TrackingStatus.CANCELLED})
NOT_COMING = DONE | {
    ShipmentStatus.READY_FOR_PICKUP,
    ShipmentStatus.RETURNED_TO_SENDER,
    ShipmentStatus.CANCELLED,
}
# A van that left is back before.
_ROUND = timedelta(hours=14)


class Parcel(NamedTuple):
    """What a parcel's scans come to; ``status`` "" where there are none."""

    status: str = ""
    at: datetime | None = None
    eta: Moment | None = None


class Leg(NamedTuple):
    """A delivery as far as its arrival goes."""

    status: str
    shipped_at: datetime | None = None
    eta_from: Moment | None = None
    eta_to: Moment | None = None
    delivered_at: datetime | None = None
    parcels: Sequence[Parcel] = ()


class Window(NamedTuple):
    """``guessed``: nobody gave a time, but it was loaded for delivery at that instant."""

    starts: Moment
    ends: Moment | None = None
    guessed: bool = False


def expected(leg: Leg) -> Window | None:
    """When a delivery under way comes, if anybody said; None where it is not under way.

    The earliest date that carriers gave for its open parcels, else the ERP's window. What is out
    for delivery comes that day, whatever other days were given.
    """
    if not is_under_way(leg):
        return None
    coming = [parcel for parcel in leg.parcels if parcel.status not in CLOSED]
    etas = [parcel.eta for parcel in coming if parcel.eta]
    window = None
    if etas:
        window = Window(min(etas, key=instant))
    elif leg.eta_from:
        window = Window(leg.eta_from, leg.eta_to)
    out = [parcel.at for parcel in coming if _is_out(parcel) and parcel.at]
    if out and not (window and _is_of_the_day(window, max(out))):
        return Window(max(out), guessed=True)
    return window


def _is_of_the_day(window: Window, out: datetime) -> bool:
    """Whether it tells no more than the day, or the hours, of a round that began at ``out``."""
    if isinstance(window.starts, datetime):
        last = window.ends or window.starts
        return isinstance(last, datetime) and out <= last and window.starts - out < _ROUND
    return window.starts == out.date() and window.ends in (None, window.starts)


def is_under_way(leg: Leg) -> bool:
    if leg.delivered_at or leg.status in NOT_COMING:
        return False
    if leg.parcels and all(parcel.status in CLOSED for parcel in leg.parcels):
        return False
    left = leg.status == ShipmentStatus.DISPATCHED or leg.shipped_at is not None
    return left or is_out(leg)


def is_out(leg: Leg) -> bool:
    """Whether a parcel of it is on the van."""
    return any(_is_out(parcel) for parcel in leg.parcels)


def _is_out(parcel: Parcel) -> bool:
    return parcel.status == TrackingStatus.OUT_FOR_DELIVERY


def came(leg: Leg) -> datetime | None:
    """When a delivery arrived: as the ERP says, else when the last of all its parcels did."""
    if leg.delivered_at:
        return leg.delivered_at
    arrived = [parcel for parcel in leg.parcels if parcel.status == TrackingStatus.DELIVERED]
    if leg.status not in DONE and len(arrived) < max(1, len(leg.parcels)):
        return None
    return max((parcel.at for parcel in arrived if parcel.at), default=None)


def arriving_of(legs: Iterable[Leg]) -> Moment | None:
    """Of an order's deliveries under way, when the first is expected."""
    windows = [window for leg in legs if (window := expected(leg))]
    return min((window.starts for window in windows), key=instant, default=None)


def arrived_of(legs: Iterable[Leg]) -> datetime | None:
    """Of an order's deliveries that came, when the last did."""
    return max((at for leg in legs if (at := came(leg))), default=None)
