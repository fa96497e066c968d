"""Shipments that an ERP deletes and makes anew under another number stay one history. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain, count
from typing import Any

from .models import ShipmentStatus


Told = Mapping[str, Any]
# So many lost shipments of one order are remembered, in case what replaces them comes later.
REMEMBERED = 50


@dataclass
class Threads:
    """``of`` names each shipment's thread by its ref; ``before`` gives, by the ref of now, what
    its thread looked like before; ``replaced`` the old number by the new ref; ``lost`` those that
    went in this step and found no successor."""

    of: dict[str, str] = field(default_factory=dict)
    before: dict[str, Told] = field(default_factory=dict)
    replaced: dict[str, str] = field(default_factory=dict)
    gone: list[dict[str, Any]] = field(default_factory=list)
    lost: list[Told] = field(default_factory=list)


def follow(
    known: Mapping[str, str],
    gone: Sequence[Mapping[str, Any]],
    before: Sequence[Told],
    after: Sequence[Told],
) -> Threads:
    """Whose thread each shipment continues.

    A ref seen before keeps its thread, one that comes back takes it up again, and a new one
    takes the thread of the gone (or cancelled) shipment whose lines and quantities it shares most.
    """
    old = {told["ref"]: told for told in before}
    now = {told["ref"]: told for told in after}
    left = [told for told in before if _is_gone(told, now.get(told["ref"]))]
    open_ends = {told["ref"]: dict(told) for told in gone}
    for told in left:
        open_ends[told["ref"]] = {**told, "thread": known.get(told["ref"], told["ref"])}
    threads = Threads()
    fresh: list[Told] = []
    for told in after:
        ref = told["ref"]
        if ref in old or ref in open_ends:
            back = open_ends if told["status"] != ShipmentStatus.CANCELLED else {}
            ended = back.pop(ref, None)
            threads.of[ref] = known.get(ref) or (ended or open_ends[ref])["thread"]
            threads.before[ref] = old.get(ref) or ended or open_ends[ref]
        else:
            fresh.append(told)
    for told in fresh:
        _take_up(threads, told, open_ends)
    threads.gone = list(open_ends.values())[-REMEMBERED:]
    threads.lost = [told for told in left if told["ref"] in open_ends]
    return threads


def _take_up(threads: Threads, told: Told, open_ends: dict[str, dict[str, Any]]) -> None:
    ref = told["ref"]
    cancelled = told["status"] == ShipmentStatus.CANCELLED
    best = (
        None
        if cancelled
        else max(open_ends.values(), key=lambda ended: _overlap(ended, told), default=None)
    )
    if best is not None and _overlap(best, told) > 0:
        threads.of[ref] = best["thread"]
        threads.before[ref] = best
        threads.replaced[ref] = best["number"]
        del open_ends[best["ref"]]
        return
    taken = {*threads.of.values(), *(ended["thread"] for ended in open_ends.values())}
    names = chain((ref,), (f"{ref}~{n}" for n in count(2)))
    threads.of[ref] = next(name for name in names if name not in taken)


def _is_gone(before: Told, now: Told | None) -> bool:
    if now is None:
        return True
    return bool(ShipmentStatus.CANCELLED == now["status"] != before["status"])


def _overlap(one: Told, other: Told) -> Decimal:
    quantities = {ref: Decimal(quantity) for ref, quantity in one["lines"]}
    return sum(
        (
            min(quantities[ref], Decimal(quantity))
            for ref, quantity in other["lines"]
            if ref in quantities
        ),
        Decimal(0),
    )
