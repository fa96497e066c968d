"""All that came of a return is counted, says somebody: the ERP is told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser

from oms_portal.erp.inbox import writing
from oms_portal.notifications.alerts import settle_alert
from oms_portal.returns import moving
from oms_portal.returns.arriving import bring
from oms_portal.returns.drafting import check_key
from oms_portal.returns.holding import Held, hold
from oms_portal.returns.models import Return
from oms_portal.returns.moving import By
from oms_portal.returns.refusals import Refused, read_text
from oms_portal.returns.rights import known_event
from oms_portal.returns.wishes import digest_of

from . import arrivals, telling
from .judgement import verdicts
from .models import Receipt
from .scanning.boxes import OVER


LONGEST_NOTE = 1000


def finish(
    rma: Return, user: AbstractBaseUser, *, now: datetime, key: str, note: str = ""
) -> Receipt:
    """Say that what came is counted: the ERP is told all of it, again when parcels, counts or note
    differ from what it was told, and then alone is ``counted_at`` now; the same form again does
    nothing more. Refused "nothing_came" where nothing was scanned or counted, "ended" where it was
    over when it came and nobody has let it in."""
    check_key(key)
    said = read_text(note, LONGEST_NOTE, "note")
    arrivals.tell(rma)
    by, digest = By("staff", user, reason=said, key=key), digest_of(["counted", said])
    with writing():
        held = hold(rma)
        receipt = verdicts.receipt_of(held, "nothing_came")
        if receipt.is_kept_out:
            raise Refused("ended")
        if not known_event(held.rma, "counted", by, digest):
            receipt.note = said
            _tell(held, receipt, by, now, digest)
    return receipt


def _tell(held: Held, receipt: Receipt, by: By, now: datetime, digest: str) -> None:
    """Where the ERP was told this very count, it holds since then, and nothing goes out."""
    told_at = None if receipt.refused else telling.told_at(held, receipt)
    if told_at is not None and receipt.counted_at is not None:
        return
    columns: dict[str, Any] = {"counted_at": told_at or now, "refused": False}
    _write(receipt, version=receipt.version + 1, note=receipt.note, **columns)
    if told_at is None:
        _write(receipt, command=telling.tell(held, receipt, by.actor, now))
        settle_alert("receipt_refused", f"return:{held.rma.pk}")
        moving.record(held.rma, "counted", by, now, {}, {}, digest)
        if held.rma.state in OVER:
            # What was counted came, though nobody scanned a parcel of it.
            bring(held, now, By("staff", by.actor))
    verdicts.conclude(held, receipt, by.actor, now)
    moving.say(held.rma)


def _write(receipt: Receipt, **columns: Any) -> None:
    Receipt.objects.filter(pk=receipt.pk).update(**columns)
    for name, value in columns.items():
        setattr(receipt, name, value)
