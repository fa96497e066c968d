"""What somebody asks for, checked for its shape: the one way into ``actions.begin``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .models import ChangeRequest


Scope = ChangeRequest.Scope


@dataclass(frozen=True)
class Wish:
    """``requested`` as in ``ChangeRequest``; of its members only those that are to change.

    ``lines`` are [{"ref", "quantity"?}] where the scope is LINES, ``thread`` the delivery's where it
    is SHIPMENT.
    """

    requested: Mapping[str, Any]
    scope: str = Scope.ORDER
    lines: tuple[Mapping[str, str], ...] = ()
    thread: str = ""
    # Offers that the customer saw and keeps their own words against ("did you mean …").
    kept: frozenset[str] = field(default_factory=frozenset)
