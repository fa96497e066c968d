"""Sentences with marked-up parts, and names for places in a page."""

from __future__ import annotations

import re

from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString


def marked(sentence: str, **parts: str) -> SafeString:
    """The sentence with its named parts; those that are no markup yet are escaped."""
    filled = {name: conditional_escape(part) for name, part in parts.items()}
    return SafeString(escape(sentence) % filled)


def anchor(kind: str, name: str) -> str:
    """An id within a page for anything an ERP may call its own: "delivery-LS.2F17"."""
    return f"{kind}-" + re.sub(r"[^A-Za-z0-9_-]", lambda found: f".{ord(found[0]):X}.", name)
