"""Why a label can't be printed."""

from __future__ import annotations

from unicodedata import category, name

from django.utils.translation import gettext


_QUOTED = 30


class Unprintable(ValueError):
    """Its words are for staff: what is missing, or what does not fit."""


class MissingGlyph(Unprintable):
    """No face has this character. It is shown where it shows something, and always named."""

    def __init__(self, character: str) -> None:
        self.character = character
        code = f"U+{ord(character):04X} {name(character, '')}".strip()
        shown = f"“{character}” ({code})" if category(character)[0] in "LNPS" else code
        words = gettext("No font of the labels has the character %(character)s.")
        super().__init__(words % {"character": shown})


def quoted(text: str) -> str:
    """The beginning of a text, for a message; what can't be shown is replaced."""
    shown = "".join(c if c.isprintable() else "\ufffd" for c in text[:_QUOTED])
    return shown if len(text) <= _QUOTED else f"{shown}…"
