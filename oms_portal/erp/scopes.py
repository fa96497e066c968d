"""What a caller of the API needs, said on each operation; ``manage.py oms_routes`` lists it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from .keys import SCOPES


Operation = TypeVar("Operation", bound=Callable[..., Any])


@dataclass(frozen=True)
class Scope:
    """The scope a key must have, or, with ``name`` empty, why nobody is asked for one."""

    name: str
    why: str = ""

    def __str__(self) -> str:
        return f"key with {self.name}" if self.name else f"anybody: {self.why}"


def scoped(name: str) -> Callable[[Operation], Operation]:
    if name not in SCOPES:
        raise ValueError(f"no such scope: {name}")
    return _declare(Scope(name))


def unscoped(why: str) -> Callable[[Operation], Operation]:
    return _declare(Scope("", why))


def scope_of(operation: Callable[..., Any]) -> Scope | None:
    """What an operation declared; None where it declared nothing."""
    return getattr(operation, "oms_scope", None)


def _declare(scope: Scope) -> Callable[[Operation], Operation]:
    def mark(operation: Operation) -> Operation:
        operation.oms_scope = scope  # type: ignore[attr-defined]  # kept with the operation
        return operation

    return mark
