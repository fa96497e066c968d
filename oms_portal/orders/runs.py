"""The first rows of something, of one company or of many, without reading more than is shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from oms_portal.customers.access import Actor, visible


# So many firsts are taken side by side; SQLite allows 500.
_SIDE_BY_SIDE = 400
M = TypeVar("M", bound=Model)


def first(
    actor: Actor, model: type[M], where: Q, keys: Sequence[str], count: int
) -> QuerySet[M, M]:
    """``count`` of the rows this actor may see, by ``keys``.

    An index gives those of one company or place in order, those of several it can't: so the first
    of each are taken, and the first of those.
    """
    parts = actor.split()
    if len(parts) < 2 or len(parts) > _SIDE_BY_SIDE:
        return visible(actor, model).filter(where).order_by(*keys)[:count]
    rows = model._default_manager.order_by()
    runs = [visible(part, model).filter(where).order_by(*keys)[:count] for part in parts]
    firsts = (rows.filter(pk__in=run.values("pk")).values("pk") for run in runs)
    found = rows.none().values("pk").union(*firsts, all=True)
    return model._default_manager.filter(pk__in=found).order_by(*keys)[:count]
