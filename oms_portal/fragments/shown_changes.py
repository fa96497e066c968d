"""What the templates of an order's changes draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from .shown import Chip, Term


@dataclass(frozen=True)
class Wanted:
    """One thing that is to change, each value as lines: the order's, what was asked for instead,
    and what was offered in its place."""

    label: str
    now: Sequence[str]
    wanted: Sequence[str]
    offered: Sequence[str] = ()


@dataclass(frozen=True)
class Request:
    """``heads`` are the words above the values; ``call`` is what there is to do, "" for nothing;
    ``said`` is somebody's own words; ``until`` counts down."""

    title: str
    about: str
    url: str
    call: str
    chip: Chip
    heads: Sequence[str]
    rows: Sequence[Wanted]
    who: str
    at: SafeString
    next: str
    until: SafeString
    terms: Sequence[Term]
    said: str
    reason: str


@dataclass(frozen=True)
class Until:
    """Till when some things can be changed; closed ones say why in ``words``."""

    open: bool
    words: SafeString | str
    what: str
    costs: str


@dataclass(frozen=True)
class Delivery:
    """``name`` tells its links from those of the others."""

    title: str
    name: str
    chip: Chip | None
    limits: Sequence[Until]
    change_url: str
    cancel_url: str

    @property
    def is_offered(self) -> bool:
        return bool(self.change_url or self.cancel_url)


@dataclass(frozen=True)
class Changes:
    """``deliveries`` are those of which something can be changed, ``refused`` the others; ``note``
    says what holds for all of them."""

    number: str
    url: str
    chip: Chip
    flags: Sequence[Chip]
    requests: Sequence[Request]
    closed: Sequence[Request]
    deliveries: Sequence[Delivery]
    refused: Sequence[Delivery]
    more: str
    note: str
    away: SafeString
    zone: str

    @property
    def says(self) -> bool:
        """Whether there is anything to say of it within the order."""
        return bool(self.requests or self.closed or self.deliveries)
