"""Zones that several templates share."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date
from typing import Any

from django.utils.translation import gettext, ngettext, pgettext

from oms_portal.orders.locales import day

from ..address import lines_of
from ..data import Dress, Item, LabelData
from ..faults import Unprintable
from ..fitting import Words, fit
from ..layout import POINTS_PER_MM, Box, Paper
from ..marks import Page
from ..sizes import SIZES, Size
from ..text import LEADING


CAPTION, SMALL, PLAIN = 7.0, 8.0, 9.0
GAP = 5.0
HRI = 11.0
# Pages of an office printer: wider margins, and the brand's colour.
_OFFICE = ("a4", "letter")
_ROLL_MARGIN, _OFFICE_MARGIN = 4.0, 12.0
# The label on an office page, to be cut out: it suits both A4 and Letter.
CUT_WIDTH, CUT_HEIGHT = 105 * POINTS_PER_MM, 145 * POINTS_PER_MM


@dataclass(frozen=True)
class Job:
    data: LabelData
    size: Size
    dress: Dress
    dpi: int
    rtl: bool

    @property
    def is_office(self) -> bool:
        return self.size.code in _OFFICE

    @property
    def accent(self) -> str:
        return self.dress.accent if self.is_office else "black"

    @property
    def code(self) -> str:
        """What the parcel's bar code says."""
        if code := self.data.parcel or self.data.rma:
            return code
        raise Unprintable(gettext("The return number is missing."))

    def on_roll(self) -> Job:
        """The same on a label to be cut out."""
        return replace(self, size=SIZES["a6"])

    def paper(self) -> Paper:
        margin = _OFFICE_MARGIN if self.is_office else _ROLL_MARGIN
        return Paper(self.size, self.dpi, margin, self.rtl)

    def page(self, paper: Paper, title: str) -> Page:
        return paper.page(f"{title} {self.data.rma or self.code}".strip(), self.data.language)

    def addresses(self) -> tuple[tuple[Words, ...], tuple[Words, ...]]:
        """Sender and receiver, their names in bold. Unprintable where one is missing."""
        sender, receiver = self.data.sender, self.data.receiver
        told = (
            _lines(sender, receiver, gettext("The sender’s address is missing.")),
            _lines(receiver, sender, gettext("The address to send it to is missing.")),
        )
        return told[0], told[1]


def _lines(
    address: Mapping[str, Any], other: Mapping[str, Any], missing: str
) -> tuple[Words, ...]:
    if not any(address.get(part) for part in ("name", "lines", "city")):
        raise Unprintable(missing)
    first, *rest = lines_of(address, str(other.get("country") or ""))
    return (Words(first, bold=True), *map(Words, rest))


def cut_out(paper: Paper, box: Box) -> Box:
    """A label's place on an office page, framed to be cut out; the space inside the frame."""
    paper.frame(box, 0.5)
    return box.inset(3 * POINTS_PER_MM)


def brand(paper: Paper, box: Box, job: Job, title: str, second: str = "") -> Box:
    """Logo or name at the start, what this is at the end, a rule below. The rest of the box."""
    height = max(28.0, job.dress.logo[2] * paper.dot if job.dress.logo else 0.0)
    row, rest = box.cut_top(height)
    at_end, at_start = paper.end(row, row.width * 0.48)
    words = [Words(title, bold=True), *([Words(second)] if second else [])]
    block = fit(tuple(words), at_end.width, at_end.height, 15.0 if job.is_office else 12.0)
    paper.put(at_end.cut_top((row.height + block.height) / 2 + 0.01)[0].cut_bottom(block.height)[0], block, "end")
    if job.dress.logo:
        paper.picture(at_start, *job.dress.logo)
    elif job.dress.name:
        name = fit((Words(job.dress.name, bold=True),), at_start.width - GAP, row.height, 17.0)
        paper.put(at_start.cut_bottom((row.height + name.height) / 2)[0], name, ink=job.accent)
    return divide(paper, rest.cut_top(GAP)[1], 2.0 if job.is_office else 1.5, job.accent)


def divide(paper: Paper, box: Box, thickness: float = 0.75, ink: str = "black") -> Box:
    """A rule across the top; the rest of the box below it, with some air."""
    line, rest = box.cut_top(thickness)
    paper.fill(line, ink)
    return rest.cut_top(GAP * 0.6)[1]


def caption(paper: Paper, box: Box, text: str) -> Box:
    return paper.write(box, Words(text), largest=CAPTION, smallest=6.0)


def address(
    paper: Paper, box: Box, title: str, lines: Sequence[Words], largest: float
) -> Box:
    rest = caption(paper, box, title)
    return paper.write(rest, *lines, largest=largest, align="own")


def facts(paper: Paper, box: Box, told: Sequence[tuple[str, str]]) -> Box:
    """Captions with what they tell below, one under the other."""
    for label, value in told:
        if value:
            box = caption(paper, box, label)
            box = paper.write(box, Words(value, bold=True), largest=10.0, smallest=7.5)
            box = box.cut_top(1.5)[1]
    return box


def scanned(paper: Paper, box: Box, text: str) -> None:
    """A bar code with what it says below it."""
    says, above = box.cut_bottom(HRI * 1.22)
    paper.bars(above, text)
    paper.write(says, Words(text, bold=True), largest=HRI, align="middle")


def footer(paper: Paper, box: Box, job: Job) -> Box:
    """The brand's own line at the bottom; the space above it."""
    if not job.dress.footer:
        return box
    block = fit((Words(job.dress.footer),), box.width, box.height / 6, SMALL, 6.0)
    row, rest = box.cut_bottom(block.height)
    paper.put(row, block, "middle")
    return rest.cut_bottom(GAP * 0.6)[1]


def references(job: Job) -> list[tuple[str, str]]:
    data = job.data
    by = " ".join(filter(None, (data.carrier, data.service)))
    return [
        (gettext("Return number"), data.rma),
        (gettext("Order"), data.order),
        (gettext("Send it back by"), day_text(data.valid_until)),
        (pgettext("who brings a parcel", "Carrier"), by),
    ]


def day_text(text: str) -> str:
    """A day in the label's language; what is no day stays as it is."""
    try:
        return day(date.fromisoformat(text), UTC)
    except ValueError:
        return text


def amount(quantity: str, unit: str) -> str:
    """ "2" of pieces, "2.5 KGM" of else."""
    return quantity if unit in ("", "C62", "EA", "PCE", "H87") else f"{quantity} {unit}"


def contents(paper: Paper, box: Box, items: Sequence[Item]) -> Box:
    """What is in the parcel: as many articles as there is room for, and how many more."""
    if not items:
        return box
    box = caption(paper, box, gettext("In this parcel"))
    for place, item in enumerate(items):
        text = " ".join(filter(None, (item.sku, item.description)))
        told = (Words(f"{amount(item.quantity, item.unit)} × {text}"),)
        block = fit(told, box.width, math.inf, SMALL, SMALL)
        more = len(items) - place
        if block.height + (SMALL * LEADING if more > 1 else 0) > box.height:
            words = ngettext("and %(number)s more", "and %(number)s more", more)
            return paper.write(box, words % {"number": more}, largest=SMALL)
        paper.put(box, block)
        box = box.cut_top(block.height)[1]
    return box
