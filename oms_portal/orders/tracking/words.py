"""The 13 words of tracking and their details. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from oms_portal.orders.models import TrackingStatus


DETAILS = (
    "customs",
    "address",
    "refused",
    "damaged",
    "weather",
    "held",
    "redirected",
    "rescheduled",
    "lost",
)
# How far on its way a parcel is by each word: of two scans of one instant the later word counts.
RANK = {
    word: rank
    for rank, word in enumerate(
        (
            TrackingStatus.UNKNOWN,
            TrackingStatus.PENDING,
            TrackingStatus.PRE_TRANSIT,
            TrackingStatus.IN_TRANSIT,
            TrackingStatus.OUT_FOR_DELIVERY,
            TrackingStatus.AVAILABLE_FOR_PICKUP,
            TrackingStatus.ATTEMPT_FAILED,
            TrackingStatus.EXCEPTION,
            TrackingStatus.RETURNING,
            TrackingStatus.EXPIRED,
            TrackingStatus.CANCELLED,
            TrackingStatus.RETURNED,
            TrackingStatus.DELIVERED,
        )
    )
}
_PROBLEMS = frozenset(
    {
        TrackingStatus.ATTEMPT_FAILED,
        TrackingStatus.EXCEPTION,
        TrackingStatus.RETURNING,
        TrackingStatus.RETURNED,
        TrackingStatus.EXPIRED,
    }
)
_BAD_DETAILS = frozenset({"address", "refused", "damaged", "lost"})


@dataclass(frozen=True)
class Word:
    """``raw_code`` is the carrier's own code where it is none of ours."""

    status: TrackingStatus
    detail: str = ""
    raw_code: str = ""


def read_code(code: str) -> Word:
    """The word of "in_transit" or "exception.customs"; any other code is unknown, and kept."""
    status, _, detail = code.strip().lower().partition(".")
    if status not in TrackingStatus.values or (detail and detail not in DETAILS):
        return Word(TrackingStatus.UNKNOWN, raw_code=code)
    return Word(TrackingStatus(status), detail)


def is_problem(status: str, detail: str) -> bool:
    """Whether a customer must know: the parcel will not come as it should."""
    return status in _PROBLEMS or detail in _BAD_DETAILS
