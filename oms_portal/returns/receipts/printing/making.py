"""A print while it is made: each label is read back, sent and forgotten. What can't be printed is
left out with its reason and shifts nothing; how far it came is written down on the way."""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from time import monotonic
from typing import Any, NamedTuple

from django.db import Error
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from oms_portal.erp.inbox import writing
from oms_portal.returns import dress, labels_data, printing, proving
from oms_portal.returns.labels import batch
from oms_portal.returns.labels.data import Dress, LabelData
from oms_portal.returns.life import is_alive
from oms_portal.returns.papers import ENTITLING, PDF
from oms_portal.returns.parcels import Label

from ..kinds import JobState
from ..models import PrintJob, Verdict
from . import putaway
from .prints import paper_of


log = logging.getLogger(__name__)

# So many rows are read at once, and so often (in seconds) it is written down how far it came.
_AT_ONCE = 20
_EVERY = 0.5
_NOTHING = LabelData("", "", "", {}, {})
Row = Label | Verdict


class Drawn(NamedTuple):
    """A label that was read back; ``content`` is a file of it alone. A carrier's own has nothing
    else."""

    name: str
    content: bytes
    data: LabelData
    dress: Dress = Dress()
    is_carriers: bool = False


def file_of(job: PrintJob, language: str) -> Generator[bytes, None, None]:
    """The file in pieces, nothing where no label can be printed; ``job`` tells the rest afterwards.
    ``language`` is that of who prints. Closed early it is noted as broken off."""
    return _Making(job, language).pieces()


class _Making:
    def __init__(self, job: PrintJob, language: str) -> None:
        self.job, self.language = job, language
        self.paper = paper_of(job)
        # On a sheet a label is proven alone, as large as its cell.
        self.single = replace(self.paper, sheet="", start=1)
        self.made: list[Row] = []
        self.told = monotonic()
        self.dresses: dict[int, Dress] = {}

    def pieces(self) -> Generator[bytes, None, None]:
        state = JobState.BROKEN
        try:
            yield from self._pieces()
            state = JobState.DONE
        finally:
            self.job.state, self.job.ended_at = state, timezone.now()
            self._write_down()

    def _pieces(self) -> Iterator[bytes]:
        drawn, copies = self._drawn(), self.job.copies
        first = next(drawn, None)
        if first is None:
            return
        every = chain([first], drawn)
        if first.is_carriers or self.paper.format != PDF:
            yield from (each.content * (1 if each.is_carriers else copies) for each in every)
            return
        yield from batch.stream(
            ((each.name, each.data, each.dress) for each in every),
            self.paper.size,
            sheet=self.paper.sheet,
            start=self.paper.start,
            copies=copies,
        )

    def _drawn(self) -> Iterator[Drawn]:
        """Each is counted as made when the next one is asked for."""
        for row in self._rows():
            try:
                with override(self.language):
                    drawn = self._proven(row)
            except (proving.Unprintable, proving.Unreadable) as why:
                self._skip(row, str(why))
            except Error:
                raise
            except Exception:
                log.exception("%s can't be printed", row)
                self._skip(row, _("It can’t be drawn."))
            else:
                yield drawn
                self._count(row)

    def _rows(self) -> Iterator[Row]:
        """In their order, a few at a time."""
        for keys in _parts(self.job.labels):
            rows = Label.objects.filter(key__in=keys).select_related("parcel__rma__company")
            yield from sorted(rows, key=lambda row: keys.index(row.key))
        for pks in _parts(self.job.verdicts):
            yield from sorted(putaway.verdicts(pks), key=lambda row: pks.index(row.pk))

    def _proven(self, row: Row) -> Drawn:
        if isinstance(row, Verdict):
            told = self._dress(row)
            data, content = putaway.proven(row, self.single, told)
            return Drawn(name_of(row), content, data, told)
        if self.paper.template in ENTITLING and not is_alive(row):
            raise proving.Unprintable(_("This label is not valid any more."))
        if carried := proving.carried_as(row, self.single):
            return Drawn(name_of(row), carried.content, _NOTHING, is_carriers=True)
        content = proving.proven(row, self.single).content
        data, told = labels_data.read(row)
        return Drawn(name_of(row), content, replace(data, template=self.paper.template), told)

    def _dress(self, verdict: Verdict) -> Dress:
        rma = verdict.finding.receipt.rma
        if rma.company_id not in self.dresses:
            self.dresses[rma.company_id] = dress.dress_of(rma)
        return self.dresses[rma.company_id]

    def _skip(self, row: Row, why: str) -> None:
        self.job.skipped.append([name_of(row), why])

    def _count(self, row: Row) -> None:
        self.made.append(row)
        if monotonic() - self.told >= _EVERY:
            self._write_down()

    def _write_down(self) -> None:
        job, made = self.job, self.made
        self.made, self.told = [], monotonic()
        job.made += len(made)
        how: dict[str, Any] = {"copies": job.copies, "station": job.station, "reason": job.reason}
        with writing():
            verdicts = [row.pk for row in made if isinstance(row, Verdict)]
            Verdict.objects.filter(pk__in=verdicts, printed_at=None).update(printed_at=job.at)
            labels = [row for row in made if isinstance(row, Label)]
            printing.note(labels, self.paper, printing.DESK, job.actor, job=job, **how)
            PrintJob.objects.filter(pk=job.pk).update(
                made=job.made, skipped=job.skipped, state=job.state, ended_at=job.ended_at
            )


def _parts(keys: Sequence[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(keys), _AT_ONCE):
        yield list(keys[start : start + _AT_ONCE])


def name_of(row: Row) -> str:
    """What it is called where it could not be printed."""
    if isinstance(row, Label):
        return row.parcel.code
    finding = row.finding
    line = finding.line
    article = finding.sku or finding.description or (line.sku or line.description if line else "")
    return f"{finding.receipt.rma.number} {article}".strip()
