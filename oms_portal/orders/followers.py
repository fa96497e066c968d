"""Who wants to know, in the same transaction, that an event replaced an order: features above."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from .models import Order


Follower = Callable[[Order], object]
F = TypeVar("F", bound=Follower)
_followers: list[Follower] = []


def follows(follower: F) -> F:
    """Register what is called with each order that an event replaced, its row held, its lines and
    deliveries written. It does no I/O but the database's, and one query where nothing is to do."""
    if follower not in _followers:
        _followers.append(follower)
    return follower


def tell(order: Order) -> None:
    for follower in _followers:
        follower(order)
