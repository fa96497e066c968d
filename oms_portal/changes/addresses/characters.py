"""Which characters belong into an address: those that a person reads and a label printer prints."""

from __future__ import annotations

from enum import Enum
from unicodedata import bidirectional, category


class Fault(Enum):
    INVISIBLE = "invisible"
    SYMBOL = "symbol"
    MARKS = "marks"


# Joiners that some scripts need between their letters; marks that mixed text needs (UAX #9).
_JOINERS = "\u200c\u200d"
_DIRECTIONS = "\u200e\u200f\u061c"
# Letters and marks that show nothing (Default_Ignorable_Code_Point), besides category Cf.
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
_PRINTED_SYMBOLS = frozenset("№™℠")
# Letters of formulas, drawn as styled Latin: no label font has them.
_FORMULA_LETTERS = range(0x1D400, 0x1D800)
_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
# Marks on one letter: Vietnamese needs one beside its own letters, Hebrew and Tibetan four.
_MARKS_CASED, _MARKS = 2, 4


def fault_at(text: str, index: int) -> Fault | None:
    """What is wrong with this character at its place; ``text`` is in NFC."""
    char = text[index]
    if " " <= char <= "~":
        return None
    kind = category(char)
    if kind[0] == "M":
        return _fault_of_mark(text, index)
    if char in _BLANKS or kind in ("Cc", "Cn", "Co", "Cs", "Zl", "Zp"):
        return Fault.INVISIBLE
    if kind == "Cf":
        return None if _needed(text, index) else Fault.INVISIBLE
    if kind in ("So", "Sm", "Sk"):
        return None if char < "\u0100" or char in _PRINTED_SYMBOLS else Fault.SYMBOL
    return Fault.SYMBOL if ord(char) in _FORMULA_LETTERS else None


def _needed(text: str, index: int) -> bool:
    """Joiners only within a word of a script that joins; directions only where text has both."""
    if text[index] in _JOINERS:
        return 0 < index < len(text) - 1 and category(text[index - 1]) in ("Lo", "Mn", "Mc")
    return text[index] in _DIRECTIONS and any(bidirectional(c) in ("R", "AL") for c in text)


def _fault_of_mark(text: str, index: int) -> Fault | None:
    char, start = text[index], index
    while start and category(text[start])[0] == "M":
        start -= 1
    base = category(text[start])
    if char in _BLANKS:
        return Fault.INVISIBLE
    if any(ord(char) in selectors for selectors in _SELECTORS):
        return None if base == "Lo" and index == start + 1 else Fault.SYMBOL
    if category(char) == "Me" or base[0] not in "LN":
        return Fault.SYMBOL
    most = _MARKS_CASED if base in ("Lu", "Ll") else _MARKS
    return Fault.MARKS if index - start > most else None
