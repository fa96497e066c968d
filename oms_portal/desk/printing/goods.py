"""Goods that were decided about, each with a label to put it away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oms_portal.desk.texts import plain
from oms_portal.returns.labels import digits
from oms_portal.returns.receipts.models import Verdict
from oms_portal.returns.receipts.printing import making, putaway


TEMPLATE = putaway.TEMPLATE
AGAIN: Any = gettext_lazy("It was printed before. Please say why you print it again.")


class Taking(Protocol):
    verdicts: list[Verdict]
    skipped: list[tuple[str, str]]


def by_return(numbers: Iterable[str]) -> Mapping[str, list[Verdict]]:
    """What was decided, by each number of a return, or of a parcel, that has any; of a return that
    is named twice under the first of them."""
    found: dict[str, list[Verdict]] = {}
    named = {number: _return_of(number) for number in numbers if digits.is_valid(number)}
    for verdict in putaway.of_returns(set(named.values())):
        found.setdefault(verdict.finding.receipt.rma.number, []).append(verdict)
    decided = frozenset(found)
    return {number: found.pop(rma, []) for number, rma in named.items() if rma in decided}


def named(pks: Sequence[int]) -> list[Verdict]:
    return sorted(putaway.verdicts(pks), key=lambda row: pks.index(row.pk))


def take(picked: Taking, verdicts: Iterable[Verdict], reason: str, *, each: bool = False) -> None:
    """Those not printed before, and all of them for a ``reason``. Where some are new, nobody asks
    for the others, unless ``each`` was."""
    rows = list(verdicts)
    fresh = [row for row in rows if reason or row.printed_at is None]
    for row in rows:
        if row not in fresh:
            if each or not fresh:
                picked.skipped.append((_name(row), str(AGAIN)))
        elif row.needs_second and row.second_id is None:
            picked.skipped.append((_name(row), _("A second person has not agreed yet.")))
        else:
            picked.verdicts.append(row)


def _name(verdict: Verdict) -> str:
    return plain(making.name_of(verdict), 80)


def _return_of(number: str) -> str:
    return digits.rma_of(number) if digits.is_parcels(number) else number
