"""Counts, each changed by one statement in the transaction of the scan that says so.

The receipt's row comes first: whoever counts, says that all is counted, or judges, waits for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import DataError

from oms_portal.returns.models import ReturnLine

from ..kinds import Found
from ..models import Finding, Receipt
from .statements import decimal, insert_or, number, update_one


ZERO = Decimal(0)
# No column takes so many.
_BEYOND = Decimal(10) ** 13
# By the unique indexes of ``Finding``.
_CONFLICT = {
    Found.EXPECTED: "(line_id) WHERE found = 'expected'",
    Found.WRONG: "(line_id, sku, description) WHERE found = 'wrong'",
    Found.UNEXPECTED: "(receipt_id, sku, description) WHERE found = 'unexpected'",
}
# SQLite reckons with floats.
_ADDED = "counted = ROUND({table}.counted + excluded.counted, 6)"
_CHANGED = "counted = ROUND(counted + %s, 6), damaged = ROUND(damaged + %s, 6)"
_POSSIBLE = (
    "damaged + %s >= 0 AND ROUND(counted + %s, 6) >= ROUND(damaged + %s, 6)"
    " AND ROUND(counted + %s, 6) >= judged"
)
_COUNT = "id, counted, damaged"


@dataclass(frozen=True)
class Place:
    """What is counted: an article of a line, something in its place, or what nobody announced."""

    found: Found
    line: ReturnLine | None = None
    sku: str = ""
    description: str = ""


@dataclass(frozen=True)
class Count:
    """What a finding says now."""

    finding: int
    counted: Decimal
    damaged: Decimal


class Below(Exception):
    """Less than nothing would be left, less than is judged, or more damaged than there is."""


def open_receipt(rma: int, *, arrived_at: datetime | None = None, over: bool = False) -> int:
    """The pk of the return's receipt, locked, made where there was none, kept out where the return
    is ``over``. What the ERP was told is no longer all there is: of a parcel more it has not heard,
    and somebody is to look into it. Where nothing differs in the end, ``finishing`` tells it
    nothing."""
    change = (
        "counted_at = NULL, decided_at = NULL, "
        "arrived_at = COALESCE({table}.arrived_at, excluded.arrived_at)"
    )
    row = Receipt(rma_id=rma, arrived_at=arrived_at, version=0 if over else 1)
    (pk,) = insert_or(row, "(rma_id)", change, "id")
    return int(pk)


def let_in(rma: int, arrived_at: datetime) -> None:
    """Its goods are here and counted, also where it was over when they came."""
    receipt = open_receipt(rma, arrived_at=arrived_at)
    Receipt.objects.filter(pk=receipt, version=0).update(version=1)


def add(receipt: int, place: Place, quantity: Decimal) -> Count:
    """So many more of it, ``quantity`` > 0; its finding is made where there was none. DataError
    where that is more than can be kept."""
    line = place.line
    row = Finding(
        receipt_id=receipt,
        line=line,
        found=place.found,
        sku=place.sku,
        description=place.description,
        unit=line.unit if line and place.found == Found.EXPECTED else "",
        counted=quantity,
    )
    return _read(insert_or(row, _CONFLICT[place.found], _ADDED, _COUNT))


def change(finding: int, quantity: Decimal, damaged: Decimal = ZERO) -> Count:
    """So many more or fewer of it, and so many more or fewer of these damaged; or Below."""
    by, also = number(quantity), number(damaged)
    params = (by, also, finding, also, by, also, by)
    row = update_one(Finding, _CHANGED, f"id = %s AND {_POSSIBLE}", params, _COUNT)
    if row is None:
        raise Below
    return _read(row)


def _read(row: Sequence[Any]) -> Count:
    pk, counted, damaged = row
    count = Count(int(pk), decimal(counted), decimal(damaged))
    if count.counted >= _BEYOND:
        # As PostgreSQL says by itself; SQLite keeps what nobody can read again.
        raise DataError("more are counted than can be kept")
    return count
