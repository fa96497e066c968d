"""What a scanned text does: a parcel is here, a return is open, goods are counted, or nobody knows
it. Six statements at most, however many returns are open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from django.db import IntegrityError
from django.db.models import OuterRef

from oms_portal.orders.snapshots import plain
from oms_portal.returns.kinds import PRIVATE
from oms_portal.returns.models import Return

from ..kinds import Found, ScanKind, ScanResult
from ..models import DeskScan, FoundSerial
from . import boxes, counting, goods, hints
from .answers import Answer
from .codes import Reading, readings
from .counting import Place
from .goods import Fit
from .noting import NotCounted, Noted
from .wishes import ScanWish


K, R = ScanKind, ScanResult
ONE = Decimal(1)


def read(wish: ScanWish, now: datetime) -> Noted:
    found = readings(wish.text)
    first = found[0]
    if first.why:
        result = R.DIGIT if first.why == "digit" else R.FOREIGN
        return Noted(Answer(wish.id, first.kind, result))
    if first.kind == K.PARCEL:
        return _parcel(wish, K.PARCEL, boxes.by_code(first.value), now) or _unknown(wish, found)
    if first.kind == K.RETURN:
        return _opened(wish, first) or _unknown(wish, found)
    if first.kind == K.SSCC:
        known = boxes.by_number([first.value])
        if known and (noted := _parcel(wish, K.SSCC, known, now)):
            return noted
    return _goods(wish, found, now)


def opened(rma: Any, wish: ScanWish, kind: ScanKind) -> Noted:
    """What is scanned after this counts on it; ``rma`` with ``boxes.counts``."""
    result = R.OVER_ALREADY if boxes.is_over(rma) else R.OPENED
    told = Answer(wish.id, kind, result, number=rma.number, rma=rma.pk)
    return Noted(replace(told, total_parcels=rma.total, arrived_parcels=rma.arrived))


def item(what: Any) -> str:
    """The words for a line or a finding."""
    return str(what.description or what.sku)


def _opened(wish: ScanWish, reading: Reading) -> Noted | None:
    rows = Return.objects.filter(number=reading.value).exclude(state__in=PRIVATE)
    rma = rows.select_related("receipt").annotate(**boxes.counts(OuterRef("pk"))).first()
    return opened(rma, wish, K.RETURN) if rma else None


def _parcel(
    wish: ScanWish, kind: ScanKind, known: Sequence[boxes.Box], now: datetime
) -> Noted | None:
    fitting = boxes.candidates(list(known))
    if not fitting:
        return None
    numbers = tuple(dict.fromkeys(box.rma.number for box in fitting))
    if len(numbers) > 1:
        return Noted(Answer(wish.id, kind, R.SEVERAL, numbers=numbers))
    box = min(fitting, key=lambda one: int(one.sequence))
    told = Answer(wish.id, kind, R.REFUSED, number=box.rma.number, rma=box.rma_id, parcel=box.code)
    if box.outward:
        return Noted(replace(told, why="outward"))
    told = replace(told, total_parcels=box.total, arrived_parcels=box.arrived)
    if box.arrived_at is None:
        noted = _arrived(wish, box, told, now)
        if noted is not None:
            return noted
        box.refresh_from_db(fields=["arrived_at"])
    if wish.parcel_damaged and not box.damaged:
        boxes.mark_damaged(box)
    result = R.OVER_ALREADY if boxes.is_over(box.rma) else R.AGAIN
    when = box.arrived_at.isoformat()
    told = replace(told, result=result, by=boxes.name_of(boxes.scanner_of(box)), when=when)
    return Noted(told, tell=partial(hints.counted, box.rma_id))


def _arrived(wish: ScanWish, box: boxes.Box, told: Answer, now: datetime) -> Noted | None:
    """None where another station was faster. That a parcel is here is a fact, whatever became of
    its return; but of one that is over somebody must see to it first."""
    over = boxes.is_over(box.rma)
    counting.open_receipt(box.rma_id, arrived_at=now, over=over)
    here = boxes.arrive(box, now, damaged=wish.parcel_damaged)
    if not here:
        return None
    result = R.OVER_ALREADY if over else R.ARRIVED
    told = replace(
        told,
        result=result,
        arrived_parcels=here,
        # One that was voided is there all the same.
        total_parcels=max(told.total_parcels, here),
    )
    return Noted(told, tell=partial(hints.arrived, box.rma))


def _goods(wish: ScanWish, found: Sequence[Reading], now: datetime) -> Noted:
    what = goods.asked(found)
    lines = goods.lines_beside(wish, what)
    if chosen := goods.best(list(goods.fits(lines, what))):
        return _one_of(wish, chosen)
    numbers = [one.value for one in found if not one.why and one.kind in (K.UNKNOWN, K.SSCC)]
    if numbers and (noted := _parcel(wish, K.TRACKING, boxes.by_number(numbers), now)):
        return noted
    elsewhere = [fit for fit in goods.fits(goods.lines_anywhere(what), what) if fit.shipped]
    rma = next((line.rma for line in lines if line.is_open), None)
    if rma is None and elsewhere:
        return _found(wish, elsewhere)
    if rma is None:
        return _unknown(wish, found)
    return _not_in_it(wish, found, rma, elsewhere)


def _one_of(wish: ScanWish, chosen: Sequence[Fit]) -> Noted:
    if len(chosen) > 1:
        numbers = tuple(dict.fromkeys(fit.line.rma.number for fit in chosen))
        return Noted(Answer(wish.id, K.ARTICLE, R.SEVERAL, numbers=numbers))
    [fit] = chosen
    line = fit.line
    kind = K.SERIAL if fit.serial else K.ARTICLE
    told = Answer(
        wish.id,
        kind,
        R.COUNTED,
        number=line.rma.number,
        rma=line.rma_id,
        line=line.ref,
        item=item(line),
        serial=fit.serial,
        expected=plain(line.expected),
    )
    if boxes.is_over(line.rma):
        return Noted(replace(told, result=R.OVER_ALREADY))
    if fit.serial and line.read:
        return Noted(_again(told, line.rma_id, fit.serial))
    return _counted(told, fit)


def _counted(told: Answer, fit: Fit) -> Noted:
    line = fit.line
    receipt = counting.open_receipt(line.rma_id)
    count = counting.add(receipt, Place(Found.EXPECTED, line), ONE)
    if fit.serial:
        _read(
            told,
            FoundSerial(
                finding_id=count.finding, receipt_id=receipt, serial=fit.serial, shipped=fit.shipped
            ),
        )
    result = R.OVER if count.counted > line.expected else R.COUNTED
    told = replace(told, result=result, counted=plain(count.counted))
    return Noted(told, count.finding, ONE, tell=partial(hints.counted, line.rma_id))


def _read(told: Answer, row: FoundSerial) -> None:
    try:
        row.save(force_insert=True)
    except IntegrityError:
        # It was read at another station at this instant; the count goes back with the transaction.
        raise NotCounted(Noted(replace(told, result=R.SERIAL_AGAIN))) from None


def _again(told: Answer, rma: int, serial: str) -> Answer:
    rows = DeskScan.objects.filter(rma=rma, kind=K.SERIAL, undone=False, text__icontains=serial)
    first = rows.exclude(delta=0).select_related("actor").order_by("at").first()
    if first is None:
        return replace(told, result=R.SERIAL_AGAIN)
    by, when = boxes.name_of(first.actor), first.at.isoformat()
    return replace(told, result=R.SERIAL_AGAIN, by=by, when=when)


def _found(wish: ScanWish, fitting: Sequence[Fit]) -> Noted:
    """A serial number, with nothing open: it says which return this is."""
    numbers = tuple(dict.fromkeys(fit.line.rma.number for fit in fitting))
    if len(numbers) > 1:
        return Noted(Answer(wish.id, K.SERIAL, R.SEVERAL, numbers=numbers))
    rma = fitting[0].line.rma
    told = Answer(wish.id, K.SERIAL, R.OPENED, number=rma.number, rma=rma.pk)
    return Noted(replace(told, item=item(fitting[0].line)))


def _not_in_it(
    wish: ScanWish, found: Sequence[Reading], rma: Return, elsewhere: Sequence[Fit]
) -> Noted:
    """Goods that are not on the return that is open; ``numbers`` are returns that they are on."""
    kind = found[0].kind
    if not elsewhere and kind not in (K.ARTICLE, K.SERIAL):
        return _unknown(wish, found)
    numbers = tuple(dict.fromkeys(fit.line.rma.number for fit in elsewhere))
    told = Answer(wish.id, K.SERIAL if elsewhere else kind, R.NOT_IN_IT, number=rma.number)
    return Noted(replace(told, rma=rma.pk, numbers=numbers))


def _unknown(wish: ScanWish, found: Sequence[Reading]) -> Noted:
    """Where the text has nearly the shape of a code, a digit of it was read wrongly."""
    first = found[0]
    if any(one.why == "digit" for one in found):
        return Noted(Answer(wish.id, first.kind, R.DIGIT))
    goods_alone = first.kind in (K.ARTICLE, K.SERIAL)
    return Noted(Answer(wish.id, first.kind, R.NO_RETURN if goods_alone else R.UNKNOWN))
