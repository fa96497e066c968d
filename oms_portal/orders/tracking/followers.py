"""Who wants to know, in the same transaction, that scans of a tracking number came: features above
whose parcels are no packages of an order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from oms_portal.erp.models import Source
from oms_portal.orders.models import Scan


Follower = Callable[[Source, str, Sequence[Scan]], object]
F = TypeVar("F", bound=Follower)
_followers: list[Follower] = []


def follows(follower: F) -> F:
    """Register what is called with the source, the tracking number and the scans that are new. It
    does no I/O but the database's, and one query where nothing is to do."""
    if follower not in _followers:
        _followers.append(follower)
    return follower


def tell(source: Source, tracking_number: str, scans: Sequence[Scan]) -> None:
    for follower in _followers:
        follower(source, tracking_number, scans)
