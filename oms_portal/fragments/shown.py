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
