"""A return that was approved, with parcels that want labels, made row by row: what comes before
is tested where it is at home."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from oms_portal.returns import numbers
from oms_portal.returns.kinds import ReturnState
from oms_portal.returns.models import (
    Label,
    Return,
    ReturnableLine,
    ReturnLine,
    ReturnParcel,
)
from tests import factories, wire


SENDER = wire.address(name="Nordwerk plant 1", contact="A. Clerk")
WAREHOUSE = {
    "ref": "W1",
    "name": "Warehouse Bremen",
    "kind": "warehouse",
    "address": {
        "name": "Brannfeld returns",
        "lines": ["Am Wall 1"],
        "city": "Bremen",
        "postal_code": "28195",
        "country": "DE",
    },
}


def approved(
    company: str = "C1", order: str = "SO-1001", parcels: int = 1, **columns: Any
) -> Return:
    """A return of two ball bearings of an order, to be sent within four weeks."""
    made = factories.order(order, company)
    rma = Return(
        company=made.company,
        ship_to_ref=made.ship_to_ref,
        state=ReturnState.APPROVED,
        currency="EUR",
        method="parcel_shop",
        sender=SENDER,
        destination=WAREHOUSE,
        parcel_count=parcels,
        approval="auto",
        form_key=f"form-{order}-{timezone.now().timestamp()}",
        submitted_at=timezone.now(),
        approved_at=timezone.now(),
        expires_on=timezone.localdate() + timedelta(days=28),
    )
    for name, value in columns.items():
        setattr(rma, name, value)
    numbers.insert(rma)
    ledger = ReturnableLine.objects.create(
        order=made, line_ref="L1", thread="D1", cap=Decimal(10), reserved=Decimal(2)
    )
    ReturnLine.objects.create(
        rma=rma,
        ref="1",
        returnable=ledger,
        sku="SKU-L1",
        description="Ball bearing L1",
        unit="C62",
        requested=Decimal(2),
        approved=Decimal(2),
    )
    for sequence in range(1, parcels + 1):
        ReturnParcel.objects.create(
            rma=rma, sequence=sequence, code=numbers.parcel_code(rma, sequence)
        )
    return rma


def parcel_of(rma: Return, sequence: int = 1) -> ReturnParcel:
    return ReturnParcel.objects.select_related("rma__company").get(rma=rma, sequence=sequence)


def label_of(rma: Return, sequence: int = 1) -> Label:
    """The newest."""
    rows = Label.objects.select_related("parcel__rma__company")
    return rows.filter(parcel__rma=rma, parcel__sequence=sequence).order_by("-version")[0]


def labelled(rma: Return) -> Label:
    """Have its labels made and proven; the first one."""
    from oms_portal.returns import labelling, verifying

    for lane in sorted(labelling.lanes(timezone.now())):
        while labelling.work(lane):
            pass
    while verifying.verify_next():
        pass
    return label_of(rma)


def past_leases() -> None:
    """As if every lease and every wait had passed."""
    now = timezone.now()
    ReturnParcel.objects.filter(lease_until__isnull=False).update(
        lease_until=now - timedelta(seconds=1)
    )
    ReturnParcel.objects.filter(next_attempt_at__isnull=False).update(next_attempt_at=now)
