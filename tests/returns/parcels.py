"""A return that was approved, with parcels that want labels, made row by row: what comes before
is tested where it is at home."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from oms_portal.orders.models import Order
from oms_portal.returns import labels_data, numbers
from oms_portal.returns.kinds import LabelState, ParcelState, ReturnState
from oms_portal.returns.models import Return, ReturnableLine, ReturnLine
from oms_portal.returns.parcels import Label, ReturnParcel
from oms_portal.returns.private import storage
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
    """A return of two ball bearings of a new order, to be sent within four weeks."""
    return approved_of(factories.order(order, company), parcels, **columns)


def approved_of(
    order: Order,
    parcels: int = 1,
    description: str = "Ball bearing L1",
    text: str = "",
    **columns: Any,
) -> Return:
    rma = Return(
        company=order.company,
        ship_to_ref=order.ship_to_ref,
        form_key=f"form-{order.pk}",
        **{**COLUMNS, **_days(), "parcel_count": parcels, **columns},
    )
    numbers.insert(rma)
    ledger = ReturnableLine.objects.create(
        order=order, line_ref="L1", thread="D1", cap=Decimal(10), reserved=Decimal(2)
    )
    ReturnLine.objects.create(
        rma=rma,
        ref="1",
        returnable=ledger,
        sku="SKU-L1",
        description=description,
        text=text,
        unit="C62",
        requested=Decimal(2),
        approved=Decimal(2),
    )
    for sequence in range(1, parcels + 1):
        ReturnParcel.objects.create(
            rma=rma, sequence=sequence, code=numbers.parcel_code(rma, sequence)
        )
    return rma


COLUMNS: dict[str, Any] = {
    "state": ReturnState.APPROVED,
    "currency": "EUR",
    "method": "parcel_shop",
    "sender": SENDER,
    "destination": WAREHOUSE,
    "approval": "auto",
}


def _days() -> dict[str, Any]:
    now = timezone.now()
    day = timezone.localdate() + timedelta(days=28)
    return {"submitted_at": now, "approved_at": now, "expires_on": day}


def printable(rma: Return) -> Label:
    """A label as if it had been made and proven, in no time."""
    parcel = parcel_of(rma)
    parcel.tracking_number, parcel.carrier = parcel.code, "house"
    parcel.state, parcel.next_attempt_at = ParcelState.READY, None
    parcel.save()
    return Label.objects.create(
        parcel=parcel,
        state=LabelState.VERIFIED,
        data=labels_data.frozen(parcel, timezone.now()),
        codes=[{"symbology": "Code128", "text": parcel.code}],
        valid_until=rma.expires_on,
    )


def stored_photo() -> str:
    """A photo's file, the same for all who ask."""
    name = "tests/photo.jpg"
    if not storage().exists(name):
        out = BytesIO()
        Image.new("RGB", (8, 8), "red").save(out, "JPEG")
        storage().save(name, ContentFile(out.getvalue()))
    return name


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
