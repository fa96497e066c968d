"""What templates draw: words, shapes and marked-up moments, ready in the active language.

Every computed state is a ``Chip``: a word and a shape; its tone only adds colour. Tones are
ok, busy, wait, warn, bad and off.
"""

from __future__ import annotations

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
class PageLink:
    """A way to another page of the list; ``rel`` is "first" or "next"."""

    rel: str
    label: str
    url: str


@dataclass(frozen=True)
class Freshness:
    words: str
    shape: str
    tone: str
