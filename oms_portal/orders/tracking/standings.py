"""What the scans say of each parcel, kept on its row, and what that means for its order."""

from __future__ import annotations

import hashlib
from collections.abc import Collection

from django.db import connections, router

from oms_portal.erp.models import Source
from oms_portal.orders.models import Order, Package, Scan, Shipment, ShipmentStatus
from oms_portal.orders.problems import parcel_problem

from .attach import Standing, standing
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
) -> list[Order]:
    """Compute anew what the scans say of these parcels, as for ``attached``.

    Returns the orders whose page shows something else now: where a parcel stands elsewhere, or
    has one of the scans with a digest in ``fresh``.
    """
    scans = attached(packages, told, source)
    moved: list[Package] = []
    touched: dict[int, Order] = {}
    for package in packages:
        theirs = scans[package.pk]
        changed = _set(package, standing(theirs))
        if changed:
            moved.append(package)
        if changed or any(scan.digest in fresh for scan in theirs):
            touched[package.shipment.order_id] = package.shipment.order
    _save(moved)
    if doubtful := {package.shipment.order_id for package in moved if _is_doubtful(package)}:
        _flag_exceptions(sorted(doubtful))
    return [touched[pk] for pk in sorted(touched)]


_COLUMNS = (
    "tracking_status",
    "tracking_detail",
    "tracking_at",
    "tracking_eta",
    "tracking_scans",
)
_FEW = 5


def _set(package: Package, now: Standing) -> bool:
    values = (now.status, now.detail, now.at, now.eta, now.scans)
    before = tuple(getattr(package, name) for name in _COLUMNS)
    for name, value in zip(_COLUMNS, values, strict=True):
        setattr(package, name, value)
    return before != values


def _save(packages: list[Package]) -> None:
    """Mostly it is one, and Django's bulk_update costs five times a plain UPDATE then."""
    if len(packages) > _FEW:
        Package.objects.bulk_update(packages, _COLUMNS)
        return
    for package in packages:
        values = {name: getattr(package, name) for name in _COLUMNS}
        Package.objects.filter(pk=package.pk).update(**values)


def _is_doubtful(package: Package) -> bool:
    """Whether its order's flag may have to change; a parcel that is all right raises none."""
    shipment = package.shipment
    return shipment.order.exception or bool(
        parcel_problem(shipment.status, package.tracking_status, package.tracking_detail)
    )


def _flag_exceptions(order_ids: list[int]) -> None:
    orders = Order.objects.select_for_update().filter(pk__in=order_ids).order_by("pk")
    flags = dict(orders.values_list("pk", "exception"))
    found = dict.fromkeys(flags, False)
    rows = (
        Shipment.objects.filter(order__in=order_ids)
        .order_by()
        .values_list("order_id", "status", "packages__tracking_status", "packages__tracking_detail")
    )
    for order_id, status, word, detail in rows:
        problem = parcel_problem(status, word or "", detail or "")
        found[order_id] |= bool(problem) or status == ShipmentStatus.RETURNED_TO_SENDER
    for value in (True, False):
        changed = [pk for pk, flag in found.items() if flag == value != flags[pk]]
        if changed:
            Order.objects.filter(pk__in=changed).update(exception=value)
