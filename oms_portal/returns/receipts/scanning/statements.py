"""Writes that say what they wrote: Django has no words for these, SQLite and PostgreSQL the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connections, models, router


def insert_or(row: models.Model, conflict: str, change: str, returning: str) -> Sequence[Any]:
    """Insert a row; where the unique index ``conflict`` ("(a, b) WHERE c") has one already, change
    that one. In ``change``, {table} is the stored row and ``excluded`` this one."""
    model = type(row)
    using = router.db_for_write(model)
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    names = ", ".join(str(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    table = model._meta.db_table
    values = [field.pre_save(row, add=True) for field in fields]
    stored = zip(fields, values, strict=True)
    params = [field.get_db_prep_save(value, connections[using]) for field, value in stored]
    written = _run(
        model,
        f"INSERT INTO {table} ({names}) VALUES ({places}) ON CONFLICT {conflict} "
        f"DO UPDATE SET {change.format(table=table)} RETURNING {returning}",
        params,
    )
    return written or ()


def update_one(
    model: type[models.Model], change: str, where: str, params: Sequence[Any], returning: str
) -> Sequence[Any] | None:
    """Change the row that ``where`` finds; None where there is none. {table} is the stored row."""
    table = model._meta.db_table
    change, where, returning = (part.format(table=table) for part in (change, where, returning))
    return _run(model, f"UPDATE {table} SET {change} WHERE {where} RETURNING {returning}", params)


def number(value: Decimal) -> Any:
    """As a parameter, for the database in use."""
    return connections[router.db_for_write(models.Model)].ops.adapt_decimalfield_value(value, 19, 6)


def moment(value: datetime) -> Any:
    """As a parameter, for the database in use."""
    return connections[router.db_for_write(models.Model)].ops.adapt_datetimefield_value(value)


def decimal(value: Any) -> Decimal:
    """As it was returned: SQLite gives floats."""
    return round(Decimal(str(value)), 6)


def _run(model: type[models.Model], sql: str, params: Sequence[Any]) -> Sequence[Any] | None:
    with connections[router.db_for_write(model)].cursor() as cursor:
        cursor.execute(sql, params)
        row: Sequence[Any] | None = cursor.fetchone()
        return row
