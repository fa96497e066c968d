"""Text from a form, cleaned or refused in words: nothing is dropped unseen but idle space."""

from __future__ import annotations

import re
from unicodedata import normalize

from django.utils.translation import gettext, ngettext

from oms_portal.orders.locales import isolated

from .characters import Fault, fault_at


LINES, TEXT = 10, 500
_SPACE = re.compile(r"[^\S\n\r\v\f\x1c-\x1f\x85\u2028\u2029]+")
_BREAK = re.compile(r"\r\n|[\n\r\u2028\u2029]")
# So much of what stands before a bad character is quoted.
_QUOTED = 20


def clean_line(text: str, longest: int) -> str:
    """One line of text in NFC, without space around it or doubled in it.

    ``longest`` is in characters. Raises ValueError with a sentence for the person who typed it.
    """
    line = _collapsed(text, longest)
    if _BREAK.search(line):
        raise ValueError(gettext("Please write this on one line."))
    _refuse_faults(line)
    return _no_longer_than(longest, line)


def clean_text(text: str, longest: int = TEXT, most: int = LINES) -> str:
    """Some lines of text, ended by "\\n", with one empty line between two at most; otherwise as
    ``clean_line``. ``most`` is how many lines."""
    lines = [line.strip() for line in _BREAK.split(_collapsed(text, longest))]
    for line in lines:
        _refuse_faults(line)
    whole = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    if whole.count("\n") >= most:
        raise ValueError(
            ngettext(
                "Please use no more than %(most)s line.",
                "Please use no more than %(most)s lines.",
                most,
            )
            % {"most": most}
        )
    return _no_longer_than(longest, whole)


def _collapsed(text: str, longest: int) -> str:
    # What is far too long is not worth reading.
    if len(text) > 20 * longest + 1000:
        _no_longer_than(longest, text)
    return normalize("NFC", _SPACE.sub(" ", text)).strip()


def _no_longer_than(longest: int, text: str) -> str:
    if len(text) > longest:
        raise ValueError(
            ngettext(
                "This is too long: at most %(longest)s character fits.",
                "This is too long: at most %(longest)s characters fit.",
                longest,
            )
            % {"longest": longest}
        )
    return text


def _refuse_faults(line: str) -> None:
    for index in range(len(line)):
        if fault := fault_at(line, index):
            raise ValueError(_words(fault, line, index))


def _words(fault: Fault, line: str, index: int) -> str:
    before = isolated(line[max(0, index - _QUOTED) : index].strip())
    if fault is Fault.SYMBOL:
        return gettext("“%(symbol)s” can’t be printed on a label. Please leave it out.") % {
            "symbol": isolated(line[index])
        }
    if fault is Fault.MARKS:
        return gettext("There are too many accents on one letter. Please leave them out.")
    if before:
        return gettext(
            "There is an invisible character after “%(before)s”. Please type the text again."
        ) % {"before": before}
    return gettext("This begins with an invisible character. Please type the text again.")
