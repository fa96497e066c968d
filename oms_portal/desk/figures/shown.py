"""All that the screen of the figures shows of one period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from oms_portal.desk.texts import plain
from oms_portal.returns.receipts.figures import SHARES, Period, Share
from oms_portal.returns.receipts.figures.counting import (
    Counts,
    Times,
    count,
    decision_times,
    shares,
)
from oms_portal.returns.receipts.figures.kinds import ASKED, DECIDED
from oms_portal.returns.receipts.figures.narrowing import NOT_SAID
from oms_portal.returns.receipts.figures.reasons import Group, Reasons, reasons

from .drawing import Drawing, of_counts, of_shares, of_times
from .saying import Cell, article_words, counted, lasting, reason_words, sharing


@dataclass(frozen=True)
class Number:
    """``part`` of ``whole`` returns, where it is a share."""

    label: Any
    value: Cell
    part: Cell | None = None
    whole: Cell | None = None


@dataclass(frozen=True)
class Row:
    words: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Crossing:
    """A table: rows are articles or customers, columns reasons."""

    code: str
    title: str
    head: str
    columns: Sequence[str]
    rows: Sequence[Row]


@dataclass(frozen=True)
class Shown:
    numbers: Sequence[Number]
    drawings: Sequence[Drawing]
    crossings: Sequence[Crossing]

    @property
    def is_empty(self) -> bool:
        return not any(number.value.url or number.whole for number in self.numbers)


def shown(period: Period) -> Shown:
    """Nine queries, however many returns there are."""
    steps = period.steps()
    asked = count(ASKED, period, steps)
    times, per_step = decision_times(period, steps)
    parts = list(zip(SHARES, shares(period, steps), strict=True))
    why = reasons(period)
    return Shown(
        numbers=[
            Number(ASKED.label, counted(sum(asked), ASKED, period)),
            *_of_times(times, period),
            *(_of_share(each, found, period) for each, found in parts),
        ],
        drawings=[
            of_counts(steps, asked),
            of_times(steps, per_step),
            *(of_shares(each, steps, found) for each, found in parts),
        ],
        crossings=[_articles(why, period), _customers(why, period)],
    )


def _of_times(times: Times, period: Period) -> list[Number]:
    whole = counted(times.count, DECIDED, period) if times.count else None
    half = _("From the door to the decision: half took less than")
    most = _("From the door to the decision: 9 of 10 took at most")
    return [
        Number(half, lasting(times.median, DECIDED, period), whole=whole),
        Number(most, lasting(times.ninety, DECIDED, period), whole=whole),
    ]


def _of_share(share: Share, found: Sequence[Counts], period: Period) -> Number:
    part, whole = sum(one.part for one in found), sum(one.whole for one in found)
    return Number(
        share.title,
        sharing(part, whole, share.part, period),
        counted(part, share.part, period) if whole else None,
        counted(whole, share.whole, period) if whole else None,
    )


def _articles(why: Reasons, period: Period) -> Crossing:
    rows = [
        Row(
            article_words(group.key, group.words),
            _cells(why, group, period, article=group.key),
        )
        for group in why.articles
    ]
    return Crossing("articles", _("Reasons by article"), _("Article"), _columns(why), rows)


def _customers(why: Reasons, period: Period) -> Crossing:
    rows = [
        Row(plain(group.words), _cells(why, group, period, customer=group.key))
        for group in why.customers
    ]
    return Crossing("customers", _("Reasons by customer"), _("Customer"), _columns(why), rows)


def _columns(why: Reasons) -> list[str]:
    return [_("All reasons"), *(reason_words(reason) for reason in why.columns)]


def _cells(why: Reasons, group: Group, period: Period, **told: Any) -> tuple[Cell, ...]:
    """How many returns for any reason, then for each of the columns."""
    pks = [reason.pk if reason else None for reason in why.columns]
    return (
        counted(group.count, ASKED, period, **told),
        *(
            counted(group.reasons.get(pk, 0), ASKED, period, **told, reason=pk or NOT_SAID)
            for pk in pks
        ),
    )
