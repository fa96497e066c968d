"""Returns of last March as they lie in the database, made row by row: how they came to be is tested
where it is at home."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from oms_portal.notifications.models import Alert
from oms_portal.orders.models import Order
from oms_portal.returns import numbers
from oms_portal.returns.models import Return, ReturnableLine, ReturnLine
from oms_portal.returns.parcels import ReturnParcel
from oms_portal.returns.receipts.figures import Period
from oms_portal.returns.receipts.models import Finding, Receipt
from oms_portal.returns.rules import ReturnReason
from tests import factories


MARCH = Period(date(2026, 3, 1), date(2026, 3, 28), UTC)
_keys = count(1)
Lines = Sequence[tuple[str, str]]


def at(day: int, hour: int = 12, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def order(company: str = "C1") -> Order:
    ref = f"SO-{company}"
    return Order.objects.filter(ref=ref).first() or factories.order(ref, company)


def past(day: int, lines: Lines = (("AX-1", "wrong_size"),), **columns: Any) -> Return:
    """One that was asked for on this day of March and approved by the rules an hour later. Lines are
    (SKU, reason's code or "")."""
    of = order(columns.pop("company", "C1"))
    told: dict[str, Any] = {
        "state": "approved",
        "approval": "auto",
        "submitted_at": at(day),
        "approved_at": at(day) + timedelta(hours=1),
        **columns,
    }
    rma = Return(company=of.company, form_key=f"past-{next(_keys)}", **told)
    numbers.insert(rma)
    for place, (sku, reason) in enumerate(lines, 1):
        _line(rma, of, place, sku, reason)
    return rma


def _line(rma: Return, of: Order, place: int, sku: str, reason: str) -> None:
    ledger, _ = ReturnableLine.objects.get_or_create(
        order=of, line_ref=f"L{place}", thread="D1", defaults={"cap": Decimal(100_000)}
    )
    words = {"texts": {"en": reason.replace("_", " ").capitalize()}}
    why = ReturnReason.objects.get_or_create(code=reason, defaults=words)[0] if reason else None
    ReturnLine.objects.create(
        rma=rma,
        ref=f"{place}",
        returnable=ledger,
        sku=sku,
        description=f"Bearing {sku}",
        unit="C62",
        requested=Decimal(1),
        reason=why,
    )


def receipt(rma: Return, **columns: Any) -> Receipt:
    return Receipt.objects.create(rma=rma, **columns)


def decided(day: int, hours: float, **columns: Any) -> Return:
    """One whose goods came so many hours before they were decided about, on this day."""
    rma = past(1, **columns)
    receipt(
        rma, arrived_at=at(day) - timedelta(hours=hours), counted_at=at(day), decided_at=at(day)
    )
    return rma


def counted(day: int, found: str = "expected", quantity: int = 1) -> Return:
    """One that was counted on this day; ``found`` says what."""
    rma = past(1)
    held = receipt(rma, arrived_at=at(day), counted_at=at(day))
    line = None if found == "unexpected" else rma.lines.get()
    Finding.objects.create(receipt=held, line=line, found=found, counted=Decimal(quantity))
    return rma


def parcel(rma: Return, sequence: int = 1, **columns: Any) -> ReturnParcel:
    code = numbers.parcel_code(rma, sequence)
    return ReturnParcel.objects.create(rma=rma, sequence=sequence, code=code, **columns)


def troubled(rma: Return) -> None:
    """A label of it could not be made once; somebody has seen to it."""
    Alert.objects.create(kind="label_trouble", about=f"return:{rma.pk}", done_at=at(30))
