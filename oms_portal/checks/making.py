"""What an entry of a setting makes, or why it makes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any


def attempt(entry: Any, name: str, make: Callable[[Any], Any]) -> tuple[Any, str]:
    """What an entry makes, or why it makes nothing, without its options: they hold secrets."""
    if not isinstance(entry, Mapping) or not isinstance(entry.get(name), str):
        return None, f"it is no dict with the path of a class as {name!r}"
    try:
        return make(entry), ""
    except ImportError:
        return None, f"{entry[name]!r} can't be imported"
    except ValueError as error:
        return None, str(error)
    except Exception as error:
        options = ", ".join(sorted(map(str, entry)))
        return None, f"{entry[name]!r} does not take {options} ({type(error).__name__})"
