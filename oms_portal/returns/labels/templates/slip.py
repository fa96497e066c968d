"""The packing slip that lies in the parcel: what is sent back, on as many pages as it takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from ..data import Item
from ..faults import Unprintable, quoted
from ..fitting import Block, Words, fit
from ..layout import Box, Paper
from ..marks import Page
from ..text import TALL
from .parts import Job
from .zones import GAP, SMALL, amount, brand, divide, facts, footer, notes, scanned, two_addresses


# Shares of a row's width: quantity, article, reason.
_COLUMNS = (0.16, 0.58, 0.26)
_ROW_GAP = 3.0
_BARS, _BARS_WIDTH = 64.0, 240.0
_MOST_PAGES = 50


@dataclass(frozen=True)
class _Row:
    cells: tuple[Block, ...]

    @property
    def height(self) -> float:
        return max(cell.height for cell in self.cells) + 2 * _ROW_GAP


def draw_slip(job: Job) -> tuple[Page, ...]:
    title = gettext("Packing slip")
    waiting = list(job.data.items)
    papers: list[tuple[Paper, Box]] = []
    while waiting or not papers:
        if len(papers) == _MOST_PAGES:
            raise Unprintable(gettext("There are too many articles for one packing slip."))
        paper = job.paper()
        box, foot = _foot(paper, job)
        box = _first(paper, box, job, title) if not papers else _next(paper, box, job, title)
        waiting = _table(paper, box, job, waiting)
        papers.append((paper, foot))
    for number, (paper, foot) in enumerate(papers, start=1):
        says = gettext("Page %(number)s of %(all)s") % {"number": number, "all": len(papers)}
        paper.write(foot, says, largest=SMALL, align="end")
    return tuple(job.page(paper, title) for paper, _ in papers)


def _foot(paper: Paper, job: Job) -> tuple[Box, Box]:
    """The page without its last line, and that line, for the page's number."""
    foot, box = paper.box.cut_bottom(SMALL * TALL)
    return footer(paper, box, job.dress), foot


def _first(paper: Paper, box: Box, job: Job, title: str) -> Box:
    """Everything above the table; with the bar code of the return."""
    box = brand(paper, box, job.dress, title, "", job.is_office)
    codes, box = box.cut_top(_BARS)
    bars, beside = paper.start(codes, min(codes.width * 0.72, _BARS_WIDTH))
    scanned(paper, bars, job.data.rma or job.code)
    facts(paper, paper.end(beside, beside.width - GAP)[0], job.references()[1:3])
    titles = (job.captions.sender, job.captions.receiver)
    box = two_addresses(paper, box.cut_top(GAP)[1], job.addresses(), titles)
    return notes(paper, box, job.data.notes).cut_top(GAP)[1]


def _next(paper: Paper, box: Box, job: Job, title: str) -> Box:
    number = job.data.rma or job.code
    return brand(paper, box, job.dress, title, number, job.is_office).cut_top(GAP)[1]


def _table(paper: Paper, box: Box, job: Job, items: Sequence[Item]) -> list[Item]:
    """Rows as far as they fit; the articles that are left."""
    if not items:
        paper.write(box, gettext("Nothing is listed for this parcel."), largest=10.0)
        return []
    heads = (gettext("Quantity"), gettext("Article"), gettext("Reason"))
    words = tuple((Words(head, bold=True),) for head in heads)
    box = _put(paper, box, _row(box, words, SMALL))
    box = divide(paper, box, 1.0, job.dress.accent if job.is_office else "black")
    for place, item in enumerate(items):
        row = _row(box, _cells(item), 10.0 if job.is_office else SMALL)
        if row.height > box.height:
            if not place and box.height > paper.box.height / 2:
                raise Unprintable(
                    gettext("An article does not fit on a page: %(article)s")
                    % {"article": quoted(item.sku or item.description)}
                )
            return list(items[place:])
        box = _put(paper, box, row)
        line, _ = box.cut_top(0.4)
        paper.fill(line)
        box = box.cut_top(0.4)[1]
    return []


def _cells(item: Item) -> tuple[tuple[Words, ...], ...]:
    article = [Words(item.sku, bold=True), Words(item.description)]
    return (
        (Words(amount(item), bold=True),),
        tuple(words for words in article if words.text),
        (Words(item.reason),),
    )


def _row(box: Box, cells: Sequence[tuple[Words, ...]], size: float) -> _Row:
    return _Row(
        tuple(
            fit(words, width * box.width - GAP, 10 * box.width, size, min(size, SMALL))
            for words, width in zip(cells, _COLUMNS, strict=True)
        )
    )


def _put(paper: Paper, box: Box, row: _Row) -> Box:
    top, rest = box.cut_top(row.height)
    for cell, place in zip(row.cells, _places(paper, top), strict=True):
        paper.put(place.inset(0, _ROW_GAP), cell)
    return rest


def _places(paper: Paper, row: Box) -> Iterator[Box]:
    rest = row
    for share in _COLUMNS:
        place, rest = paper.start(rest, share * row.width)
        yield paper.start(place, place.width - GAP)[0]
