"""What a change means, as far as the rules can tell before the ERP does. Pure.

Every delivery that is changed costs its own rule's fee, the dearest of the respects asked for; all
of them come as much later as the latest. Fees in several currencies stay apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from oms_portal.orders.models import ShipmentStatus

from .cutoffs import Limit
from .models import Aspect
from .reasons import why
from .scope import Scope, Scoped, aspects_in, closed_by, concerned, included, units
from .standing import Part, Standing


class Kind(TextChoices):
    FEE = "fee", _("Costs extra")
    LATER = "later", _("Comes later")
    SPLIT = "split", _("Is split")
    EXCLUDED = "excluded", _("Is left out")
    WHOLE = "whole", _("Is all that is left")


# What is over has no part in a split any more.
_ARRIVED = (
    ShipmentStatus.DELIVERED,
    ShipmentStatus.COLLECTED,
    ShipmentStatus.RETURNED_TO_SENDER,
)
_SPLITTING = frozenset({Aspect.ADDRESS, Aspect.DATE, Aspect.METHOD})


@dataclass(frozen=True)
class Impact:
    """One thing to know. FEE: ``amount`` (decimals) and ``currency``. LATER: ``days``, working ones.
    SPLIT: by ``aspect``. EXCLUDED: the delivery ``number`` (``thread``; both "" for what lies in
    none), why as a code (``reason``) or in staff's own ``words``. WHOLE: all that is left of the
    order is cancelled."""

    kind: str
    thread: str = ""
    number: str = ""
    reason: str = ""
    words: str = ""
    amount: str = ""
    currency: str = ""
    days: int = 0
    aspect: str = ""

    def data(self) -> dict[str, Any]:
        """As JSON keeps it: only what says something."""
        return {name: value for name, value in asdict(self).items() if value}

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Impact:
        """From ``data``; whatever else is in there is left alone."""
        known = cls.__dataclass_fields__.keys() & told.keys()
        return cls(**{name: told[name] for name in known})

    @property
    def why(self) -> str:
        """The plain words of what is left out, in the active language."""
        return str(why(Limit(open=False, reason=self.reason, words=self.words)))


def impact_of(standing: Standing, wish: Scoped) -> tuple[Impact, ...]:
    """The gravest first; nothing where the change is done as asked and that is all."""
    aspects = aspects_in(wish.requested)
    named = {one["line_ref"] for one in wish.requested.get("cancel", ())}
    asked = tuple(
        part for part in concerned(standing, wish) if not named or named & part.lines.keys()
    )
    taken = tuple(part for part in included(standing, wish) if part in asked)
    return (
        *_whole(standing, wish, aspects),
        *_excluded(standing, asked, aspects),
        *_split(standing, wish, aspects, taken),
        *_fees(taken, aspects),
        *_later(taken, aspects),
    )


def read_all(told: Iterable[Mapping[str, Any]]) -> tuple[Impact, ...]:
    """Those that a request keeps, in their order; what is kept beside them is left out."""
    return tuple(Impact.of(one) for one in told if one.get("kind") in Kind.values)


def _whole(standing: Standing, wish: Scoped, aspects: frozenset[Aspect]) -> Iterator[Impact]:
    if Aspect.CANCEL not in aspects:
        return
    asked = {one["line_ref"]: Decimal(one["quantity"]) for one in wish.requested.get("cancel", ())}
    left = units(part for part in standing.parts if part.status not in _ARRIVED)
    if left and all(asked.get(ref, Decimal(0)) >= count for ref, count in left.items()):
        yield Impact(Kind.WHOLE)


def _excluded(
    standing: Standing, asked: Iterable[Part], aspects: frozenset[Aspect]
) -> Iterator[Impact]:
    """That what has arrived stays as it is goes without saying."""
    for part in asked:
        shut = closed_by(standing, part, aspects)
        if shut and part.status not in _ARRIVED:
            yield Impact(Kind.EXCLUDED, part.thread, part.number, shut.reason, shut.words)


def _split(
    standing: Standing, wish: Scoped, aspects: frozenset[Aspect], taken: tuple[Part, ...]
) -> Iterator[Impact]:
    """What stays as it was goes another way than what is changed."""
    if not taken:
        return
    kept = {part.thread for part in taken}
    rest = any(part.thread not in kept and part.status not in _ARRIVED for part in standing.parts)
    if rest or _divided(wish, taken):
        for aspect in sorted(aspects & _SPLITTING):
            yield Impact(Kind.SPLIT, aspect=aspect.value)


def _divided(wish: Scoped, taken: Iterable[Part]) -> bool:
    """Whether some of a delivery is changed and some of it is not."""
    if wish.scope != Scope.LINES:
        return False
    asked = {line["ref"]: Decimal(line.get("quantity") or 0) for line in wish.lines}
    held = units(taken)
    return any(ref not in asked or 0 < asked[ref] < count for ref, count in held.items())


def _fees(taken: Iterable[Part], aspects: frozenset[Aspect]) -> Iterator[Impact]:
    sums: dict[str, Decimal] = {}
    for part in taken:
        dearest: dict[str, Decimal] = {}
        for limit in (part.limits[aspect] for aspect in aspects):
            if limit.fee:
                before = dearest.get(limit.fee_currency, Decimal(0))
                dearest[limit.fee_currency] = max(before, limit.fee)
        for currency, fee in dearest.items():
            sums[currency] = sums.get(currency, Decimal(0)) + fee
    for currency, fee in sorted(sums.items()):
        yield Impact(Kind.FEE, amount=f"{fee:f}", currency=currency)


def _later(taken: Iterable[Part], aspects: frozenset[Aspect]) -> Iterator[Impact]:
    days = max((part.limits[aspect].later for part in taken for aspect in aspects), default=0)
    if days:
        yield Impact(Kind.LATER, days=days)
