"""JSON that SQLite and PostgreSQL both take, and that means one thing only.

UTF-8, at most 20 levels, no duplicate members, no NaN or Infinity, integers within 2^53, no NUL
and no lone surrogate. Whatever is sent, only BadJson is raised.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from math import isinf
from typing import Any

from .values import MAX_INTEGER


MAX_DEPTH = 20
_MAX_NUMBER = 64
# Possessive and with an optional end, so that no text makes it look at a character twice.
_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_BRACKET = re.compile(rf"{_STRING.pattern}|[\[\]{{}}]", re.DOTALL)
_OTHERS = re.compile(r"[^\[\]{}]+")
_ONE_KIND = str.maketrans("{}", "[]")
_SUSPECT = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
_SPACE = re.compile(r"[ \t\n\r]*")


class BadJson(ValueError):
    """Why a text is refused; the words are fit to be told to the sender."""


@dataclass(frozen=True)
class Item:
    """One element of a JSON array: its own bytes, and its value or why it is refused."""

    raw: bytes
    value: Any = None
    refusal: str = ""


def loads(raw: bytes) -> Any:
    text = _text(raw)
    _refuse_depth(text, MAX_DEPTH)
    try:
        value = _STRICT.decode(text)
    except json.JSONDecodeError as error:
        raise _syntax(error) from None
    _refuse_odd_text(text, value)
    return value


def load_items(raw: bytes) -> list[Item]:
    """The elements of an array, each judged on its own. BadJson where the whole is no array."""
    text = _text(raw)
    try:
        return list(_items(text))
    except json.JSONDecodeError as error:
        raise _syntax(error) from None


def digest(value: Any) -> str:
    """SHA-256 of the value in canonical form (sorted members, no spaces, ASCII): the same event
    has the same digest alone and in a batch, however it was indented."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return sha256(text.encode()).hexdigest()


def _items(text: str) -> Iterator[Item]:
    at = _skip(text, 0)
    if text[at : at + 1] != "[":
        raise BadJson("must be an array of events")
    at = _skip(text, at + 1)
    if text[at : at + 1] == "]":
        return _end(text, at + 1)
    while True:
        end, item = _item(text, at)
        yield item
        at = _skip(text, end)
        if text[at : at + 1] == "]":
            return _end(text, at + 1)
        if text[at : at + 1] != ",":
            raise json.JSONDecodeError("Expecting ',' delimiter", text, at)
        at = _skip(text, at + 1)


def _item(text: str, at: int) -> tuple[int, Item]:
    try:
        value, end = _STRICT.raw_decode(text, at)
    except RecursionError:
        end = _end_of(text, at)
        return end, Item(text[at:end].encode(), refusal=f"nested deeper than {MAX_DEPTH} levels")
    except json.JSONDecodeError:
        raise
    except BadJson as error:
        try:
            end = _LENIENT.raw_decode(text, at)[1]
        except RecursionError:
            end = _end_of(text, at)
        return end, Item(text[at:end].encode(), refusal=str(error))
    own = text[at:end]
    try:
        _refuse_depth(own, MAX_DEPTH)
        _refuse_odd_text(own, value)
    except BadJson as error:
        return end, Item(own.encode(), refusal=str(error))
    return end, Item(own.encode(), value)


def _end_of(text: str, at: int) -> int:
    """Where an array or object ends that is too deep for the parser."""
    depth = 0
    for found in _BRACKET.finditer(text, at):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(found[0], 0)
        if not depth:
            return found.end()
    raise json.JSONDecodeError("Unterminated value", text, at)


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _end(text: str, at: int) -> None:
    if _skip(text, at) != len(text):
        raise json.JSONDecodeError("Extra data", text, at)


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadJson(f"not UTF-8 at byte {error.start}") from None


def _syntax(error: json.JSONDecodeError) -> BadJson:
    return BadJson(f"not JSON: {error.msg} at line {error.lineno}, column {error.colno}")


def _refuse_depth(text: str, limit: int) -> None:
    """Each pass takes away the innermost brackets; what then still holds a pair was deeper."""
    nest = _OTHERS.sub("", _STRING.sub("", text)).translate(_ONE_KIND)
    for _ in range(limit):
        if not nest:
            return
        nest = nest.replace("[]", "")
    if "[]" in nest or nest.count("[") > limit:
        raise BadJson(f"nested deeper than {limit} levels")


def _refuse_odd_text(text: str, value: Any) -> None:
    if not _SUSPECT.search(text):
        return
    todo = [value]
    while todo:
        part = todo.pop()
        if isinstance(part, dict):
            todo += [*part, *part.values()]
        elif isinstance(part, list):
            todo += part
        elif isinstance(part, str) and any(c == "\0" or "\ud800" <= c <= "\udfff" for c in part):
            raise BadJson("a string holds NUL or a lone surrogate")


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise BadJson(f"the member {json.dumps(twice[:100])} occurs twice in one object")
    return members


def _integer(text: str) -> int:
    if len(text) > len(str(-MAX_INTEGER)) or abs(int(text)) > MAX_INTEGER:
        raise BadJson("an integer is beyond 2^53; send large numbers as strings")
    return int(text)


def _float(text: str) -> float:
    if len(text) > _MAX_NUMBER or isinf(float(text)):
        raise BadJson("a number is too long or too large; send it as a string")
    return float(text)


def _constant(text: str) -> Any:
    raise BadJson(f"{text} is not JSON")


_STRICT = json.JSONDecoder(
    object_pairs_hook=_members, parse_int=_integer, parse_float=_float, parse_constant=_constant
)
# Only to find where a refused item ends.
_LENIENT = json.JSONDecoder(parse_int=str, parse_float=str)
