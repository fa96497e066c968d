"""A return's events laid on top of each other give its stored row, so that nothing moves unseen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Model

from .models import Return, ReturnEvent, ReturnLine


Sets = dict[str, dict[str, Any]]
# What names the row, and what only counts its moves.
_NOT_TOLD = frozenset({"id", "number", "version", "rma_id", "ref"})


def folded(events: Iterable[ReturnEvent]) -> Sets:
    """What the stored row must say, in the shape of ``row_of``; events in the order of their pk."""
    rma: dict[str, Any] = {}
    lines: dict[str, dict[str, Any]] = {}
    for event in sorted(events, key=lambda event: event.pk):
        rma |= event.sets.get("rma", {})
        for ref, values in event.sets.get("lines", {}).items():
            if values is None:
                lines.pop(ref, None)
            else:
                lines.setdefault(ref, {}).update(values)
    return {"rma": rma, "lines": lines}


def row_of(rma: Return, lines: Iterable[ReturnLine]) -> Sets:
    """All that a return and its lines say, as JSON: {"rma": {column: value}, "lines": {ref: …}}."""
    return {"rma": columns_of(rma), "lines": {line.ref: columns_of(line) for line in lines}}


def columns_of(row: Return | ReturnLine) -> dict[str, Any]:
    names = (field.attname for field in row._meta.concrete_fields)
    return told(type(row), {name: getattr(row, name) for name in names})


def told(model: type[Model], columns: Mapping[str, Any]) -> dict[str, Any]:
    """These columns of a model as an event keeps them; a relation under its column's name."""
    named = {model._meta.get_field(name).attname: value for name, value in columns.items()}  # type: ignore[union-attr]  # only columns are written
    return {name: _plain(value) for name, value in named.items() if name not in _NOT_TOLD}


def _plain(value: Any) -> Any:
    if isinstance(value, Model):
        return value.pk
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, str) else value
