"""Who is behind a socket: the person of a session cookie, and whether that still holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from oms_portal.customers.access import Actor, actors


@dataclass(frozen=True)
class Person:
    """Somebody signed in, with what they may see by the last look at the database."""

    user_id: int
    session_key: str
    actor: Actor


def standing(session_keys: Iterable[str]) -> dict[str, Person]:
    """The person of each of these sessions, in a handful of queries for all of them.

    A session is missing from the answer where it ended, its user is gone or inactive, or the
    password changed since (the rules of django.contrib.auth.get_user).
    """
    sessions = _load(set(session_keys))
    users = _users(data.get(SESSION_KEY) for data in sessions.values())
    valid = {
        key: users[data[SESSION_KEY]].pk
        for key, data in sessions.items()
        if data.get(SESSION_KEY) in users and _genuine(data, users[data[SESSION_KEY]])
    }
    grants = actors(set(valid.values())) if valid else {}
    return {key: Person(pk, key, grants[pk]) for key, pk in valid.items()}


def _users(session_ids: Iterable[Any]) -> dict[str, Any]:
    """Active users by the text of their key that sessions hold."""
    model = get_user_model()
    known: dict[str, Any] = {}
    wanted = []
    for text in set(session_ids):
        with suppress(ValidationError):
            wanted += [model._meta.pk.to_python(text)] if text else []
    for start in range(0, len(wanted), 500):
        for user in model._default_manager.filter(pk__in=wanted[start : start + 500]):
            if user.is_active:
                known[model._meta.pk.value_to_string(user)] = user
    return known


def _genuine(data: Mapping[str, Any], user: Any) -> bool:
    if data.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return False
    held = data.get(HASH_SESSION_KEY, "")
    hashes = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    return any(constant_time_compare(held, current) for current in hashes)


def _load(keys: set[str]) -> dict[str, dict[str, Any]]:
    """What these sessions hold, by the engine of the site; in one query where it is a table."""
    store: type[SessionBase] = import_module(settings.SESSION_ENGINE).SessionStore
    table = getattr(store, "get_model_class", None)
    if table is None:
        return {key: data for key in keys if (data := store(key).load())}
    rows: dict[str, dict[str, Any]] = {}
    wanted, decoder = sorted(keys), store()
    for start in range(0, len(wanted), 500):
        alive = table().objects.filter(
            session_key__in=wanted[start : start + 500], expire_date__gt=timezone.now()
        )
        rows.update(
            (key, decoder.decode(data))
            for key, data in alive.values_list("session_key", "session_data")
        )
    return rows
