"""Tracking events become scans: a set that only grows, whatever order they come in."""

from __future__ import annotations

import hashlib
import json

from oms_portal.erp import schemas
from oms_portal.erp.messages import Message, handles
from oms_portal.orders.announcing import announce
from oms_portal.orders.models import Order, Scan
from oms_portal.orders.moments import write
from oms_portal.words.models import Kind
from oms_portal.words.unknown import note

from . import followers
from .attach import carrier_key
from .parcels import packages_of, scans_of
from .standings import hold, refresh
from .words import read_code


def _ref(record: schemas.Tracking) -> str:
    return f"{carrier_key(record.carrier)}:{record.tracking_number}"


def _touched(record: schemas.Tracking) -> set[str]:
    """The company of the order it names. Where it names none, anybody may send scans: they are
    shown only on parcels of companies their source may speak for."""
    orders = Order.objects.filter(ref=record.order_ref or "")
    return set(orders.values_list("company__ref", flat=True))


@handles("tracking.updated.v1", ref=_ref, customers=_touched, apart=True)
def apply(message: Message) -> str | None:
    record: schemas.Tracking = message.record
    hold([record.tracking_number])
    known = scans_of([record.tracking_number])
    theirs = {
        scan.digest
        for scan in known
        if scan.source_id == message.source.pk and scan.carrier == carrier_key(record.carrier)
    }
    rows = {scan.digest: scan for scan in (_scan(message, told) for told in record.scans)}
    fresh = rows.keys() - theirs
    if not fresh:
        return None
    new = Scan.objects.bulk_create(
        [rows[digest] for digest in sorted(fresh)], ignore_conflicts=True
    )
    raw = {(Kind.TRACKING, rows[digest].raw_code) for digest in fresh if rows[digest].raw_code}
    note(raw, message.source.pk, record.order_ref or record.tracking_number)
    # Before the packages: whoever follows may take rows of orders first.
    followers.tell(message.source, record.tracking_number, new)
    packages = packages_of([record.tracking_number])
    announce(refresh(packages, [*known, *new], message.source, fresh))
    return "applied"


def _scan(message: Message, told: schemas.CarrierScan) -> Scan:
    record: schemas.Tracking = message.record
    word = read_code(told.code)
    scan = Scan(
        source=message.source,
        carrier=carrier_key(record.carrier),
        tracking_number=record.tracking_number,
        scan_id=told.id,
        status=word.status,
        detail=word.detail,
        raw_code=word.raw_code,
        text=told.text,
        place=told.place,
        occurred_at=told.occurred_at,
        eta=told.eta,
        order_ref=record.order_ref or "",
    )
    content = [
        scan.scan_id,
        told.code,
        scan.text,
        scan.place,
        write(scan.occurred_at),
        write(told.eta) if told.eta else "",
        scan.order_ref,
    ]
    scan.digest = hashlib.sha256(json.dumps(content).encode()).hexdigest()
    return scan
