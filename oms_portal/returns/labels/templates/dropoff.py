"""The sheet for a drop-off without a printer: a large QR code to show at the counter."""

from __future__ import annotations

from django.utils.translation import gettext

from ..fitting import Words
from ..layout import QR_MODULE, Box, Paper
from ..marks import Page
from .parts import Job
from .sending import place
from .zones import GAP, facts, notes, scanned


# Modules in mm, the largest that fits: 16, 12, 10, 8, 6 and 5 dots at 203 dpi.
_MODULES = (2.0, 1.5, 1.25, 1.0, 0.75)
_BARS = 58.0
# At least so much stays for what is written below the codes.
_LOW = 90.0


def draw_code(job: Job) -> tuple[Page, ...]:
    title = gettext("Drop-off code")
    paper = job.paper()
    box = job.framed(paper, title).cut_top(GAP)[1]
    heading = Words(gettext("Show this code at the counter"), bold=True)
    box = paper.write(box, heading, align="middle")
    told = gettext("You need no printer: they scan the code and put the label on for you.")
    box = paper.write(box, told, largest=10.0, align="middle").cut_top(GAP)[1]
    bars, box = _large(paper, box, job.opens).cut_top(_BARS)
    scanned(paper, bars, job.code)
    _below(paper, box.cut_top(2 * GAP)[1], job)
    return (job.page(paper, title),)


def _large(paper: Paper, box: Box, text: str) -> Box:
    """The code in the middle, as large as there is room for; what is left below it."""
    most = min(box.width, box.height - _BARS - _LOW)
    module = next((mm for mm in _MODULES if paper.side(text, mm) <= most), QR_MODULE)
    side = paper.side(text, module)
    row, rest = box.cut_top(side + paper.dot)
    paper.matrix(row.inset((row.width - side) / 2 - paper.dot, 0), text, module)
    return rest


def _below(paper: Paper, box: Box, job: Job) -> None:
    """Where to go and the references beside each other, then the notes."""
    start, beside = paper.start(box, box.width / 2)
    start = paper.start(start, start.width - GAP)[0]
    if job.data.point:
        start, beside = place(paper, start, job), facts(paper, beside, job.references())
    else:
        start = facts(paper, start, job.references())
    low = box.cut_bottom(min(start.height, beside.height))[0]
    notes(paper, low.cut_top(GAP)[1], job.data.notes)
