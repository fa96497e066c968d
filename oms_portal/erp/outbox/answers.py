"""Who wants to hear what became of a command: the feature that queued it."""

from __future__ import annotations

from collections.abc import Callable

from .models import Command


Follower = Callable[[Command], None]
Holder = Callable[[str], object]
_followers: dict[str, Follower] = {}
_holders: list[Holder] = []


def follows(*kinds: str) -> Callable[[Follower], Follower]:
    """Register what is called, inside the transaction, each time a command of these kinds came to
    another state. It does no I/O but the database's."""

    def register(follower: Follower) -> Follower:
        for kind in kinds:
            _followers[kind] = follower
        return follower

    return register


def holds(holder: Holder) -> Holder:
    """Register what locks the order of this ref. It is called before a command of it is touched,
    so that all transactions lock in one order: the order's row, then its commands."""
    if holder not in _holders:
        _holders.append(holder)
    return holder


def tell(command: Command) -> None:
    if follower := _followers.get(command.kind):
        follower(command)


def hold(order_ref: str) -> None:
    for holder in _holders:
        holder(order_ref)
