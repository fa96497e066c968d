"""What the returns desk sees of a return, of those beside it, and of what somebody looks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from oms_portal.returns.models import Evidence, Return, ReturnLine
from oms_portal.returns.parcels import ReturnParcel

from .finding import Hits, find
from .kinds import Found
from .models import DeskScan, Finding, Receipt
from .scanning import shipped
from .scanning.goods import EXPECTED, is_here


__all__ = ["Bench", "Hits", "Row", "beside", "bench", "find"]

ZERO = Decimal(0)
_SCANS, _BESIDE = 20, 50


@dataclass(frozen=True)
class Row:
    """A line as the desk counts it: ``wrong`` is what came in its place, ``serials`` those that
    were read, ``shipped_serials`` those that were delivered."""

    line: ReturnLine
    expected: Decimal
    counted: Decimal
    damaged: Decimal
    wrong: tuple[Finding, ...]
    serials: tuple[str, ...]
    shipped_serials: tuple[str, ...]
    gtin: str
    photos: tuple[Evidence, ...]


@dataclass(frozen=True)
class Bench:
    """Expected against counted; ``parcels`` are the customer's alone, ``photos`` those of no line,
    ``scans`` the last 20, the newest first."""

    rma: Return
    receipt: Receipt | None
    rows: tuple[Row, ...]
    unexpected: tuple[Finding, ...]
    parcels: tuple[ReturnParcel, ...]
    photos: tuple[Evidence, ...]
    scans: tuple[DeskScan, ...]


def bench(rma: Return) -> Bench:
    """All that is counted of one return; seven queries."""
    found = Finding.objects.filter(receipt__rma=rma.pk).prefetch_related("serials").order_by("pk")
    findings = list(found)
    photos = list(Evidence.objects.filter(rma=rma.pk).order_by("pk"))
    scans = DeskScan.objects.filter(rma=rma.pk).select_related("actor").order_by("-at", "-sequence")
    parcels = ReturnParcel.objects.filter(rma=rma.pk, outward=False).order_by("sequence")
    return Bench(
        rma=rma,
        receipt=Receipt.objects.filter(rma=rma.pk).select_related("command").first(),
        rows=tuple(_row(rma, line, findings, photos) for line in _lines(rma)),
        unexpected=tuple(one for one in findings if one.found == Found.UNEXPECTED and one.counted),
        parcels=tuple(parcels),
        photos=tuple(photo for photo in photos if photo.line_id is None),
        scans=tuple(scans[:_SCANS]),
    )


def beside(rma: Return) -> list[Return]:
    """The other returns of the same company that are here or expected, those here first."""
    rows = Return.objects.filter(company=rma.company_id, state__in=EXPECTED).exclude(pk=rma.pk)
    found = list(rows.select_related("company", "receipt").order_by("-created_at")[:_BESIDE])
    return sorted(found, key=lambda one: not is_here(one))


def _lines(rma: Return) -> Any:
    rows = ReturnLine.objects.filter(rma=rma.pk).select_related("returnable", "reason")
    told = {"gtin": shipped.gtin(), "told": shipped.told(), "packed": shipped.packed()}
    return rows.annotate(**told).order_by("pk")


def _row(rma: Return, line: Any, findings: Sequence[Finding], photos: Sequence[Evidence]) -> Row:
    line.rma = rma
    own = [one for one in findings if one.line_id == line.pk]
    expected = next((one for one in own if one.found == Found.EXPECTED), None)
    return Row(
        line=line,
        expected=line.expected,
        counted=expected.counted if expected else ZERO,
        damaged=expected.damaged if expected else ZERO,
        wrong=tuple(one for one in own if one.found == Found.WRONG and one.counted),
        serials=tuple(one.serial for one in expected.serials.all()) if expected else (),
        shipped_serials=shipped.delivered_serials(line),
        gtin=line.gtin or "",
        photos=tuple(photo for photo in photos if photo.line_id == line.pk),
    )
