"""The return label; on A4 and Letter what to do with it stands around it."""

from __future__ import annotations

from ..faults import Unprintable
from ..layout import Box, Paper
from ..marks import Page
from ..wording import gettext
from .parts import Job
from .sending import office
from .zones import GAP, SMALL, address, brand, caption, contents, divide, facts, footer, scanned


# The share of the space for addresses that the sender has; more where theirs is long.
_SHARES = (0.42, 0.5, 0.58)
_BARS, _LOW_BARS, _TRACKING = 82.0, 60.0, 62.0


def draw_label(job: Job) -> tuple[Page, ...]:
    title = gettext("Return label")
    paper = job.paper()
    if job.is_office:
        _panel(paper, office(paper, job, title), job.on_roll(), title)
    else:
        _panel(paper, paper.box, job, title)
    return (job.page(paper, title),)


def _panel(paper: Paper, box: Box, job: Job, title: str) -> None:
    """The label itself, in any box of about 95 × 130 mm or more."""
    box = footer(paper, brand(paper, box, job.dress, title, _which(job), False), job.dress)
    low, box = box.cut_bottom(max(paper.side(job.opens), 5 * SMALL))
    box = box.cut_bottom(GAP)[1]
    tracking = _tracking(paper, box, job)
    if tracking:
        row, box = box.cut_bottom(_TRACKING)
        told = " · ".join(filter(None, (job.carried_by, gettext("Tracking number"))))
        scanned(paper, caption(paper, row, told), tracking)
    row, box = box.cut_bottom(_LOW_BARS if tracking else _BARS)
    scanned(paper, divide(paper, row, 1.5), job.code)
    _addresses(paper, box, job, job.references()[: 3 if tracking else 4])
    symbol = paper.matrix(low, job.opens)
    beside = paper.end(low, low.width - symbol.width)[0]
    contents(paper, beside.cut_top(GAP)[1], job.data.items)


def _which(job: Job) -> str:
    if job.data.of < 2:
        return ""
    numbers = {"number": job.data.sequence, "all": job.data.of}
    return gettext("Parcel %(number)s of %(all)s") % numbers


def _tracking(paper: Paper, box: Box, job: Job) -> str:
    """The carrier's number, where it is another than ours and a bar code can say it here."""
    number = job.data.tracking_number
    if not number or number in (job.data.parcel, job.data.rma):
        return ""
    return number if paper.has_room(box, number) else ""


def _addresses(paper: Paper, box: Box, job: Job, told: tuple[tuple[str, str], ...]) -> None:
    """From and to, in the shares at which both fit."""
    sender, receiver = job.addresses()
    marks = len(paper.marks)
    for share in _SHARES:
        upper, lower = box.cut_top(box.height * share)
        start, beside = paper.start(upper, upper.width * 0.6)
        try:
            start = paper.start(start, start.width - GAP)[0]
            address(paper, start, gettext("From"), sender, 10.0)
            facts(paper, beside, told)
            address(paper, divide(paper, lower), gettext("To"), receiver, 14.0)
            return
        except Unprintable:
            if share == _SHARES[-1]:
                raise
            del paper.marks[marks:]
