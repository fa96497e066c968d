"""Lines of text made to fit a space: smaller first, then wrapped, and refused rather than cut."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from unicodedata import category

from django.utils.translation import gettext

from .faults import Unprintable, quoted
from .text import Line, clean, shaped


SMALLEST, LARGEST = 8.0, 14.0
_STEP = 0.5
# Down to this share of the largest size a line shrinks before it is wrapped.
_UNWRAPPED = 0.7
# Scripts without spaces may break between any two of their letters, but not before these.
_IDEOGRAPHS = (
    "\u2e80-\u2fdf\u3005-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef"
)
_BOUND = "、。，．：；！？）」』】ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ"
_WORDS = re.compile(rf"[{_IDEOGRAPHS}][{_BOUND}]*|[^\s{_IDEOGRAPHS}]+|\s+")


class Words(NamedTuple):
    """One line as it is told; ``rtl`` None: as its first strong character runs."""

    text: str
    bold: bool = False
    rtl: bool | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Fitted lines. ``height`` is in points."""

    lines: tuple[Line, ...]
    size: float

    @property
    def height(self) -> float:
        return sum(line.leading for line in self.lines) * self.size


@lru_cache(maxsize=1024)
def fit(
    lines: tuple[Words, ...],
    width: float,
    height: float,
    largest: float = LARGEST,
    smallest: float = SMALLEST,
) -> Block:
    """In the largest size that fits ``width`` x ``height`` points. Unprintable where none does."""
    told = [
        (shaped(text, line.bold, line.rtl), line) for line in lines if (text := clean(line.text))
    ]
    whole = tuple(line for line, _ in told)
    block = Block(whole, _largest(whole, width, height, largest))
    if block.size >= max(smallest, largest * _UNWRAPPED):
        return block
    for breaking in (False, True):
        size = largest
        while size >= smallest:
            block = Block(_wrapped(told, width / size, breaking), size)
            if block.lines and block.height <= height:
                return block
            size -= _STEP
    raise Unprintable(
        gettext("This does not fit on the label: %(text)s")
        % {"text": quoted(max((line.text for line in lines), key=len, default=""))}
    )


def _largest(lines: Sequence[Line], width: float, height: float, most: float) -> float:
    """The largest size in which lines fit as they are."""
    widest = max((line.width for line in lines), default=0.0)
    high = sum(line.leading for line in lines)
    fits = min(width / widest if widest else most, height / high if high else most)
    return min(most, math.floor(fits / _STEP) * _STEP)


def _wrapped(told: Sequence[tuple[Line, Words]], width: float, breaking: bool) -> tuple[Line, ...]:
    """All lines in parts that are ``width`` em wide at most, each running as the whole does. Nothing
    where a word would have to be broken, unless ``breaking``."""
    parts: list[Line] = []
    for line, words in told:
        if line.width <= width:
            parts.append(line)
            continue
        rows = list(_rows(words, width))
        if not breaking and any(is_broken for _, is_broken in rows):
            return ()
        parts += [shaped(row, words.bold, line.rtl) for row, _ in rows]
    return tuple(parts)


def _rows(words: Words, width: float) -> Iterator[tuple[str, bool]]:
    """Rows of a text, and whether a word goes on in the next one."""
    start = ""
    for word in _WORDS.findall(clean(words.text)):
        if not word.strip() or _width(start + word, words) <= width:
            start += word
            continue
        if start.strip():
            yield start.strip(), False
        *full, start = _broken(word, words, width)
        for part in full:
            yield part, True
    if start.strip():
        yield start.strip(), False


def _width(text: str, words: Words) -> float:
    return shaped(text.strip(), words.bold).width


def _broken(word: str, words: Words, width: float) -> list[str]:
    """A word too wide for a line, in parts; what is shorter stays whole."""
    parts = [""]
    for character in word:
        bound = category(character)[0] == "M" or character == "\u200d"
        if parts[-1] and not bound and _width(parts[-1] + character, words) > width:
            parts.append("")
        parts[-1] += character
    return parts
