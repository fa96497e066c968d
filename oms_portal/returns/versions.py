"""Policies as they were: each save is a new version, kept for the returns that it was asked about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from json import dumps, loads
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from .rules import PolicyVersion, ReturnPolicy


@contextmanager
def saving(policy: ReturnPolicy, user: Any, now: datetime) -> Iterator[None]:
    """What is saved of ``policy`` within is its next version, by ``user``. Two who save the same
    policy queue up."""
    with transaction.atomic():
        stored = ReturnPolicy.objects.select_for_update(of=("self",)).filter(pk=policy.pk).first()
        if stored is not None:
            _keep(stored, None, now)
        policy.version = stored.version + 1 if stored else 1
        yield
        _keep(policy, user, now)


def _keep(policy: ReturnPolicy, user: Any, now: datetime) -> None:
    """One that was made some other way than ``saving`` is kept before it changes."""
    PolicyVersion.objects.get_or_create(
        policy=policy,
        version=policy.version,
        defaults={
            "name": policy.name,
            "columns": columns_of(policy),
            "at": now,
            "actor_id": getattr(user, "pk", None),
        },
    )


def columns_of(policy: ReturnPolicy) -> dict[str, Any]:
    """All columns as plain JSON; the place by its ref, which outlasts its row."""
    told = {field.attname: getattr(policy, field.attname) for field in policy._meta.concrete_fields}
    del told["id"], told["destination_id"]
    told["destination"] = policy.destination.ref if policy.destination else ""
    columns: dict[str, Any] = loads(dumps(told, cls=DjangoJSONEncoder))
    return columns
