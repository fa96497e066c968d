"""What a wish is about: which respects of an order, and which of its deliveries. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import tzinfo
from decimal import Decimal
from typing import Any, Protocol

from oms_portal.orders.moments import zone_of

from .cutoffs import Limit
from .models import Aspect, ChangeRequest
from .reasons import NOT_OFFERED
from .refusals import Refused
from .standing import Part, Standing


Scope = ChangeRequest.Scope
# The members of ``ChangeRequest.requested`` by what they change.
MEMBERS: Mapping[Aspect, tuple[str, ...]] = {
    Aspect.ADDRESS: ("ship_to_ref", "address"),
    Aspect.CONTACT: ("contact", "phone"),
    Aspect.INSTRUCTIONS: ("instructions",),
    Aspect.DATE: ("requested",),
    Aspect.METHOD: ("method", "pickup_ref"),
    Aspect.CANCEL: ("cancel", "reason"),
}


class Scoped(Protocol):
    """A wish or a request."""

    @property
    def scope(self) -> str: ...
    @property
    def thread(self) -> str: ...
    @property
    def lines(self) -> Iterable[Mapping[str, str]]: ...
    @property
    def requested(self) -> Mapping[str, Any]: ...


def aspects_in(requested: Collection[str]) -> frozenset[Aspect]:
    return frozenset(
        aspect for aspect, members in MEMBERS.items() if any(name in requested for name in members)
    )


def verb_for(requested: Collection[str]) -> str:
    """The right that this takes (``customers.access.VERBS``)."""
    return "cancel" if Aspect.CANCEL in aspects_in(requested) else "change"


def concerned(standing: Standing, asked: Scoped) -> tuple[Part, ...]:
    """The parts of the order that are asked about, whether they can be changed or not."""
    if asked.scope == Scope.SHIPMENT:
        return tuple(part for part in standing.parts if part.thread == asked.thread)
    if asked.scope == Scope.LINES:
        refs = {line["ref"] for line in asked.lines}
        return tuple(part for part in standing.parts if refs & part.lines.keys())
    return standing.parts


def part_of(standing: Standing, asked: Scoped) -> Part | None:
    """The delivery, or the first of them, that is asked about; None for the whole order."""
    parts = () if asked.scope == Scope.ORDER else concerned(standing, asked)
    return next(iter(parts), None)


def values_of(standing: Standing, asked: Scoped) -> Mapping[str, Any]:
    """The ERP's values of what is asked about."""
    part = part_of(standing, asked)
    return part.values if part else standing.values


def zone_for(standing: Standing, asked: Scoped) -> tzinfo:
    """By whose clock days and hours of what is asked about are told: that of where it goes."""
    part = part_of(standing, asked)
    return zone_of((part.zone if part else "") or standing.zone)


def included(standing: Standing, asked: Scoped) -> tuple[Part, ...]:
    """Those of them that can be changed in every respect that is asked for."""
    aspects = aspects_in(asked.requested)
    return tuple(
        part for part in concerned(standing, asked) if not closed_by(standing, part, aspects)
    )


def open_parts(standing: Standing, asked: Scoped) -> tuple[Part, ...]:
    """As ``included``; Refused, with why, where there is none."""
    found = included(standing, asked)
    if not found:
        shut = why_closed(standing, asked)
        raise Refused(shut.reason, words=shut.words)
    return found


def closed_by(standing: Standing, part: Part, aspects: Iterable[Aspect]) -> Limit | None:
    """What closes a part for one of these; None where nothing does."""
    for aspect in sorted(aspects):
        if aspect not in standing.aspects:
            return Limit(open=False, reason=NOT_OFFERED)
        if not part.allows(aspect):
            return part.limits[aspect]
    return None


def why_closed(standing: Standing, asked: Scoped) -> Limit:
    """What closes all that is asked about; the first where several do."""
    aspects = aspects_in(asked.requested)
    if not aspects <= standing.aspects:
        return Limit(open=False, reason=NOT_OFFERED)
    shut = (closed_by(standing, part, aspects) for part in concerned(standing, asked))
    gone = "unknown_line" if asked.scope == Scope.LINES else "unknown_delivery"
    return next(filter(None, shut), Limit(open=False, reason=gone))


def units(parts: Iterable[Part]) -> dict[str, Decimal]:
    """How much of each line lies in these parts, by its ref."""
    held: dict[str, Decimal] = {}
    for part in parts:
        for ref, count in part.lines.items():
            held[ref] = held.get(ref, Decimal(0)) + count
    return held


def cancellable(standing: Standing, asked: Scoped) -> dict[str, Decimal]:
    """How much of each line can still be cancelled, and nobody asked to cancel yet."""
    left = units(included(standing, asked))
    for request in standing.open:
        for told in request.requested.get("cancel", ()):
            if told["line_ref"] in left:
                left[told["line_ref"]] -= Decimal(told["quantity"])
    return {ref: count for ref, count in left.items() if count > 0}
