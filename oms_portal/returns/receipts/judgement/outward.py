"""Goods on their way back to the customer: a parcel of ours, labelled like any other, that nobody
takes for one of theirs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from oms_portal.returns import numbers
from oms_portal.returns.kinds import LabelState, ParcelState
from oms_portal.returns.models import Return, ReturnLine
from oms_portal.returns.parcels import Label, ReturnParcel

from ..kinds import Disposition, Found
from ..models import Verdict


P = ParcelState
# Here still: more goods may go into it.
_HERE = (P.WANTED, P.ASKED, P.READY, P.FAILED)
_ALIVE = (LabelState.READY, LabelState.VERIFIED)


@dataclass(frozen=True)
class Content:
    """So many of an article that go back; ``line`` where they are what was announced."""

    sku: str
    description: str
    unit: str
    count: Decimal
    line: ReturnLine | None


def parcels_of(rma: Return) -> list[ReturnParcel]:
    """Those that are not void, with their labels."""
    rows = ReturnParcel.objects.filter(rma=rma.pk, outward=True).exclude(state=P.VOIDED)
    return list(rows.prefetch_related("labels").order_by("sequence"))


def contents(rma: Return) -> Iterator[Content]:
    rows = Verdict.objects.filter(
        finding__receipt__rma=rma.pk, disposition=Disposition.SEND_BACK, told_at__isnull=False
    )
    found: dict[int, list[Verdict]] = {}
    joined = ("finding__line__reason", "finding__line__returnable__order")
    for verdict in rows.select_related(*joined).order_by("finding", "pk"):
        found.setdefault(verdict.finding_id, []).append(verdict)
    for verdicts in found.values():
        finding = verdicts[0].finding
        line = finding.line if finding.found == Found.EXPECTED else None
        yield Content(
            sku=line.sku if line else finding.sku,
            description=line.description if line else finding.description,
            unit=line.unit if line else finding.unit,
            count=sum((one.quantity for one in verdicts), Decimal(0)),
            line=line,
        )


def want(rma: Return, now: datetime) -> None:
    """A parcel for what goes back, unless one is still here, in the caller's transaction with the
    return's row held: a label is made for it as for any other."""
    rows = ReturnParcel.objects.filter(rma=rma.pk)
    if rows.filter(outward=True, state__in=_HERE).exists():
        return
    sequence = rows.count() + 1
    parcel = ReturnParcel.objects.create(
        rma=rma,
        sequence=sequence,
        code=numbers.parcel_code(rma, sequence),
        outward=True,
        next_attempt_at=now,
    )
    ReturnParcel.objects.filter(pk=parcel.pk).update(sscc=numbers.sscc(parcel))


def drop(rma: Return) -> None:
    """Nothing goes back any more: end what has not left yet, in the caller's transaction."""
    now = timezone.now()
    rows = ReturnParcel.objects.filter(rma=rma.pk, outward=True, state__in=_HERE)
    Label.objects.filter(parcel__in=rows.values("pk"), state__in=_ALIVE).update(
        state=LabelState.VOIDED, ended_at=now
    )
    asked = rows.filter(state__in=(P.ASKED, P.READY))
    asked.update(state=P.VOIDED, void_wanted=True, next_attempt_at=now, attempts=0)
    rows.filter(state__in=(P.WANTED, P.FAILED)).update(state=P.VOIDED, next_attempt_at=None)
