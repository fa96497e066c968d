"""All that came of a return is counted, says somebody: the ERP is told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser

from oms_portal.erp.inbox import writing
from oms_portal.notifications.alerts import settle_alert
from oms_portal.returns import moving
from oms_portal.returns.drafting import check_key
from oms_portal.returns.holding import hold
from oms_portal.returns.models import Return
from oms_portal.returns.moving import By
from oms_portal.returns.refusals import Refused, read_text
from oms_portal.returns.rights import known_event
from oms_portal.returns.wishes import digest_of

from . import arrivals, telling
from .judgement import verdicts
from .models import Receipt


LONGEST_NOTE = 1000


def finish(
    rma: Return, user: AbstractBaseUser, *, now: datetime, key: str, note: str = ""
) -> Receipt:
    """Say that what came is counted: the ERP is told all of it, again when more came since. Refused
    "nothing_came" where nothing was scanned or counted, "ended" where it was over when it came and
    nobody has let it in; the same form again does nothing more, nor does another one while nothing
    is new."""
    check_key(key)
    said = read_text(note, LONGEST_NOTE, "note")
    arrivals.tell(rma)
    by, digest = By("staff", user, reason=said, key=key), digest_of(["counted", said])
    with writing():
        held = hold(rma)
        receipt = verdicts.receipt_of(held, "nothing_came")
        if receipt.is_kept_out:
            raise Refused("ended")
        is_told = receipt.counted_at is not None and receipt.note == said and not receipt.refused
        if known_event(held.rma, "counted", by, digest) or (is_told and not telling.is_void(held)):
            return receipt
        columns: dict[str, Any] = {"note": said, "counted_at": now, "refused": False}
        _write(receipt, version=receipt.version + 1, **columns)
        _write(receipt, command=telling.tell(held, receipt, user, now))
        settle_alert("receipt_refused", f"return:{held.rma.pk}")
        moving.record(held.rma, "counted", by, now, {}, {}, digest)
        verdicts.conclude(held, receipt, user, now)
        moving.say(held.rma)
    return receipt


def _write(receipt: Receipt, **columns: Any) -> None:
    Receipt.objects.filter(pk=receipt.pk).update(**columns)
    for name, value in columns.items():
        setattr(receipt, name, value)
