"""The sheet for a drop-off without a printer: a large QR code to show at the counter."""

from __future__ import annotations

from django.utils.translation import gettext

from ..codes import qr
from ..faults import Unprintable
from ..fitting import Words
from ..layout import QR_QUIET, Box, Paper
from ..marks import Page
from .parts import GAP, Job, brand, facts, footer, references, scanned
from .sending import notes, place


# Modules in mm, the largest that fits: 10, 8, 6 and 5 dots at 203 dpi.
_MODULES = (1.25, 1.0, 0.75, 0.625)
_BARS = 62.0


def draw(job: Job) -> tuple[Page, ...]:
    title = gettext("Drop-off code")
    paper = job.paper()
    box = footer(paper, brand(paper, paper.box, job, title), job)
    box = box.cut_top(GAP)[1]
    box = paper.write(
        box, Words(gettext("Show this code at the counter"), bold=True), align="middle"
    )
    told = gettext("You need no printer: they scan the code and put the label on for you.")
    box = paper.write(box, told, largest=10.0, align="middle").cut_top(GAP)[1]
    row, low = box.cut_top(box.height * 0.62)
    bars, row = row.cut_bottom(_BARS)
    _large(paper, row, job.data.link or job.code)
    scanned(paper, bars, job.code)
    _below(paper, low.cut_top(2 * GAP)[1], job)
    return (job.page(paper, title),)


def _large(paper: Paper, box: Box, text: str) -> None:
    """The code in the middle, as large as there is room for."""
    modules = len(qr(text)) + 2 * QR_QUIET
    for module in _MODULES:
        side = modules * round(module * paper.dpi / 25.4) * paper.dot
        if side <= min(box.width, box.height) or module == _MODULES[-1]:
            middle = box.inset((box.width - side) / 2 - paper.dot, (box.height - side) / 2)
            paper.matrix(middle, text, module)
            return


def _below(paper: Paper, box: Box, job: Job) -> None:
    start, beside = paper.start(box, box.width / 2)
    beside = facts(paper, beside, references(job))
    if job.data.point:
        start = place(paper, paper.start(start, start.width - GAP)[0], job)
    try:
        notes(paper, start, job)
    except Unprintable:
        notes(paper, beside, job)
