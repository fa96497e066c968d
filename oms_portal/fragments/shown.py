"""What templates draw: words, shapes and marked-up moments, ready in the active language.

Every computed state is a ``Chip``: a word and a shape; its tone only adds colour. Tones are
ok, busy, wait, warn, bad and off.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString


@dataclass(frozen=True)
class Chip:
    """``text`` is what staff explain of the word, mostly nothing."""

    word: str
    shape: str
    tone: str
    text: str = ""


@dataclass(frozen=True)
class Step:
    """A stop on the line of a delivery; ``state`` is done, now, todo or stopped."""

    word: str
    state: str
    at: SafeString


@dataclass(frozen=True)
class Term:
    """A fact with its label."""

    label: str
    value: str


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
    number: str
    kind: str
    sku: str
    description: str
    ordered: str
    price: str
    amount: str
    parts: Sequence[Part]
    requested: SafeString
    confirmed: SafeString
    confirmed_label: str
    lateness: str
    reason: str
    promises: Sequence[Promised]
    serials: str
    contradictory: bool


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
    scans: Sequence[Scanned]


@dataclass(frozen=True)
class Delivery:
    title: str
    chip: Chip
    steps: Sequence[Step]
    facts: Sequence[Term]
    parcels: Sequence[Parcel]


@dataclass(frozen=True)
class Problem:
    """What is wrong, why, and what happens next."""

    title: str
    reason: str
    next: str


@dataclass(frozen=True)
class Paper:
    kind: str
    number: str
    issued: SafeString


@dataclass(frozen=True)
class Happened:
    at: SafeString
    words: str
    source: str


@dataclass(frozen=True)
class Order:
    number: str
    url: str
    chip: Chip
    flags: Sequence[Chip]
    headline: str
    steps: Sequence[Step]
    facts: Sequence[Term]
    places: Sequence[Place]
    totals: Sequence[Term]
    problems: Sequence[Problem]
    lines: Sequence[Line]
    deliveries: Sequence[Delivery]
    rest: Sequence[str]
    papers: Sequence[Paper]
    history: Sequence[Happened]
    zone: str


@dataclass(frozen=True)
class Place:
    """An address by its role: sold to, ship to, bill to."""

    label: str
    lines: Sequence[str]


@dataclass(frozen=True)
class Row:
    """A row of the order list."""

    number: str
    url: str
    reference: str
    company: str
    placed: SafeString
    due_label: str
    due: SafeString
    summary: str
    total: str
    chip: Chip
    flags: Sequence[Chip]


@dataclass(frozen=True)
class SortLink:
    """A way to sort the list; ``current`` for the one that holds."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True)
class PageLink:
    """A way to another page of the list; ``rel`` is "first" or "next"."""

    rel: str
    label: str
    url: str


@dataclass(frozen=True)
class Listed:
    """A page of the list; ``caption`` says what it is and how it is sorted."""

    rows: Sequence[Row]
    caption: str
    sorts: Sequence[SortLink]
    pages: Sequence[PageLink]
    several_companies: bool


@dataclass(frozen=True)
class Freshness:
    words: str
    shape: str
    tone: str
