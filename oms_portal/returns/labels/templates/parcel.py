"""The return label, and on A4 and Letter what to do with it beside it."""

from __future__ import annotations

from django.utils.translation import gettext

from ..codes import qr
from ..faults import Unprintable
from ..layout import QR_QUIET, Box, Paper, said_by_bars
from ..marks import Page
from .parts import (
    GAP,
    SMALL,
    Job,
    address,
    brand,
    caption,
    contents,
    facts,
    footer,
    references,
    scanned,
    divide,
)
from .sending import office


# The share of the space for addresses that the sender has; more where theirs is long.
_SHARES = (0.42, 0.5, 0.58)
_BARS = 82.0
_TRACKING = 52.0


def draw(job: Job) -> tuple[Page, ...]:
    title = gettext("Return label")
    paper = job.paper()
    if job.is_office:
        panel(paper, office(paper, job, title), job.on_roll(), title)
    else:
        panel(paper, paper.box, job, title)
    return (job.page(paper, title),)


def panel(paper: Paper, box: Box, job: Job, title: str) -> None:
    """The label itself, in any box of about 95 × 135 mm or more."""
    box = footer(paper, brand(paper, box, job, title, _which(job)), job)
    opens = job.data.link or job.code
    square = (len(qr(opens)) + 2 * QR_QUIET) * 5 * paper.dot
    low, box = box.cut_bottom(max(square, 5 * SMALL))
    box = box.cut_bottom(GAP)[1]
    if tracking := _tracking(job, box):
        row, box = box.cut_bottom(_TRACKING)
        scanned(paper, caption(paper, row, gettext("Tracking number")), tracking)
    row, box = box.cut_bottom(min(_BARS, box.height / 2))
    scanned(paper, divide(paper, row, 1.5), job.code)
    _addresses(paper, box, job)
    symbol = paper.matrix(low, opens)
    beside = paper.end(low, low.width - symbol.width)[0]
    contents(paper, beside.cut_top(QR_QUIET * 5 * paper.dot)[1], job.data.items)


def _which(job: Job) -> str:
    if job.data.of < 2:
        return ""
    return gettext("Parcel %(number)s of %(all)s") % {
        "number": job.data.sequence,
        "all": job.data.of,
    }


def _tracking(job: Job, box: Box) -> str:
    """The carrier's number, where it is another than ours and a bar code can say it here."""
    number = job.data.tracking_number
    if not number or number in (job.data.parcel, job.data.rma):
        return ""
    try:
        modules = sum(said_by_bars(number)) + 20
    except Unprintable:
        return ""
    return number if modules * 3 * 72 / 203 <= box.width else ""


def _addresses(paper: Paper, box: Box, job: Job) -> None:
    """From and to, in the shares at which both fit."""
    sender, receiver = job.addresses()
    marks = len(paper.marks)
    for share in _SHARES:
        upper, lower = box.cut_top(box.height * share)
        try:
            start, beside = paper.start(upper, upper.width * 0.6)
            address(paper, start.cut_right(GAP)[1], gettext("From"), sender, 10.0)
            facts(paper, beside, references(job))
            address(paper, divide(paper, lower), gettext("To"), receiver, 14.0)
            return
        except Unprintable:
            if share == _SHARES[-1]:
                raise
            del paper.marks[marks:]
