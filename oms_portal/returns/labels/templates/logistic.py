"""The logistic label of a parcel or pallet: its SSCC as a GS1-128, lowest on the label."""

from __future__ import annotations

from django.utils.translation import gettext

from ..faults import Unprintable
from ..layout import POINTS_PER_MM, Box, Paper
from ..marks import Page
from .parts import Job, from_and_to
from .zones import GAP, brand, divide, footer, scanned


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
    from_and_to(paper, box, job, job.references()[:2])
