"""The logistic label of a parcel or pallet: its SSCC as a GS1-128, lowest on the label."""

from __future__ import annotations

from ..faults import Unprintable
from ..layout import POINTS_PER_MM, Box, Paper
from ..marks import Page
from ..wording import gettext
from .parts import Job
from .zones import GAP, address, brand, divide, facts, footer, scanned


# GS1 General Specifications, 5.4.2 and 6: 31.75 mm high, modules of 0.495 mm or more.
_HEIGHT = 31.75 * POINTS_PER_MM
_DIGITS = 18


def draw_sscc(job: Job) -> tuple[Page, ...]:
    sscc = job.data.sscc
    if not (sscc.isascii() and sscc.isdigit() and len(sscc) == _DIGITS):
        raise Unprintable(gettext("The SSCC is missing: it has 18 digits."))
    title = gettext("Logistic label")
    paper = job.paper()
    label, box = job.label(paper)
    _draw(paper, box, label, title)
    return (job.page(paper, title),)


def _draw(paper: Paper, box: Box, job: Job, title: str) -> None:
    box = footer(paper, brand(paper, box, job.dress, title, "", False), job.dress)
    sscc = job.data.sscc
    row, box = box.cut_bottom(_HEIGHT + 5 * GAP)
    scanned(paper, divide(paper, row, 1.5), f"00{sscc}", f"(00){sscc}", gs1=True)
    sender, receiver = job.addresses()
    upper, lower = box.cut_top(box.height * 0.36)
    address(paper, upper, gettext("From"), sender, 10.0)
    middle, lower = lower.cut_top(lower.height * 0.6)
    address(paper, divide(paper, middle), gettext("To"), receiver, 14.0)
    lower = divide(paper, lower)
    start, beside = paper.start(lower, lower.width / 2)
    number, order, *_ = job.references()
    facts(paper, start, ((gettext("SSCC"), sscc),))
    facts(paper, beside, (number, order))
