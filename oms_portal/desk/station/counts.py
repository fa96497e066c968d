"""A return on the bench as it is shown: expected against counted, and what else came."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from oms_portal.desk.return_words import state_word
from oms_portal.desk.texts import plain
from oms_portal.desk.traces import person
from oms_portal.orders.locales import number
from oms_portal.returns.kinds import FREED, ReturnState
from oms_portal.returns.models import Evidence, Return
from oms_portal.returns.receipts.kinds import ScanKind, ScanResult
from oms_portal.returns.receipts.models import DeskScan, Finding
from oms_portal.returns.receipts.queries import Bench, Row
from oms_portal.returns.receipts.scanning import boxes

from .saying import tone


@dataclass(frozen=True)
class Count:
    """One line; ``tone`` "ok" once all came, "warn" for too many, "" while something is missing."""

    ref: str
    item: str
    about: str
    expected: str
    counted: str
    damaged: str
    word: str
    tone: str
    wrong: Sequence[Other]
    serials: Sequence[str]
    photos: Sequence[Photo]


@dataclass(frozen=True)
class Other:
    """What came and is not as announced."""

    sku: str
    description: str
    counted: str
    damaged: str


@dataclass(frozen=True)
class Photo:
    url: str
    caption: str


@dataclass(frozen=True)
class Past:
    """One of the last scans."""

    at: datetime
    text: str
    word: str
    tone: str
    who: str


@dataclass(frozen=True)
class Counted:
    """The bench of one return, in words."""

    bench: Bench
    lines: Sequence[Count]
    others: Sequence[Other]
    photos: Sequence[Photo]
    past: Sequence[Past]

    @property
    def rma(self) -> Return:
        return self.bench.rma

    @property
    def state(self) -> str:
        return state_word(self.rma)

    @property
    def is_over(self) -> bool:
        return boxes.is_over(self.rma)

    @property
    def ended(self) -> str:
        """How it ended before its goods came, and when; "" where nobody told."""
        ends = self.rma.events.filter(state__in=(*FREED, ReturnState.CLOSED)).order_by("pk")
        if (last := ends.last()) is None:
            return ""
        at = date_format(timezone.localtime(last.at), "DATETIME_FORMAT")
        return f"{ReturnState(last.state).label}, {at}"

    @property
    def parcels_here(self) -> int:
        return sum(parcel.arrived_at is not None for parcel in self.bench.parcels)


def shown(bench: Bench) -> Counted:
    photographs = [_photo(bench.rma, one) for one in bench.photos]
    return Counted(
        bench,
        lines=[_count(bench.rma, row) for row in bench.rows],
        others=[_other(finding) for finding in bench.unexpected if finding.counted],
        photos=photographs,
        past=[_past(scan) for scan in bench.scans],
    )


def _count(rma: Return, row: Row) -> Count:
    line = row.line
    missing = row.expected - row.counted
    word = _("complete")
    if missing:
        words = _("%(count)s missing") if missing > 0 else _("%(count)s too many")
        word = words % {"count": number(abs(missing))}
    return Count(
        ref=line.ref,
        item=plain(line.sku or line.description, 80),
        about=plain(line.description, 120) if line.sku else "",
        expected=number(row.expected),
        counted=number(row.counted),
        damaged=number(row.damaged) if row.damaged else "",
        word=word,
        tone="" if missing > 0 else "warn" if missing else "ok",
        wrong=[_other(finding) for finding in row.wrong if finding.counted],
        serials=[*_serials(row)],
        photos=[_photo(rma, one) for one in row.photos],
    )


def _serials(row: Row) -> Iterator[str]:
    """Those that were read; of one that was not delivered with the line it is said."""
    for serial in row.serials:
        known = not row.shipped_serials or serial in row.shipped_serials
        yield plain(serial) if known else _("%(serial)s (not ours)") % {"serial": plain(serial)}


def _other(finding: Finding) -> Other:
    return Other(
        sku=plain(finding.sku),
        description=plain(finding.description),
        counted=number(finding.counted),
        damaged=number(finding.damaged) if finding.damaged else "",
    )


def _photo(rma: Return, one: Evidence) -> Photo:
    url = reverse("oms_returns:photo", args=[rma.pk, one.key])
    return Photo(url, plain(one.name, 80) or _("Photo"))


def _past(scan: DeskScan) -> Past:
    by_hand = scan.kind == ScanKind.HAND
    return Past(
        at=scan.at,
        text="" if by_hand else plain(scan.text, 60),
        word=_words(scan),
        tone=tone(ScanResult(scan.result)),
        who=" · ".join(filter(None, (person(scan.actor), plain(scan.station)))),
    )


def _words(scan: DeskScan) -> str:
    words = str(scan.get_result_display())
    if scan.undone:
        return _("%(what)s, taken back") % {"what": words}
    if not scan.delta:
        return words
    sign = "+" if scan.delta > Decimal(0) else "−"
    return f"{words} {sign}{number(abs(scan.delta))}"
