"""Which rows an event wrote, and the bare loop that writes the same ones with Django.

Taken as the difference of all the portal's tables before and after each event, so nothing the
inbox or the projection does is forgotten or counted twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import models, transaction


Row = dict[str, Any]
Tables = dict[type[models.Model], dict[Any, Row]]
# Who may send stays the same through all rounds.
KEPT = {"source", "sourcesecret", "apikey", "company", "address"}


@dataclass
class Writes:
    """What one event did: rows by model."""

    inserted: dict[type[models.Model], list[Row]] = field(default_factory=dict)
    updated: dict[type[models.Model], list[Row]] = field(default_factory=dict)
    deleted: dict[type[models.Model], list[Any]] = field(default_factory=dict)

    def __len__(self) -> int:
        kinds = (self.inserted, self.updated, self.deleted)
        return sum(len(rows) for kind in kinds for rows in kind.values())


def written() -> list[type[models.Model]]:
    """The models that events write to."""
    every = apps.get_app_config("oms_portal").get_models()
    return [model for model in every if model._meta.model_name not in KEPT]


def capture(events: Iterable[Callable[[], object]]) -> Iterator[Writes]:
    """Run each event and tell what it wrote."""
    before = _tables()
    for event in events:
        event()
        after = _tables()
        yield _difference(before, after)
        before = after


def write(writes: Writes) -> None:
    """The same rows, one transaction, with nothing but Django's own verbs.

    Deletes go children first and without looking for cascades, as the projection's do.
    """
    with transaction.atomic():
        for model, keys in reversed(writes.deleted.items()):
            model._base_manager.filter(pk__in=keys)._raw_delete(using="default")
        for model, rows in writes.inserted.items():
            if len(rows) == 1:
                model(**rows[0]).save(force_insert=True)
            else:
                model._default_manager.bulk_create([model(**row) for row in rows])
        for model, rows in writes.updated.items():
            for row in rows:
                model(**row).save(force_update=True)


def clear() -> None:
    for model in reversed(written()):
        model._base_manager.all()._raw_delete(using="default")


def _tables() -> Tables:
    return {
        model: {row[model._meta.pk.attname]: row for row in model._base_manager.values()}
        for model in written()
    }


def _difference(before: Tables, after: Tables) -> Writes:
    writes = Writes()
    for model, rows in after.items():
        old = before[model]
        kinds = (
            (writes.inserted, [row for key, row in rows.items() if key not in old]),
            (writes.updated, [row for key, row in rows.items() if old.get(key, row) != row]),
            (writes.deleted, [key for key in old if key not in rows]),
        )
        for kind, changed in kinds:
            if changed:
                kind[model] = changed
    return writes
