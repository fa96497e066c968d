"""What stands around a label on an office page: how to send the goods back."""

from __future__ import annotations

from django.utils.translation import gettext

from ..address import lines_of
from ..fitting import Words, fit
from ..layout import Box, Paper
from .parts import Job, day_text
from .zones import CUT_HEIGHT, CUT_WIDTH, GAP, caption, contents, cut_out, facts, in_middle, notes


_NUMBER = 22.0


def office(paper: Paper, job: Job, title: str) -> Box:
    """Brand and steps above, references beside; the box of the label, to be cut out."""
    box = job.framed(paper, title, job.data.rma).cut_top(GAP)[1]
    box = _steps(paper, box, job).cut_top(2 * GAP)[1]
    cut, beside = paper.start(box.cut_top(CUT_HEIGHT)[0], CUT_WIDTH)
    beside = paper.end(beside, beside.width - 3 * GAP)[0]
    beside = facts(paper, beside, job.references()).cut_top(GAP)[1]
    if job.data.point:
        beside = place(paper, beside, job).cut_top(2 * GAP)[1]
    beside = notes(paper, beside, job.data.notes).cut_top(2 * GAP)[1]
    contents(paper, beside, job.captions.contents, job.data.items)
    return cut_out(paper, cut)


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
        paper.fill(square, job.dress.accent)
        inked = fit((Words(str(number), bold=True),), _NUMBER, _NUMBER, 12.0)
        paper.put(
            square.cut_top((_NUMBER + inked.height) / 2)[0].cut_bottom(inked.height)[0],
            inked,
            "middle",
            "white",
        )
        told = fit((Words(step),), rest.width - 2 * GAP, _NUMBER, 11.0)
        words = paper.end(rest, rest.width - 2 * GAP)[0]
        paper.put(in_middle(words, told), told)
        box = box.cut_top(GAP)[1]
    return box


def _last_step(job: Job) -> str:
    by = day_text(job.data.valid_until, job.spoken)
    if by:
        return gettext("Hand the parcel over by %(day)s. Keep the receipt.") % {"day": by}
    return gettext("Hand the parcel over. Keep the receipt.")


def place(paper: Paper, box: Box, job: Job) -> Box:
    """Where to hand it over: name, address and opening hours."""
    point = job.data.point
    address = point.get("address") or point
    lines = lines_of(address, str(address.get("country") or ""))
    named = str(point.get("name") or "")
    first, *rest = lines if named in lines else (named, *lines)
    told = [Words(first, bold=True), *map(Words, (*rest, str(point.get("hours") or "")))]
    box = caption(paper, box, gettext("Hand it over at"))
    return paper.write(box, *told, largest=10.0, align="own")
