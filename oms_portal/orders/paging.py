"""Pages by key: of one company or of many the first rows after a place, no more read than shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any, TypeVar

from django.db.models import Model, OrderBy, Q, QuerySet

from oms_portal.customers.access import Actor, visible


# So many firsts are taken side by side; SQLite allows 500.
SIDE_BY_SIDE = 400
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EVERYTHING = (Q(),)
M = TypeVar("M", bound=Model)


def first(
    actor: Actor,
    model: type[M],
    where: Q,
    keys: Sequence[str],
    count: int,
    cuts: Sequence[Q] = _EVERYTHING,
    *,
    order: Iterable[OrderBy] = (),
) -> QuerySet[M, M]:
    """``count`` of the rows this actor may see, by ``keys``; by ``order`` where several cuts come
    together in another one.

    An index gives those of one company or place and of one cut in order, those of several it
    can't: so the first of each are taken, and the first of those.
    """
    parts, whole = actor.split(), [*order] or keys
    together = len(parts) * len(cuts)
    if not parts or together > SIDE_BY_SIDE:
        return visible(actor, model).filter(where, reduce(or_, cuts)).order_by(*whole)[:count]
    runs = [
        visible(part, model).filter(where, cut).order_by(*keys)[:count]
        for part in parts
        for cut in cuts
    ]
    if together == 1:
        return runs[0]
    rows = model._default_manager.order_by()
    firsts = (rows.filter(pk__in=run.values("pk")).values("pk") for run in runs)
    found = rows.none().values("pk").union(*firsts, all=True)
    return model._default_manager.filter(pk__in=found).order_by(*whole)[:count]


def after(keys: Iterable[str], place: Mapping[str, Any]) -> list[Q]:
    """All that follows a place, cut so that each cut is one run of the index: of (a, b) that is
    the same a and beyond b, then all beyond a. Nothing that has a value follows null."""
    cuts: list[Q] = []
    same = Q()
    for key in keys:
        field, beyond = key.lstrip("-"), "lt" if key[0] == "-" else "gt"
        if place[field] is not None:
            cuts.append(same & Q(**{f"{field}__{beyond}": place[field]}))
        same &= Q(**{field: place[field]})
    return cuts


def micros_of(moment: datetime) -> int:
    """A moment as a cursor says it: in microseconds since 1970."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def moment_at(micros: int) -> datetime:
    """The moment of ``micros_of``. OverflowError beyond the calendar."""
    return _EPOCH + timedelta(microseconds=micros)
