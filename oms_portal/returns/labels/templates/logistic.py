"""The logistic label of a parcel or pallet: its SSCC as a GS1-128, lowest on the label."""

from __future__ import annotations

from django.utils.translation import gettext

from ..faults import Unprintable
from ..fitting import Words
from ..layout import Box, Paper
from ..marks import Page
from .parts import CUT_HEIGHT, CUT_WIDTH, GAP, HRI, Job, address, brand, cut_out, divide, facts
from .parts import footer, references


# The GS1 General Specifications want 31.75 mm of height and 0.495 mm or more a module.
_HEIGHT_MM, _MODULE = 31.75, 0.495
_DIGITS = 18


def draw(job: Job) -> tuple[Page, ...]:
    sscc = job.data.sscc
    if not (sscc.isascii() and sscc.isdigit() and len(sscc) == _DIGITS):
        raise Unprintable(gettext("The SSCC is missing: it has 18 digits."))
    title = gettext("Logistic label")
    paper = job.paper()
    box = paper.box
    if job.is_office:
        box = cut_out(paper, paper.start(box.cut_top(CUT_HEIGHT)[0], CUT_WIDTH)[0])
    _draw(paper, box, job.on_roll() if job.is_office else job, title)
    return (job.page(paper, title),)


def _draw(paper: Paper, box: Box, job: Job, title: str) -> None:
    box = footer(paper, brand(paper, box, job, title), job)
    row, box = box.cut_bottom(_HEIGHT_MM * 72 / 25.4 + HRI * 1.22 + 2 * GAP)
    _sscc(paper, divide(paper, row, 1.5), job.data.sscc)
    sender, receiver = job.addresses()
    upper, lower = box.cut_top(box.height * 0.34)
    address(paper, upper, gettext("From"), sender, 10.0)
    middle, lower = lower.cut_top(lower.height * 0.55)
    address(paper, divide(paper, middle), gettext("To"), receiver, 14.0)
    start, beside = paper.start(divide(paper, lower), lower.width / 2)
    facts(paper, start, [(gettext("SSCC"), job.data.sscc)])
    facts(paper, beside, [fact for fact in references(job)[:2] if fact[1]])


def _sscc(paper: Paper, box: Box, sscc: str) -> None:
    says, above = box.cut_bottom(HRI * 1.22)
    paper.bars(above, f"00{sscc}", gs1=True, finest=_MODULE)
    paper.write(says, Words(f"(00){sscc}", bold=True), largest=HRI, align="middle")
