"""The return label; on A4 and Letter what to do with it stands around it."""

from __future__ import annotations

from django.utils.translation import gettext

from ..layout import Box, Paper
from ..marks import Page
from .parts import Job, from_and_to
from .sending import office
from .zones import GAP, SMALL, brand, caption, contents, divide, footer, scanned


# The QR code's share of the height at most.
_MOST_MATRIX = 0.36
_BARS, _LOW_BARS, _TRACKING = 76.0, 60.0, 62.0


def draw_label(job: Job) -> tuple[Page, ...]:
    title = gettext("Back to you") if job.data.outward else job.captions.title
    paper = job.paper()
    if job.data.outward:
        made, box = job.label(paper)
        _panel(paper, box, made, title)
    elif job.is_office:
        _panel(paper, office(paper, job, title), job.on_roll(), title)
    else:
        _panel(paper, paper.box, job, title)
    return (job.page(paper, title),)


def _panel(paper: Paper, box: Box, job: Job, title: str) -> None:
    """The label itself, in any box of about 95 × 130 mm or more."""
    box = footer(paper, brand(paper, box, job.dress, title, _which(job), False), job.dress)
    height = min(paper.side(job.opens), box.height * _MOST_MATRIX)
    low, box = box.cut_bottom(max(height, 5 * SMALL))
    symbol = paper.matrix(low, job.opens)
    box = box.cut_bottom(GAP)[1]
    tracking = _tracking(paper, box, job)
    if tracking:
        row, box = box.cut_bottom(_TRACKING)
        told = " · ".join(filter(None, (job.carried_by, gettext("Tracking number"))))
        scanned(paper, caption(paper, row, told), tracking)
    row, box = box.cut_bottom(_LOW_BARS if tracking else _BARS)
    scanned(paper, divide(paper, row, 1.5), job.code)
    from_and_to(paper, box, job, job.references()[: 3 if tracking else 4])
    beside = paper.end(low, low.width - symbol.width)[0]
    contents(paper, beside.cut_top(GAP)[1], job.captions.contents, job.data.items)


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
