"""Which way each character runs: the Unicode Bidirectional Algorithm (UAX #9) for one line of text
without embeddings. House numbers and codes are isolates: "45-B" stays "45-B" in Arabic.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from unicodedata import bidirectional


# A telephone number, or a word of Latin letters, digits and signs with a digit in it: "45-B", "10/12",
# "2026-11-21".
_ISOLATE = re.compile(
    r"(?<![^\s(])"
    r"(?:\+[0-9 ().\/-]*[0-9]|#?(?=[^\s0-9]*[0-9])[A-Za-z0-9](?:[A-Za-z0-9.,:/+#°_-]*[A-Za-z0-9+°])?)"
    r"(?=[\s.,;:)،؛]|$)"
)
_OBJECT = "\ufffc"
_NEUTRAL = frozenset(("B", "S", "WS", "ON"))
_CLOSING = {"(": ")", "[": "]", "{": "}", "（": "）", "【": "】", "「": "」", "『": "』"}


def is_rtl(text: str, otherwise: bool = False) -> bool:
    """Whether the first strong character runs to the left (P2, P3)."""
    for character in text:
        kind = bidirectional(character)
        if kind in ("R", "AL"):
            return True
        if kind == "L":
            return False
    return otherwise


def levels(text: str, rtl: bool) -> list[int]:
    """A level for each character, odd where it runs to the left."""
    base = int(rtl)
    if not base and not any(bidirectional(c) in ("R", "AL", "AN") for c in text):
        return [0] * len(text)
    spans = [match.span() for match in _ISOLATE.finditer(text)]
    outer, last = [], 0
    for start, end in spans:
        outer.append(text[last:start] + _OBJECT)
        last = end
    resolved = iter(_resolved("".join([*outer, text[last:]]), base))
    found: list[int] = []
    last = 0
    for start, end in spans:
        found.extend(next(resolved) for _ in range(start - last))
        # Within an isolate all runs to the right: the next even level.
        found.extend([-(-next(resolved) // 2) * 2] * (end - start))
        last = end
    return [*found, *resolved]


def visual(runs: Sequence[int]) -> list[int]:
    """The order in which runs with these levels stand from left to right (L2)."""
    order = list(range(len(runs)))
    odd = [level for level in runs if level % 2]
    for level in range(max(runs, default=0), min(odd, default=1) - 1, -1):
        start = 0
        while start < len(order):
            end = start
            while end < len(order) and runs[order[end]] >= level:
                end += 1
            order[start:end] = reversed(order[start:end])
            start = max(end, start + 1)
    return order


def _resolved(text: str, base: int) -> list[int]:
    kinds = [bidirectional(c) or "L" for c in text]
    edge = "R" if base else "L"
    _resolve_weak(kinds, edge)
    _resolve_brackets(text, kinds, edge)
    _resolve_neutral(kinds, edge)
    # I1, I2.
    above = {"R": 0, "L": 1} if base else {"L": 0, "R": 1}
    return [base + above.get(kind, 1 if base else 2) for kind in kinds]


def _resolve_weak(kinds: list[str], edge: str) -> None:
    """W1 to W7, each over the whole line; ``edge`` is the kind before it."""
    before = strong = edge
    for i, kind in enumerate(kinds):
        if kind in ("NSM", "BN"):
            kinds[i] = kind = before
        elif kind == "EN" and strong == "AL":
            kinds[i] = kind = "AN"
        if kind in ("L", "R", "AL"):
            strong = kind
        before = kind
    for i in range(1, len(kinds) - 1):
        around = kinds[i - 1]
        if around == kinds[i + 1] and (
            (kinds[i] == "CS" and around in ("EN", "AN")) or (kinds[i] == "ES" and around == "EN")
        ):
            kinds[i] = around
    _end_numbers(kinds)
    strong = edge
    for i, kind in enumerate(kinds):
        if kind in ("L", "R", "AL"):
            strong = kind
            kinds[i] = "L" if kind == "L" else "R"
        elif kind == "EN" and strong == "L":
            kinds[i] = "L"
        elif kind in ("ES", "ET", "CS"):
            kinds[i] = "ON"


def _end_numbers(kinds: list[str]) -> None:
    """W5: terminators beside a European number belong to it."""
    start = 0
    while start < len(kinds):
        end = start
        while end < len(kinds) and kinds[end] == "ET":
            end += 1
        if "EN" in (*kinds[start - 1 : start], *kinds[end : end + 1]):
            kinds[start:end] = ["EN"] * (end - start)
        start = end + 1


def _resolve_brackets(text: str, kinds: list[str], edge: str) -> None:
    """N0: a pair of brackets runs as what it encloses, or as what stands before it."""
    for start, end in _pairs(text, kinds):
        inside = {_strong(kind) for kind in kinds[start + 1 : end]} - {""}
        if edge in inside:
            kinds[start] = kinds[end] = edge
        elif inside:
            before = next((s for kind in reversed(kinds[:start]) if (s := _strong(kind))), edge)
            kinds[start] = kinds[end] = before if before in inside else edge


def _pairs(text: str, kinds: list[str]) -> list[tuple[int, int]]:
    found, opened = [], list[tuple[str, int]]()
    closings = frozenset(_CLOSING.values())
    for i, character in enumerate(text):
        if kinds[i] != "ON":
            continue
        if character in _CLOSING:
            opened.append((_CLOSING[character], i))
        elif character in closings:
            at = next((n for n in reversed(range(len(opened))) if opened[n][0] == character), None)
            if at is not None:
                found.append((opened[at][1], i))
                del opened[at:]
    return sorted(found)


def _strong(kind: str) -> str:
    return "R" if kind in ("R", "EN", "AN") else "L" if kind == "L" else ""


def _resolve_neutral(kinds: list[str], edge: str) -> None:
    """N1, N2: between two of a kind as these, otherwise as the line."""
    start = 0
    while start < len(kinds):
        if kinds[start] not in _NEUTRAL:
            start += 1
            continue
        end = start
        while end < len(kinds) and kinds[end] in _NEUTRAL:
            end += 1
        before = _strong(kinds[start - 1]) if start else edge
        after = _strong(kinds[end]) if end < len(kinds) else edge
        kinds[start:end] = [before if before == after else edge] * (end - start)
        start = end
