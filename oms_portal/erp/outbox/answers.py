"""Who wants to hear what became of a command: the feature that queued it."""

from __future__ import annotations

from collections.abc import Callable

from .models import Command


Follower = Callable[[Command], None]
_followers: dict[str, Follower] = {}


def follows(*kinds: str) -> Callable[[Follower], Follower]:
    """Register what is called, inside the transaction, each time a command of these kinds came to
    another state. It does no I/O but the database's."""

    def register(follower: Follower) -> Follower:
        for kind in kinds:
            _followers[kind] = follower
        return follower

    return register


def tell(command: Command) -> None:
    if follower := _followers.get(command.kind):
        follower(command)
