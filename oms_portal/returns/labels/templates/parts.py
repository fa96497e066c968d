"""What a template is given, and the words that several of them say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date
from functools import lru_cache
from typing import Any, NamedTuple

from django.utils.translation import gettext, pgettext

from oms_portal.orders.locales import day

from ..address import lines_of
from ..data import Dress, LabelData
from ..faults import Unprintable
from ..fitting import Words
from ..layout import Box, Made, Paper
from ..marks import Page
from ..sizes import SIZES, Size
from ..text import clean
from . import zones


# Pages of an office printer: wider margins, and the brand's colour.
_OFFICE = ("a4", "letter")
# The share of the space for addresses that the sender has; more where theirs is long.
_SHARES = (0.42, 0.5, 0.56, 0.62)
_ROLL_MARGIN, _OFFICE_MARGIN = 4.0, 12.0


@dataclass(frozen=True)
class Job:
    data: LabelData
    size: Size
    dress: Dress
    dpi: int
    rtl: bool
    # The active one.
    spoken: str | None

    @property
    def is_office(self) -> bool:
        return self.size.code in _OFFICE

    @property
    def code(self) -> str:
        """What the parcel's bar code says."""
        if code := self.data.parcel or self.data.rma:
            return code
        raise Unprintable(gettext("The return number is missing."))

    @property
    def opens(self) -> str:
        """What the QR code says."""
        return self.data.link or self.code

    def paper(self) -> Paper:
        margin = _OFFICE_MARGIN if self.is_office else _ROLL_MARGIN
        width, height = self.size.width, self.size.height
        return Paper(Made(width, height, margin, self.dpi, self.data.language, self.rtl))

    def page(self, paper: Paper, title: str) -> Page:
        return paper.page(f"{title} {self.data.rma or self.code}")

    def framed(self, paper: Paper, title: str, second: str = "") -> Box:
        """Brand above and its footer below; the space between."""
        box = zones.brand(paper, paper.box, self.dress, title, second, self.is_office)
        return zones.footer(paper, box, self.dress)

    def label(self, paper: Paper) -> tuple[Job, Box]:
        """A label's own place: all of a roll's, a part of an office page to be cut out; and this
        job as one on a roll."""
        if not self.is_office:
            return self, paper.box
        place = paper.start(paper.box.cut_top(zones.CUT_HEIGHT)[0], zones.CUT_WIDTH)[0]
        return self.on_roll(), zones.cut_out(paper, place)

    def on_roll(self) -> Job:
        return replace(self, size=SIZES["a6"])

    def addresses(self) -> tuple[tuple[Words, ...], tuple[Words, ...]]:
        """Sender and receiver, their names in bold. Unprintable where one is missing."""
        sender = _lines(self.data.sender, self.data.receiver)
        receiver = _lines(self.data.receiver, self.data.sender)
        if not sender:
            raise Unprintable(gettext("The sender’s address is missing."))
        if not receiver:
            raise Unprintable(gettext("The address to send it to is missing."))
        return sender, receiver

    @property
    def captions(self) -> Captions:
        return _captions(self.spoken)

    @property
    def carried_by(self) -> str:
        return " ".join(filter(None, (self.data.carrier, self.data.service)))

    def references(self) -> tuple[tuple[str, str], ...]:
        """Return number, order, last day and carrier, each with its caption."""
        data, said = self.data, self.captions
        return (
            (said.number, data.rma),
            (said.order, data.order),
            (said.until, day_text(data.valid_until, self.spoken)),
            (said.carrier, self.carried_by),
        )


class Captions(NamedTuple):
    sender: str
    receiver: str
    number: str
    order: str
    until: str
    carrier: str
    title: str
    contents: str


@lru_cache(maxsize=64)
def _captions(language: str | None) -> Captions:
    """In the active ``language``, kept: Django looks through the catalogue of every app each time."""
    return Captions(
        gettext("From"),
        gettext("To"),
        gettext("Return number"),
        gettext("Order"),
        gettext("Send it back by"),
        pgettext("who brings a parcel", "Carrier"),
        gettext("Return label"),
        gettext("In this parcel"),
    )


def _lines(address: Mapping[str, Any], other: Mapping[str, Any]) -> tuple[Words, ...]:
    if not any(address.get(part) for part in ("name", "lines", "city")):
        return ()
    named = clean(str(address.get("name") or ""))
    lines = lines_of(address, str(other.get("country") or ""))
    return tuple(Words(line, bold=line == named) for line in lines)


@lru_cache(maxsize=256)
def day_text(text: str, language: str | None) -> str:
    """A day in the active ``language``; what is no day stays as it is."""
    try:
        return day(date.fromisoformat(text), UTC)
    except ValueError:
        return text


def from_and_to(paper: Paper, box: Box, job: Job, told: tuple[tuple[str, str], ...]) -> None:
    """The sender with ``told`` beside it and the receiver below, larger: in the shares at which both
    fit. Unprintable."""
    sender, receiver = job.addresses()
    marks = len(paper.marks)
    for share in _SHARES:
        upper, lower = box.cut_top(box.height * share)
        start, beside = paper.start(upper, upper.width * 0.62)
        try:
            start = paper.start(start, start.width - zones.GAP)[0]
            zones.address(paper, start, job.captions.sender, sender, 10.0)
            zones.facts(paper, beside, told)
            zones.address(paper, zones.divide(paper, lower), job.captions.receiver, receiver, 14.0)
            return
        except Unprintable:
            if share == _SHARES[-1]:
                raise
            del paper.marks[marks:]
