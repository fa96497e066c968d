"""Told texts made harmless to look at: no marks that turn the reading direction, no endless ones."""

from __future__ import annotations

import re
from typing import Any

from django.utils.text import Truncator


LONGEST = 200
# What turns or hides the text around it (Unicode UAX #9, zero-width marks), and control characters.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]"
)


def plain(told: Any, longest: int = LONGEST) -> str:
    """The text without hidden marks, cut at ``longest`` characters."""
    return Truncator(_HIDDEN.sub("", str(told))).chars(longest)


def unhidden(told: str) -> str:
    """The whole text, each hidden mark written as its escape (``\\u202e``), as JSON would."""
    return _HIDDEN.sub(lambda mark: f"\\u{ord(mark[0]):04x}", told)
