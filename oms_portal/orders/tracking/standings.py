"""What the scans say of each parcel, kept on its row, and what that means for its order."""

from __future__ import annotations

import hashlib
from collections.abc import Collection

from django.db import connections, router

from oms_portal.erp.models import Source
from oms_portal.orders import updates
from oms_portal.orders.models import Order, Package, Scan

from .attach import Standing, standing
from .outlook import is_doubtful, review
from .parcels import attached


def hold(numbers: Collection[str]) -> None:
    """Let no other transaction work on parcels of these numbers until this one ends.

    A scan and the parcel it belongs to may come at one instant, and neither transaction would see
    the other's row. SQLite has but one writer. Call it before any other lock of these rows.
    """
    connection = connections[router.db_for_write(Package)]
    if connection.vendor != "postgresql" or not numbers:
        return
    keys = sorted(
        int.from_bytes(hashlib.sha256(number.encode()).digest()[:8], "big", signed=True)
        for number in set(numbers)
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(key) FROM unnest(%s::bigint[]) AS key", [keys])


def refresh(
    packages: Collection[Package],
    told: Collection[Scan],
    source: Source,
    fresh: Collection[str] = (),
    *,
    order: Order | None = None,
) -> list[Order]:
    """Compute anew what the scans say of these parcels, as for ``attached``.

    ``order`` is the one in hand, whose parcels may have been others before. Returns the orders
    whose page shows something else now: where a parcel stands elsewhere, or has one of the scans
    with a digest in ``fresh``.
    """
    scans = attached(packages, told, source)
    moved: list[Package] = []
    touched: dict[int, Order] = {}
    doubtful: set[int] = set()
    for package in packages:
        theirs = scans[package.pk]
        before = _values(package)
        changed = _set(package, standing(theirs))
        if changed:
            moved.append(package)
            if is_doubtful(package, before):
                doubtful.add(package.shipment.order_id)
        if changed or any(scan.digest in fresh for scan in theirs):
            touched[package.shipment.order_id] = package.shipment.order
    _save(moved)
    updates.rescan(packages, scans, told, [order] if order else ())
    if doubtful:
        review(sorted(doubtful))
    return [touched[pk] for pk in sorted(touched)]


_COLUMNS = (
    "tracking_status",
    "tracking_detail",
    "tracking_at",
    "tracking_eta",
    "tracking_scans",
)
_FEW = 5


def _values(package: Package) -> Standing:
    return Standing(*(getattr(package, name) for name in _COLUMNS))


def _set(package: Package, now: Standing) -> bool:
    """Whether the parcel stands elsewhere now."""
    before = _values(package)
    values = (now.status, now.detail, now.at, now.eta, now.scans)
    for name, value in zip(_COLUMNS, values, strict=True):
        setattr(package, name, value)
    return before != now


def _save(packages: list[Package]) -> None:
    """Mostly it is one, and Django's bulk_update costs five times a plain UPDATE then."""
    if len(packages) > _FEW:
        Package.objects.bulk_update(packages, _COLUMNS)
        return
    for package in packages:
        values = {name: getattr(package, name) for name in _COLUMNS}
        Package.objects.filter(pk=package.pk).update(**values)
