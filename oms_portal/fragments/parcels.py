"""A parcel or pallet in words: what is in it, where it can be followed, what its scans say."""

from __future__ import annotations

from datetime import tzinfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oms_portal.orders import messages
from oms_portal.orders.detail import PackageDetail, PackedLine, ScanDetail
from oms_portal.orders.locales import isolated, listed
from oms_portal.orders.models import TrackingStatus

from . import shown_order as shown
from .chips import tracking_chip
from .formats import NOTHING, quantity, stamp
from .lines import SERIALS


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
        label=parcel_label(position, method),
        number=package.tracking_number or package.sscc,
        url=package.link or "",
        follow=_("Follow it with %(carrier)s") % {"carrier": isolated(package.carrier)}
        if package.carrier
        else _("Follow it with the carrier"),
        chip=tracking_chip(package.status, package.raw_code) if package.status else None,
        expected=NOTHING if over else stamp(package.eta, zone),
        contents=[content(line) for line in package.lines],
        more=ngettext("and %(n)s more item", "and %(n)s more items", package.more)
        % {"n": package.more}
        if package.more
        else "",
        scans=[_scan(scan, zone) for scan in package.scans],
    )


def parcel_label(position: int, method: str) -> str:
    words = _("Load unit %(n)s") if method == "freight" else _("Parcel %(n)s")
    return words % {"n": position}


def content(line: PackedLine) -> str:
    words: dict[str, str] = {
        "quantity": quantity(line.quantity, line.unit),
        "item": isolated(line.description or line.sku),
        "lot": isolated(line.lot),
        "numbers": listed(map(isolated, line.serials[:SERIALS])),
        "more": str(len(line.serials) - SERIALS),
    }
    if not words["item"]:
        return words["quantity"]
    if len(line.serials) > SERIALS:
        return _("%(quantity)s of %(item)s (serial numbers %(numbers)s and %(more)s more)") % words
    if line.serials:
        return _("%(quantity)s of %(item)s (serial numbers %(numbers)s)") % words
    if line.lot:
        return _("%(quantity)s of %(item)s (lot %(lot)s)") % words
    return _("%(quantity)s of %(item)s") % words


def _scan(scan: ScanDetail, zone: tzinfo) -> shown.Scanned:
    return shown.Scanned(
        at=stamp(scan.at, zone),
        words=messages.tracking(scan.status, scan.detail, scan.raw_code),
        place=scan.place,
        text=scan.text,
    )
