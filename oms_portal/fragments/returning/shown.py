"""What the templates of returns draw: everything in words, nothing left to ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from ..shown import Chip, PageLink, Step, Term
from ..shown_order import Happened


@dataclass(frozen=True)
class Way:
    """A link: to a page of the portal, or to a file."""

    label: str
    url: str


@dataclass(frozen=True)
class Result:
    """What came of it: a paper or an order by its number, with the way there if there is one."""

    label: str
    text: str
    url: str = ""


@dataclass(frozen=True)
class Photo:
    """``name`` is as somebody called it."""

    url: str
    name: str
    width: int
    height: int


@dataclass(frozen=True)
class Said:
    """A sentence of ours; ``why`` in the words of whoever decided."""

    words: str
    why: str = ""


@dataclass(frozen=True)
class Besides:
    """What came and was not announced, and what becomes of it."""

    item: str
    said: Sequence[Said]


@dataclass(frozen=True)
class Line:
    """``text`` is the customer's own words. ``received`` and ``accepted`` say how many, "" where
    the chip or what our desk ``found`` says it all; without ``acceptance`` there is nothing to
    check yet."""

    description: str
    sku: str
    quantity: str
    order: str
    order_url: str
    delivery: str
    facts: Sequence[Term]
    text: str
    photos: Sequence[Photo]
    reception: Chip
    received: str
    acceptance: Chip | None
    accepted: str
    found: Sequence[Said] = ()


@dataclass(frozen=True)
class Code:
    """A QR code as the path of an image with ``size`` modules a side, its quiet zone included."""

    text: str
    size: int
    path: str


@dataclass(frozen=True)
class Parcel:
    """``main`` is the file most people want, ``others`` are its other sizes and kinds; ``note``
    says what to do where there is none. The ``code`` is open at once where nobody has a printer.
    ``arrived`` says when it reached us, and how."""

    title: str
    code: str
    tracking: str
    chip: Chip
    note: str
    until: SafeString
    main: Way | None
    others: Sequence[Way]
    papers: Sequence[Way]
    qr: Code | None
    qr_open: bool
    arrived: SafeString


@dataclass(frozen=True)
class Outward:
    """A parcel with goods that go back to the customer."""

    title: str
    tracking: str
    chip: Chip


@dataclass(frozen=True)
class Place:
    label: str
    lines: Sequence[str]
    note: str = ""


@dataclass(frozen=True)
class Tracked:
    """One return. ``todo`` are the sentences on what to do or what happens next; ``ways`` lead to
    what waits for the reader, ``change_url`` to where they change or withdraw it; ``outward`` are
    parcels that go back to them, ``besides`` what they sent and had not announced; ``sums`` are our
    estimate, the last of them what it comes to.
    """

    number: str
    title: str
    chip: Chip
    headline: str
    todo: Sequence[str]
    said: str
    steps: Sequence[Step]
    question: str
    reply: str
    ways: Sequence[Way]
    change_url: str
    parcels: Sequence[Parcel]
    outward: Sequence[Outward]
    places: Sequence[Place]
    notes: Sequence[str]
    lines: Sequence[Line]
    besides: Sequence[Besides]
    photos: Sequence[Photo]
    facts: Sequence[Term]
    note: str
    sums: Sequence[Term]
    results: Sequence[Result]
    history: Sequence[Happened]
    zone: str


@dataclass(frozen=True)
class Row:
    """A return in a list; with ``steps`` where they are asked for. ``next`` is one sentence."""

    number: str
    title: str
    url: str
    chip: Chip
    orders: Sequence[Way]
    what: str
    day: SafeString
    next: str
    company: str
    steps: Sequence[Step] = ()


@dataclass(frozen=True)
class Choice:
    label: str
    url: str
    current: bool


@dataclass(frozen=True)
class Listed:
    """``start_url`` leads to a new return, "" where the reader may not ask for one."""

    rows: Sequence[Row]
    choices: Sequence[Choice]
    pages: Sequence[PageLink]
    start_url: str
    narrowed: bool
    all_url: str
    several_companies: bool


@dataclass(frozen=True)
class Beside:
    """The returns of one order, within it; ``start_url`` as in ``Listed``."""

    rows: Sequence[Row]
    closed: Sequence[Row]
    start_url: str

    @property
    def says(self) -> bool:
        return bool(self.rows or self.closed or self.start_url)


@dataclass(frozen=True)
class Item:
    """A line that could be sent back: how many, until when; or why not."""

    description: str
    quantity: str
    words: SafeString | str


@dataclass(frozen=True)
class Offer:
    """An order with what can be sent back of it, or why nothing can. ``ways`` lead into the wizard,
    one for each kind of return."""

    number: str
    url: str
    reference: str
    company: str
    day: SafeString
    items: Sequence[Item]
    more: str
    refused: Sequence[Item]
    ways: Sequence[Way]


@dataclass(frozen=True)
class Start:
    """``note`` says why nothing is offered; ``ways`` stand in place of offers."""

    offers: Sequence[Offer]
    note: str
    more_url: str
    returns_url: str
    ways: Sequence[Way] = ()
