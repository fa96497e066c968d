"""What people type and addresses hold, read without ever failing. Pure."""

from __future__ import annotations


# A primary key of any database has fewer digits.
_DIGITS = 18


def words(text: str, longest: int) -> str:
    """One line of text, with single spaces, cut at so many characters."""
    return " ".join(text.replace("\0", " ").split())[:longest].strip()


def key(text: str) -> int | None:
    """A primary key; None of what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else None


def count(text: str, usual: int, smallest: int, largest: int) -> int:
    """How many, within bounds; ``usual`` where no number is given."""
    asked = key(text)
    return usual if asked is None else max(smallest, min(largest, asked))
