"""How an order is named in a path: its slug, with everything unsafe written as ``~XX``.

Like percent-encoding with another sign, so that servers and proxies have nothing to decode:
``2026/17`` is ``2026~2F17``. Each name has exactly one spelling.
"""

from __future__ import annotations

import re

from django.urls import register_converter


_SAFE = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")
_ESCAPE = re.compile(rb"~([0-9A-F]{2})")


class SlugConverter:
    """Longest slug: 250 characters, of up to 4 bytes, each written in 3."""

    regex = r"(?:[A-Za-z0-9_.\-]|~[0-9A-F]{2}){1,3000}"

    def to_python(self, value: str) -> str:
        """The slug; ValueError (no match) where this is not how it would be written."""
        raw = _ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), value.encode())
        slug = raw.decode()
        if "\0" in slug or self.to_url(slug) != value:
            raise ValueError("not the one spelling of this name")
        return slug

    def to_url(self, value: str) -> str:
        text = "".join(chr(b) if b in _SAFE else f"~{b:02X}" for b in value.encode())
        # A path segment of dots alone would be taken away by browsers.
        return text.replace(".", "~2E") if not text.strip(".") else text


register_converter(SlugConverter, "order")
