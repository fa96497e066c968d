"""What went wrong on the way, with a reason the customer is told. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from .detail import PackageDetail, Problem, ShipmentDetail
from .models import ShipmentStatus, TrackingStatus
from .rollup import DONE
from .tracking.words import is_problem


def parcel_problem(shipment_status: str, word: str, detail: str) -> str:
    """The reason why a parcel is not all right, "" where it is.

    What the seller knows to be delivered is: only what arrived in a bad state is still a problem.
    """
    if not word or not is_problem(word, detail):
        return ""
    if shipment_status in DONE and word != TrackingStatus.DELIVERED:
        return ""
    return detail or word


def problems_of(shipments: Iterable[ShipmentDetail]) -> tuple[Problem, ...]:
    found: list[Problem] = []
    for shipment in shipments:
        if shipment.status == ShipmentStatus.RETURNED_TO_SENDER:
            returned = TrackingStatus.RETURNED.value
            found.append(Problem(returned, shipment.number, thread=shipment.thread))
            continue
        found += [
            _problem(reason, shipment, package)
            for package in shipment.packages
            if (reason := parcel_problem(shipment.status, package.status or "", package.detail))
        ]
    return tuple(found)


def _problem(reason: str, shipment: ShipmentDetail, package: PackageDetail) -> Problem:
    last = package.scans[0] if package.scans else None
    return Problem(
        reason=reason,
        shipment=shipment.number,
        tracking_number=package.tracking_number,
        at=package.at,
        place=last.place if last else "",
        text=last.text if last else "",
        thread=shipment.thread,
    )
