"""Goods on their way back to the customer: a parcel of ours, labelled like any other, that nobody
takes for one of theirs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from oms_portal.returns import numbers
from oms_portal.returns.kinds import LabelState, ParcelState
from oms_portal.returns.models import Return, ReturnLine
from oms_portal.returns.parcels import Label, LabelPrint, ReturnParcel

from ..kinds import Disposition, Found
from ..models import Verdict


P = ParcelState
# Here still: more goods may go into it.
_HERE = (P.WANTED, P.ASKED, P.READY, P.FAILED)
# Where the data of a label names its goods, verdicts by their keys.
GOODS = "verdicts"
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


def goods(parcel: ReturnParcel) -> list[Verdict]:
    """What goes back with it: of what the ERP was told of, all that no other took along."""
    joined = ("finding__line__reason", "finding__line__returnable__order")
    return list(_left(parcel.rma_id).select_related(*joined).order_by("finding", "pk"))


def _left(rma: int) -> QuerySet[Verdict]:
    rows = Verdict.objects.filter(
        finding__receipt__rma=rma, disposition=Disposition.SEND_BACK, told_at__isnull=False
    )
    return rows.exclude(pk__in=gone(rma))


def gone(rma: int) -> set[int]:
    """The keys of verdicts whose goods have left: of each parcel, those on the newest version of its
    label that was printed, for what nobody printed nobody packed by; on the newest where none was."""
    rows = Label.objects.filter(parcel__rma=rma, parcel__outward=True)
    printed = Exists(LabelPrint.objects.filter(label=OuterRef("pk")))
    told = rows.exclude(parcel__state__in=(P.VOIDED, *_HERE)).annotate(printed=printed)
    newest = told.order_by("printed", "version").values_list("parcel", f"data__{GOODS}")
    return {pk for keys in dict(newest).values() for pk in keys or ()}


def contents(given: Iterable[Verdict]) -> Iterator[Content]:
    found: dict[int, list[Verdict]] = {}
    for verdict in given:
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
    """A parcel for what goes back and no other took along, unless one is still here, in the caller's
    transaction with the return's row held: a label is made for it as for any other."""
    rows = ReturnParcel.objects.filter(rma=rma.pk)
    if rows.filter(outward=True, state__in=_HERE).exists() or not _left(rma.pk).exists():
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
