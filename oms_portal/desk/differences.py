"""What differs between two JSON documents, field by field, by path. Pure, and bounded."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from .texts import plain, unhidden


MOST = 200
# So many values are compared at most: what a hostile body of a megabyte can hold is more.
_LOOKED_AT = 50_000
# What names an item of a list, so that one put in front does not move all others.
_NAMES = ("ref", "id", "sscc", "tracking_number", "kind")


class Absent:
    """Stands where a document has nothing, which is something else than null."""


ABSENT = Absent()


@dataclass(frozen=True)
class Difference:
    """``before`` and ``after`` as JSON, cut; "" where there is nothing."""

    path: str
    before: str
    after: str

    @property
    def kind(self) -> str:
        if not self.before:
            return "added"
        return "changed" if self.after else "removed"


def differences(before: Any, after: Any) -> tuple[list[Difference], bool]:
    """The first MOST differences in the order of the documents; whether there are more."""
    found = list(islice(_differ("", before, after, [_LOOKED_AT]), MOST + 1))
    return found[:MOST], len(found) > MOST


def _differ(path: str, before: Any, after: Any, left: list[int]) -> Iterator[Difference]:
    left[0] -= 1
    if left[0] < 0:
        return
    parts = _parts(before), _parts(after)
    if parts[0] is None or parts[1] is None or type(before) is not type(after):
        if type(before) is not type(after) or before != after:
            yield Difference(plain(path, 300), _written(before), _written(after))
        return
    for name in {**parts[0], **parts[1]}:
        yield from _differ(
            _path(path, name, isinstance(after, list)),
            parts[0].get(name, ABSENT),
            parts[1].get(name, ABSENT),
            left,
        )


def _parts(value: Any) -> Mapping[str, Any] | None:
    if isinstance(value, dict):
        return value
    if isinstance(value, list) and value:
        return dict(zip(_names(value), value, strict=True))
    return {} if isinstance(value, list) else None


def _names(items: list[Any]) -> list[str]:
    for name in _NAMES:
        held = [item.get(name) if isinstance(item, dict) else None for item in items]
        if all(isinstance(each, str) for each in held) and len(set(held)) == len(held):
            return [str(each) for each in held]
    return [str(position) for position in range(len(items))]


def _path(path: str, name: str, in_list: bool) -> str:
    if in_list:
        return f"{path}[{name}]"
    return f"{path}.{name}" if path else name


def _written(value: Any) -> str:
    if value is ABSENT:
        return ""
    return plain(unhidden(json.dumps(value, ensure_ascii=False)), 300)
