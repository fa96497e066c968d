"""A parcel or pallet in words: what is in it, where it can be followed, what its scans say."""

from __future__ import annotations

from datetime import tzinfo

from django.utils.translation import gettext as _

from oms_portal.orders import messages
from oms_portal.orders.detail import PackageDetail, PackedLine, ScanDetail
from oms_portal.orders.models import TrackingStatus

from . import shown
from .chips import tracking_chip
from .formats import NOTHING, listed, quantity, stamp


# A parcel that has arrived or is on its way back has no date to expect.
_OVER = frozenset(
    {
        TrackingStatus.DELIVERED,
        TrackingStatus.RETURNING,
        TrackingStatus.RETURNED,
        TrackingStatus.CANCELLED,
    }
)


def show_parcel(package: PackageDetail, position: int, method: str, zone: tzinfo) -> shown.Parcel:
    """``position`` counts from 1 within the delivery."""
    over = package.status in _OVER
    return shown.Parcel(
        label=_label(position, method),
        number=package.tracking_number or package.sscc,
        url=package.link or "",
        follow=_("Follow it with %(carrier)s") % {"carrier": package.carrier}
        if package.carrier
        else _("Follow it with the carrier"),
        chip=tracking_chip(package.status) if package.status else None,
        expected=NOTHING if over else stamp(package.eta, zone),
        contents=[_content(line) for line in package.lines],
        scans=[_scan(scan, zone) for scan in package.scans],
    )


def _label(position: int, method: str) -> str:
    words = _("Load unit %(n)s") if method == "freight" else _("Parcel %(n)s")
    return words % {"n": position}


def _content(line: PackedLine) -> str:
    words = {
        "quantity": quantity(line.quantity, line.unit),
        "item": line.description or line.sku,
        "lot": line.lot,
        "numbers": listed(list(line.serials)),
    }
    if not words["item"]:
        return words["quantity"]
    if line.serials:
        return _("%(quantity)s of %(item)s (serial numbers %(numbers)s)") % words
    if line.lot:
        return _("%(quantity)s of %(item)s (lot %(lot)s)") % words
    return _("%(quantity)s of %(item)s") % words


def _scan(scan: ScanDetail, zone: tzinfo) -> shown.Scanned:
    return shown.Scanned(
        at=stamp(scan.at, zone),
        words=messages.tracking(scan.status, scan.detail),
        place=scan.place,
        text=scan.text,
    )
