"""A label for each article that came back: what it is, how many, and where it goes."""

from __future__ import annotations

from django.utils.translation import gettext

from ..data import Item
from ..faults import Unprintable
from ..fitting import Words, fit
from ..layout import Box, Paper
from ..marks import Page
from .parts import Job
from .zones import GAP, amount, brand, caption, divide, facts, footer, in_middle, scanned


_BARS = 70.0
_BAND = 34.0


def draw_putaway(job: Job) -> tuple[Page, ...]:
    """Page by page, in the order of the articles. ``LabelData.notes`` say where they go."""
    if not job.data.items:
        raise Unprintable(gettext("There is no article to put away."))
    title = gettext("Put away")
    pages = []
    for item in job.data.items:
        paper = job.paper()
        label, box = job.label(paper)
        _draw(paper, box, label, item, title)
        pages.append(job.page(paper, title))
    return tuple(pages)


def _draw(paper: Paper, box: Box, job: Job, item: Item, title: str) -> None:
    box = footer(paper, brand(paper, box, job.dress, title, "", False), job.dress)
    row, box = box.cut_bottom(_BARS)
    scanned(paper, divide(paper, row, 1.5), job.code)
    if item.sku and item.sku != job.code and paper.has_room(box, item.sku):
        row, box = box.cut_bottom(_BARS)
        scanned(paper, caption(paper, row, gettext("Article number")), item.sku)
    if item.goes_to:
        row, box = box.cut_top(_BAND)
        _band(paper, row, item.goes_to)
    upper, lower = box.cut_top(box.height * 0.5)
    _article(paper, upper, item)
    _counts(paper, divide(paper, lower), job, item)


def _band(paper: Paper, box: Box, text: str) -> None:
    """White on black, to be read from some steps away."""
    paper.fill(box)
    inside = box.inset(GAP, 2.0)
    block = fit((Words(text, bold=True),), inside.width, inside.height, 20.0)
    paper.put(in_middle(inside, block), block, "middle", "white")


def _article(paper: Paper, box: Box, item: Item) -> None:
    told = [Words(item.sku, bold=True)] if item.sku else []
    rest = paper.write(box.cut_top(GAP)[1], *told, largest=26.0, smallest=9.0) if told else box
    if item.description:
        paper.write(rest, item.description, largest=13.0)


def _counts(paper: Paper, box: Box, job: Job, item: Item) -> None:
    start, beside = paper.start(box, box.width * 0.4)
    start = caption(paper, start, gettext("Quantity"))
    paper.write(start, Words(amount(item), bold=True), largest=28.0)
    told = (
        (gettext("Grade"), item.grade),
        (gettext("Goes to"), " ".join(job.data.notes)),
        (gettext("Reason"), item.reason),
        (gettext("Return number"), job.data.rma),
    )
    facts(paper, beside, told)
