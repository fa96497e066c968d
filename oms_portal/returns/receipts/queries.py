"""What the returns desk sees of a return, of those beside it, and of what somebody looks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from oms_portal.orders.models import Order
from oms_portal.returns.models import Evidence, Return, ReturnLine
from oms_portal.returns.parcels import ReturnParcel

from .models import DeskScan, Finding, Receipt, StrayParcel


@dataclass(frozen=True)
class Row:
    """A line as the desk counts it: ``wrong`` is what came in its place, ``serials`` those that
    were read, ``shipped_serials`` those that were delivered."""

    line: ReturnLine
    expected: Decimal
    counted: Decimal
    damaged: Decimal
    wrong: tuple[Finding, ...]
    serials: tuple[str, ...]
    shipped_serials: tuple[str, ...]
    gtin: str
    photos: tuple[Evidence, ...]


@dataclass(frozen=True)
class Bench:
    """Expected against counted; ``parcels`` are the customer's alone, ``photos`` those of no line,
    ``scans`` the last 20, the newest first."""

    rma: Return
    receipt: Receipt | None
    rows: tuple[Row, ...]
    unexpected: tuple[Finding, ...]
    parcels: tuple[ReturnParcel, ...]
    photos: tuple[Evidence, ...]
    scans: tuple[DeskScan, ...]


@dataclass(frozen=True)
class Hits:
    """What is found by anything that stands on a parcel or a paper."""

    returns: Sequence[Return] = ()
    orders: Sequence[Order] = ()
    strays: Sequence[StrayParcel] = ()


def bench(rma: Return) -> Bench:
    raise NotImplementedError


def beside(rma: Return) -> list[Return]:
    """The other returns of the same company that are here or expected, those here first."""
    raise NotImplementedError


def find(text: str) -> Hits:
    raise NotImplementedError
