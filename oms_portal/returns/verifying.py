"""A label that was made is proven before anybody hears of it: drawn as it will be handed out first,
read back, compared. What fails stays with staff."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from django.db import Error
from django.utils import timezone

from oms_portal.erp.beside import Beside
from oms_portal.erp.inbox import writing
from oms_portal.erp.worker import every

from . import mails, moving, papers, proving, troubles
from .kinds import LabelState, Method
from .models import Return
from .parcels import Label


log = logging.getLogger(__name__)


def verify_next() -> bool:
    """Prove one label; False where none waits. Two workers may prove the same one: it is the same
    work with the same end."""
    waiting = Label.objects.filter(state=LabelState.READY, trouble="")
    label = waiting.select_related("parcel__rma__company").order_by("created_at").first()
    if label is None:
        return False
    try:
        codes = _codes_of(label)
    except (proving.Unprintable, proving.Unreadable) as why:
        _refuse(label, str(why))
    except Error:
        raise
    except Exception as error:
        log.exception("label %s can't be proven", label)
        _refuse(label, type(error).__name__)
    else:
        _release(label, codes)
    return True


def _codes_of(label: Label) -> list[dict[str, str]]:
    """What its codes say; a carrier's own were read when it came."""
    if label.media_type:
        return list(label.codes)
    codes = (code for paper in _first(label) for code in proving.proven(label, paper).codes)
    return [{"symbology": kind, "text": text} for kind, text in dict.fromkeys(codes)]


def _first(label: Label) -> Iterable[papers.Paper]:
    """The papers that are asked for first, so that nobody waits for their proof."""
    rma = label.parcel.rma
    if label.parcel.outward:
        yield papers.Paper("return", size="4x6")
        return
    size = papers.usual_size("return", str(rma.sender.get("country", "")))
    yield papers.Paper("return", size=size)
    if rma.method == Method.QR:
        yield papers.Paper("qr", size=size)


def _release(label: Label, codes: list[dict[str, str]]) -> None:
    with writing():
        _hold(label)
        ready = Label.objects.filter(pk=label.pk, state=LabelState.READY)
        if ready.update(state=LabelState.VERIFIED, verified_at=timezone.now(), codes=codes):
            troubles.settle(label.parcel.rma)
            if not label.parcel.outward:
                mails.tell_labels(label)
            moving.say(label.parcel.rma)


def _refuse(label: Label, trouble: str) -> None:
    with writing():
        _hold(label)
        ready = Label.objects.filter(pk=label.pk, state=LabelState.READY)
        if ready.update(trouble=troubles.shortened(trouble)):
            troubles.tell(label.parcel.rma, trouble)
            moving.say(label.parcel.rma)


def _hold(label: Label) -> None:
    """Rows of labels come after their return's."""
    rows = Return.objects.select_for_update(of=("self",), no_key=True)
    rows.filter(pk=label.parcel.rma_id).first()


@every(1, "proofs of labels")
def run() -> None:
    """See to it that what waits is proven; returns at once."""
    if Label.objects.filter(state=LabelState.READY, trouble="").exists():
        _thread.wake()


_thread = Beside("proofs", verify_next)
