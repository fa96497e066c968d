"""Counts by hand: so many of a line, damaged ones, what came instead, what nobody announced; one
step back; and goods let in of a return that is over."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from functools import partial

from django.contrib.auth.models import AbstractBaseUser

from oms_portal.orders.snapshots import plain
from oms_portal.returns import moving, quantities
from oms_portal.returns.arriving import bring
from oms_portal.returns.holding import hold
from oms_portal.returns.kinds import PRIVATE
from oms_portal.returns.models import Return, ReturnLine
from oms_portal.returns.moving import By
from oms_portal.returns.refusals import Refused

from ..kinds import COUNTING, Found, ScanKind, ScanResult
from ..models import DeskScan, Finding, FoundSerial
from . import boxes, counting, goods, hints
from .answers import Answer
from .codes import cleaned, readings
from .counting import Below, Count, Place
from .noting import ZERO, NotCounted, Noted
from .reading import item
from .statements import decimal, update_one
from .wishes import ScanWish


K, R = ScanKind, ScanResult
_RESULTS = {"damaged": R.DAMAGED, "wrong": R.WRONG, "unexpected": R.UNEXPECTED}
# Of a unit nobody knows parts may be counted.
_PARTS = Decimal("0.5")


def count(wish: ScanWish, now: datetime) -> Noted:
    """What "add", "damaged", "wrong" and "unexpected" do."""
    rma, line = _target(wish)
    if rma is None:
        return _refused(wish, R.NO_RETURN)
    told = Answer(wish.id, K.HAND, R.COUNTED, number=rma.number, rma=rma.pk)
    if boxes.is_over(rma):
        return Noted(replace(told, result=R.OVER_ALREADY))
    place = _place(wish, line)
    quantity = _quantity(wish.quantity, line)
    if place is None or quantity is None:
        return Noted(replace(told, result=R.REFUSED, why="quantity" if place else "line"))
    told = replace(
        told,
        line=line.ref if line else "",
        item=item(line) if line and place.found == Found.EXPECTED else item(place),
        expected=plain(line.expected) if line and place.found == Found.EXPECTED else "",
    )
    return _counted(wish, told, rma, place, quantity)


def undo(wish: ScanWish, now: datetime) -> Noted:
    """Take back what the tab counted last and has not taken back yet."""
    last = _last(wish) if wish.tab else None
    if last is None or last[3].rma is None:
        return _refused(wish, R.REFUSED, "nothing")
    finding, delta, damaged, told = last
    receipt = counting.open_receipt(last[3].rma)
    if told.serial:
        read = FoundSerial.objects.filter(receipt=receipt, serial=told.serial)
        read._raw_delete(read.db)
    answer = replace(told, id=wish.id, result=R.UNDONE)
    return _changed(wish, answer, finding, -delta, -damaged)


def let_in(wish: ScanWish, user: AbstractBaseUser, now: datetime) -> Noted:
    """Count on a return although it was over when its goods came: somebody looked, and says so. It
    is under way from now on, and as after any scan "done counting" tells the ERP of them."""
    rma, _line = _target(wish)
    if rma is None:
        return _refused(wish, R.NO_RETURN)
    if boxes.is_over(rma):
        _admit(rma, By("staff", user), now)
    told = Answer(wish.id, K.HAND, R.OPENED, number=rma.number, rma=rma.pk)
    return Noted(told, tell=partial(hints.counted, rma.pk))


def _admit(rma: Return, by: By, now: datetime) -> None:
    held = hold(rma)
    if not boxes.is_over(held.rma):
        return
    is_here = goods.is_here(held.rma)
    counting.let_in(rma.pk, now)
    if not is_here:
        boxes.arrive_unread(held.rma, now)
    moving.record(held.rma, "let_in", by, now, {}, {})
    bring(held, now, by)


def parcel_damaged(wish: ScanWish, now: datetime) -> Noted:
    """Of the parcel whose code is the text."""
    reading = readings(wish.text)[0]
    known = boxes.by_code(reading.value) if reading.kind == K.PARCEL and not reading.why else []
    if not known:
        return _refused(wish, R.UNKNOWN)
    [box] = known
    told = Answer(wish.id, K.PARCEL, R.DAMAGED, number=box.rma.number, rma=box.rma_id)
    told = replace(told, parcel=box.code, total_parcels=box.total, arrived_parcels=box.arrived)
    if box.outward:
        return Noted(replace(told, result=R.REFUSED, why="outward"))
    boxes.mark_damaged(box)
    return Noted(told, tell=partial(hints.counted, box.rma_id))


def _target(wish: ScanWish) -> tuple[Return | None, ReturnLine | None]:
    """The return that is open, and the line of it that is meant."""
    pk = goods.current(wish)
    if pk is None:
        return None, None
    if not wish.line:
        rows = Return.objects.filter(pk=pk).exclude(state__in=PRIVATE)
        return rows.select_related("receipt").first(), None
    lines = ReturnLine.objects.filter(rma=pk, ref=wish.line).exclude(rma__state__in=PRIVATE)
    line = lines.select_related("rma__receipt").first()
    return (line.rma, line) if line else _target(replace(wish, line=""))


def _place(wish: ScanWish, line: ReturnLine | None) -> Place | None:
    read = readings(wish.text)[0].value if wish.text and not wish.line else ""
    sku = (cleaned(wish.sku) or read)[:100]
    words = cleaned(wish.description)
    if wish.line and line is None:
        return None
    if wish.verb == "unexpected" or line is None:
        return Place(Found.UNEXPECTED, None, sku, words) if sku or words else None
    if wish.verb == "wrong" or sku or words:
        return Place(Found.WRONG, line, sku, words)
    return Place(Found.EXPECTED, line)


def _quantity(text: str, line: ReturnLine | None) -> Decimal | None:
    """None of what is no quantity of this unit; below zero where it begins with a minus."""
    bare = text.strip()
    sign = bare[:1] if bare[:1] in ("+", "-", "\u2212") else ""
    unit, usual = (line.unit, line.requested) if line else ("", _PARTS)
    try:
        found = quantities.read(bare.removeprefix(sign), unit, usual)
    except Refused:
        return None
    return -found if sign in ("-", "\u2212") else found


def _counted(wish: ScanWish, told: Answer, rma: Return, place: Place, quantity: Decimal) -> Noted:
    receipt = counting.open_receipt(rma.pk)
    if wish.verb != "damaged" and quantity > 0:
        return _noted(wish, told, counting.add(receipt, place, quantity), quantity, ZERO)
    own = Finding.objects.filter(
        receipt=receipt,
        line=place.line,
        found=place.found,
        sku=place.sku,
        description=place.description,
    )
    finding = own.values_list("pk", flat=True).first()
    if finding is None:
        raise NotCounted(Noted(replace(told, result=R.REFUSED, why="below")))
    if wish.verb == "damaged":
        return _changed(wish, told, finding, ZERO, quantity)
    return _changed(wish, told, finding, quantity, ZERO)


def _changed(
    wish: ScanWish, told: Answer, finding: int, quantity: Decimal, damaged: Decimal
) -> Noted:
    try:
        count_now = counting.change(finding, quantity, damaged)
    except Below:
        refused = replace(told, result=R.REFUSED, why="below", counted="")
        raise NotCounted(Noted(refused)) from None
    return _noted(wish, told, count_now, quantity, damaged)


def _noted(
    wish: ScanWish, told: Answer, count_now: Count, quantity: Decimal, damaged: Decimal
) -> Noted:
    result = told.result if told.result == R.UNDONE else _RESULTS.get(wish.verb, R.COUNTED)
    if result == R.COUNTED and told.expected and count_now.counted > Decimal(told.expected):
        result = R.OVER
    told = replace(told, result=result, counted=plain(count_now.counted))
    tell = partial(hints.counted, told.rma)
    return Noted(told, count_now.finding, quantity, damaged, tell)


def _last(wish: ScanWish) -> tuple[int, Decimal, Decimal, Answer] | None:
    """Which finding it changed, by how much and how many damaged, and its answer; marked as taken
    back by the statement that finds it, so that two at once never take back the same."""
    results = ", ".join(f"'{result.value}'" for result in COUNTING if result != R.UNDONE)
    where = (
        "NOT undone AND id = (SELECT id FROM {table} AS last WHERE tab = %s AND sequence < %s"
        f" AND result IN ({results}) AND NOT undone AND finding_id IS NOT NULL"
        " ORDER BY sequence DESC LIMIT 1)"
    )
    returned = "finding_id, delta, damaged, answer"
    row = update_one(DeskScan, "undone = TRUE", where, (wish.tab, wish.sequence), returned)
    if row is None:
        return None
    finding, delta, damaged, told = row
    # Both databases give JSON as text to those who do not ask Django.
    return int(finding), decimal(delta), decimal(damaged), Answer.read(json.loads(told))


def _refused(wish: ScanWish, result: ScanResult, why: str = "") -> Noted:
    return Noted(Answer(wish.id, K.HAND, result, why=why))
