"""What the order list's template draws: everything in words, nothing left to ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from .shown import Chip, PageLink


@dataclass(frozen=True)
class Row:
    """One order; ``near`` says how far off the date is, ``note`` is the reference in a sentence."""

    number: str
    url: str
    reference: str
    note: str
    company: str
    ship_to: str
    placed: SafeString
    placed_by: str
    due_label: str
    due: SafeString
    near: SafeString
    summary: str
    items: str
    total: str
    chip: Chip
    flags: Sequence[Chip]


@dataclass(frozen=True)
class Labels:
    """What stands before the facts of a row where the columns' heads are out of sight."""

    reference: str
    ship_to: str
    by: str
    placed: str
    total: str


@dataclass(frozen=True)
class SortLink:
    """A way to sort the list; ``current`` where it is sorted so."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True)
class Head:
    """A column: its name, and where its head sorts, the address and the order it is in now."""

    name: str
    label: str
    url: str = ""
    sorted: str = ""


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Active:
    """A filter that holds, and the address of the list without it."""

    label: str
    url: str


@dataclass(frozen=True)
class Form:
    """The search and the filters; ``kept`` are the names and values of what else is asked."""

    action: str
    words: str
    kept: tuple[tuple[str, str], ...]
    scopes: tuple[Choice, ...]
    statuses: tuple[Choice, ...]
    places: tuple[Choice, ...]
    companies: tuple[Choice, ...]
    columns: tuple[Choice, ...]
    placed_from: str
    placed_to: str
    placed_by: str
    count: int
    shows: frozenset[str]


@dataclass(frozen=True)
class Listed:
    rows: Sequence[Row]
    labels: Labels
    caption: str
    heads: Sequence[Head]
    has: frozenset[str]
    sorts: Sequence[SortLink]
    pages: Sequence[PageLink]
    exports: Sequence[PageLink]
    form: Form | None
    active: Sequence[Active]
    clear_url: str
    result: str
    narrowed: bool
    several_companies: bool
