"""What the templates of one order draw; chips, steps and terms are those of all fragments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString

from .shown import Chip, PageLink, Step, Term
from .shown_changes import Changes


if TYPE_CHECKING:
    from .returning.shown import Beside


__all__ = [
    "Chip",
    "Choice",
    "Delivery",
    "Group",
    "Happened",
    "Leg",
    "Line",
    "Listing",
    "Order",
    "PageLink",
    "Paper",
    "Parcel",
    "Part",
    "Place",
    "Problem",
    "Promised",
    "Rest",
    "Scanned",
    "Step",
    "Term",
]


@dataclass(frozen=True)
class Part:
    """A piece of a line's bar: words ("6 pieces delivered"), and where it lies, in percent."""

    words: str
    tone: str
    start: int
    width: int


@dataclass(frozen=True)
class Promised:
    """An entry of the promise ledger."""

    made: SafeString
    date: SafeString
    kind: str
    moved: str
    reason: str


@dataclass(frozen=True)
class Line:
    """``share`` says how much of it comes with the delivery it stands under."""

    id: str
    number: str
    kind: str
    sku: str
    description: str
    ordered: str
    share: str
    price: str
    amount: str
    parts: Sequence[Part]
    requested: SafeString
    confirmed: SafeString
    confirmed_label: str
    near: SafeString
    lateness: str
    reason: str
    promises: Sequence[Promised]
    serials: str
    contradictory: bool


@dataclass(frozen=True)
class Group:
    """Lines that come together; without a title, all lines."""

    title: str
    url: str
    note: SafeString
    lines: Sequence[Line]


@dataclass(frozen=True)
class Choice:
    """A way to see other lines; ``current`` for the one that holds."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True)
class Listing:
    """The lines that were asked for. ``kept`` are the fields a search keeps; without ``tools``
    there are so few lines that nobody has to look for one."""

    groups: Sequence[Group]
    tools: bool
    action: str
    find: str
    kept: Sequence[tuple[str, str]]
    choices: Sequence[Choice]
    grouping: Choice
    caption: str
    empty: str
    all_url: str
    pages: Sequence[PageLink]


@dataclass(frozen=True)
class Scanned:
    at: SafeString
    words: str
    place: str
    text: str


@dataclass(frozen=True)
class Parcel:
    """``url`` is checked already, empty where it may not be followed."""

    label: str
    number: str
    url: str
    follow: str
    chip: Chip | None
    expected: SafeString
    contents: Sequence[str]
    more: str
    scans: Sequence[Scanned]


@dataclass(frozen=True)
class Leg:
    """A delivery as one line: from where, past which stops, to where, when, and what."""

    title: str
    url: str
    chip: Chip
    origin: str
    destination: str
    stops: Sequence[Step]
    next: str
    label: str
    when: SafeString
    rel: SafeString
    note: SafeString
    contents: str
    parcels: str
    done: bool
    follows: Sequence[Parcel] = ()


@dataclass(frozen=True)
class Rest:
    """What is in no delivery yet."""

    what: str
    when: SafeString
    rel: SafeString


@dataclass(frozen=True)
class Delivery:
    id: str
    title: str
    chip: Chip
    note: SafeString
    done: bool
    steps: Sequence[Step]
    facts: Sequence[Term]
    parcels: Sequence[Parcel]
    more: str
    packing_url: str
    proof: Paper | None


@dataclass(frozen=True)
class Problem:
    """What is wrong, with which parcel, why, and what happens next."""

    title: str
    parcel: str
    url: str
    reason: str
    next: str
    said: str
    at: SafeString


@dataclass(frozen=True)
class Paper:
    """``url`` is empty where it can't be had online; ``order`` where all are of one order."""

    kind: str
    number: str
    issued: SafeString
    url: str
    media: str
    order: str
    order_url: str


@dataclass(frozen=True)
class Happened:
    at: SafeString
    words: str
    source: str


@dataclass(frozen=True)
class Place:
    """An address by its role: sold to, ship to, bill to; ``pending`` is what was asked for
    instead and nobody confirmed yet."""

    label: str
    lines: Sequence[str]
    pending: Sequence[str] = ()


@dataclass(frozen=True)
class Order:
    """``legs`` are the deliveries to come and ``past`` those that are over, in short;
    ``shows`` names the sections; without ``changes``, or ``returns``, there is
    nothing to say of any."""

    number: str
    url: str
    chip: Chip
    flags: Sequence[Chip]
    headline: str
    steps: Sequence[Step]
    shows: Sequence[str]
    facts: Sequence[Term]
    places: Sequence[Place]
    totals: Sequence[Term]
    problems: Sequence[Problem]
    listing: Listing
    legs: Sequence[Leg]
    past: Sequence[Leg]
    deliveries: Sequence[Delivery]
    delivery_pages: Sequence[PageLink]
    delivery_caption: str
    rest: Sequence[Rest]
    papers: Sequence[Paper]
    history: Sequence[Happened]
    earlier: Sequence[Happened]
    older: bool
    zone: str
    changes: Changes | None = None
    returns: Beside | None = None
