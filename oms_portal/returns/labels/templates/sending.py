"""What stands around a label on an office page: how to send the goods back."""

from __future__ import annotations

from django.utils.translation import gettext

from ..address import lines_of
from ..fitting import Words, fit
from ..layout import Box, Paper
from .parts import (
    CUT_HEIGHT,
    CUT_WIDTH,
    GAP,
    PLAIN,
    Job,
    brand,
    caption,
    contents,
    cut_out,
    day_text,
    facts,
    footer,
    references,
)


_NUMBER = 22.0


def office(paper: Paper, job: Job, title: str) -> Box:
    """Brand, steps and references above; the box of the label below them, to be cut out."""
    box = footer(paper, brand(paper, paper.box, job, title, job.data.rma), job)
    low, box = box.cut_bottom(CUT_HEIGHT)
    box = box.cut_bottom(2 * GAP)[1].cut_top(GAP)[1]
    box = _steps(paper, box, job).cut_top(2 * GAP)[1]
    _references(paper, box, job)
    cut, beside = paper.start(low, CUT_WIDTH)
    inner = cut_out(paper, cut)
    beside = paper.end(beside, beside.width - 3 * GAP)[0]
    beside = contents(paper, beside, job.data.items)
    notes(paper, beside.cut_top(GAP)[1], job)
    return inner


def notes(paper: Paper, box: Box, job: Job) -> Box:
    for note in job.data.notes:
        box = paper.write(box, note, largest=PLAIN).cut_top(GAP / 2)[1]
    return box


def _steps(paper: Paper, box: Box, job: Job) -> Box:
    heading = Words(gettext("How to send it back"), bold=True)
    box = paper.write(box, heading, largest=13.0).cut_top(GAP)[1]
    steps = (
        gettext("Pack the goods well and put the packing slip in with them."),
        gettext("Cut out the label and stick it on the parcel. Cover or remove older labels."),
        _last_step(job),
    )
    for number, step in enumerate(steps, start=1):
        row, box = box.cut_top(_NUMBER)
        square, rest = paper.start(row, _NUMBER)
        paper.fill(square, job.accent)
        inked = fit((Words(str(number), bold=True),), _NUMBER, _NUMBER, 12.0)
        paper.put(square.cut_top((_NUMBER + inked.height) / 2)[0].cut_bottom(inked.height)[0], inked, "middle", "white")
        told = fit((Words(step),), rest.width - 2 * GAP, _NUMBER, 11.0)
        words = paper.end(rest, rest.width - 2 * GAP)[0]
        paper.put(words.cut_bottom((_NUMBER + told.height) / 2)[0], told)
        box = box.cut_top(GAP)[1]
    return box


def _last_step(job: Job) -> str:
    by = day_text(job.data.valid_until)
    if by:
        return gettext("Hand the parcel over by %(day)s. Keep the receipt.") % {"day": by}
    return gettext("Hand the parcel over. Keep the receipt.")


def _references(paper: Paper, box: Box, job: Job) -> None:
    start, beside = paper.start(box, box.width / 2)
    facts(paper, start, references(job))
    if job.data.point:
        place(paper, beside, job)


def place(paper: Paper, box: Box, job: Job) -> Box:
    """Where to hand it over: name, address and opening hours."""
    point = job.data.point
    address = point.get("address") or point
    lines = lines_of(address, str(address.get("country") or ""))
    named = str(point.get("name") or "")
    told = [Words(named, bold=True)] if named and named not in lines else []
    hours = str(point.get("hours") or "")
    box = caption(paper, box, gettext("Hand it over at"))
    told += [Words(line) for line in (*lines, hours) if line]
    return paper.write(box, *told, largest=10.0, align="own")
