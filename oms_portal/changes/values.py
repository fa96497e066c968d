"""Whether what was asked for is what the ERP says already. Pure.

Values are compared as people read them: without regard to case, spaces and empty members.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


_PLACE = ("name", "lines", "city", "region", "postal_code", "country")


def is_so(told: Mapping[str, Any], requested: Mapping[str, Any]) -> bool:
    """Whether all members of ``requested`` are as ``told`` (``Part.values``); quantities to cancel
    never are, they are asked of the lines."""
    return not differing(told, requested)


def differing(told: Mapping[str, Any], requested: Mapping[str, Any]) -> dict[str, Any]:
    """The members of ``requested`` that are not as ``told``."""
    return {
        name: value
        for name, value in requested.items()
        if name in ("cancel", "reason") or not _same(name, told, requested)
    }


def differing_anywhere(
    told: Iterable[Mapping[str, Any]], requested: Mapping[str, Any]
) -> dict[str, Any]:
    """Those that differ from at least one of several."""
    names = {name for values in told for name in differing(values, requested)}
    return {name: value for name, value in requested.items() if name in names}


def _same(name: str, told: Mapping[str, Any], requested: Mapping[str, Any]) -> bool:
    value = requested[name]
    if name == "ship_to_ref":
        return "address" in requested and _same("address", told, requested)
    if name == "pickup_ref":
        return False
    if name == "method":
        return "pickup_ref" not in requested and told.get("method") == value
    if name == "address":
        place = told.get("address") or {}
        extras = (part for part in ("contact", "phone", "instructions") if value.get(part))
        return all(_plain(place.get(n)) == _plain(value.get(n)) for n in (*_PLACE, *extras))
    return bool(_plain(told.get(name)) == _plain(value))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(part) for name, part in value.items() if part}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value if part]
    return " ".join(str(value or "").split()).casefold()
