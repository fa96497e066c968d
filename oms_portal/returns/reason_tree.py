"""The reasons a customer chooses from: headings with reasons below them, one query."""

from __future__ import annotations

from dataclasses import dataclass

from .rules import ReturnReason


@dataclass(frozen=True)
class Heading:
    """``row`` is a reason itself where nothing is below it."""

    row: ReturnReason
    reasons: tuple[ReturnReason, ...]


def tree(kind: str) -> tuple[Heading, ...]:
    """What is offered for this kind, in staff's order. A heading of which nothing is offered is
    left out; below one that is not active nothing is."""
    rows = list(ReturnReason.objects.all())
    by_pk = {row.pk: row for row in rows}
    below: dict[int, list[ReturnReason]] = {}
    for row in rows:
        if row.parent_id is not None:
            row.parent = by_pk[row.parent_id]
            below.setdefault(row.parent_id, []).append(row)
    found = []
    for row in rows:
        if row.parent_id is not None or not offers(row, kind):
            continue
        reasons = tuple(one for one in below.get(row.pk, ()) if offers(one, kind))
        if reasons or row.pk not in below:
            found.append(Heading(row, reasons))
    return tuple(found)


def offers(reason: ReturnReason, kind: str) -> bool:
    return reason.active and (not reason.kinds or kind in reason.kinds)


def reasons_for(kind: str) -> dict[str, ReturnReason]:
    """By code, each that can be chosen, its heading joined."""
    return {row.code: row for heading in tree(kind) for row in heading.reasons or (heading.row,)}
