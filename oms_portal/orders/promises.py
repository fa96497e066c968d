"""The dates of a line: what was asked for, what was promised, what is due next. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from .moments import Moment, end_of, read


@dataclass(frozen=True)
class Term:
    """One date of a line: ``quantity`` None stands for all of it."""

    kind: str
    starts: Moment
    ends: Moment | None = None
    quantity: Decimal | None = None
    reason: str = ""

    @property
    def last(self) -> Moment:
        return self.ends or self.starts


def read_terms(told: Iterable[Mapping[str, Any]]) -> tuple[Term, ...]:
    """The terms of an order line as it keeps them: [{kind, from, to?, quantity?, reason?}]."""
    return tuple(
        Term(
            kind=term["kind"],
            starts=read(term["from"]),
            ends=read(term["to"]) if term.get("to") else None,
            quantity=Decimal(term["quantity"]) if term.get("quantity") is not None else None,
            reason=term.get("reason", ""),
        )
        for term in told
    )


def promised(terms: Sequence[Term]) -> Term | None:
    """When the last of it is promised: what is confirmed, else what is estimated."""
    return max(_binding(terms), key=lambda term: instant(term.last), default=None)


def due(terms: Sequence[Term], delivered: Decimal) -> Moment | None:
    """When the next units are due: the first promised term that ``delivered`` does not fill."""
    filled = Decimal(0)
    for term in sorted(_binding(terms), key=lambda term: instant(term.last)):
        if term.quantity is None:
            return term.last
        filled += term.quantity
        if filled > delivered:
            return term.last
    last = promised(terms)
    return last.last if last else None


def instant(moment: Moment) -> datetime:
    """Something to compare dates and instants by: a date counts as its last second, UTC."""
    return end_of(moment, UTC)


def _binding(terms: Sequence[Term]) -> list[Term]:
    confirmed = [term for term in terms if term.kind == "confirmed"]
    return confirmed or [term for term in terms if term.kind == "estimated"]
