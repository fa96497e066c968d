"""Who calls: a source, by a signature over the raw body or by a bearer key."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import DatabaseError
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from oms_portal.conf import settings

from . import keys, limits, queries, secrets, signatures
from .models import ApiKey, Source, SourceSecret
from .problems import Problem


USED_SECONDS = 60
_REFUSED = "Sign the raw body (Standard Webhooks 1.0.0) or send a valid bearer key."


@dataclass(frozen=True)
class Caller:
    """A proven source, and what it may do here; a signature may do everything."""

    source: Source
    scopes: frozenset[str]

    def require(self, scope: str) -> None:
        if scope not in self.scopes:
            raise Problem(403, "scope-missing", f"This key lacks the scope {scope}.")


def authenticate(request: HttpRequest, body: bytes, now: datetime | None = None) -> Caller:
    """The source that sent this call with these raw bytes.

    Problem 401, the same for unknown, wrong, expired and revoked; 429 after too many of them.
    Nobody who proves who they are is kept out by the failures of others at their address.
    """
    now = now or timezone.now()
    try:
        bearer = request.headers.get("authorization")
        caller = _by_key(bearer, now) if bearer else _by_signature(request, body, now)
    except Problem:
        limits.count_failure(request)
        raise
    queries.touch(caller.source, now)
    return caller


def _by_key(header: str, now: datetime) -> Caller:
    scheme, _, key = header.partition(" ")
    row = keys.find(key.strip() if scheme.lower() == "bearer" else "", now)
    if row is None:
        raise _refusal(_REFUSED)
    _note_use(row, now)
    return Caller(row.source, frozenset(row.scopes))


def _by_signature(request: HttpRequest, body: bytes, now: datetime) -> Caller:
    signed = signatures.read(request.headers, body)
    if signed is None:
        raise _refusal(_REFUSED)
    row = _signer(signed, now)
    if row is None:
        raise _refusal(_REFUSED)
    if abs(now.timestamp() - signed.timestamp) > settings().EVENT_TOLERANCE:
        clock = now.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        raise _refusal(
            "The signature is right, but its time is too far from this server's, which is "
            f"{clock} ({int(now.timestamp())}).",
            code="time-off",
        )
    _note_use(row, now)
    return Caller(row.source, frozenset(keys.SCOPES))


def _signer(signed: signatures.Signed, now: datetime) -> SourceSecret | None:
    """Whose secret signed. All live ones are tried, so that the work tells nothing."""
    found = None
    opened = [(row, secrets.unseal(bytes(row.sealed))) for row in secrets.live(now)]
    if not opened:
        hmac.digest(b"nobody", signed.message, "sha256")
    for row, secret in opened:
        if secret is not None and signatures.matches(secret, signed):
            found = row
    return found


def _note_use(row: SourceSecret | ApiKey, now: datetime) -> None:
    limit = now - timedelta(seconds=USED_SECONDS)
    if row.last_used_at and row.last_used_at > limit:
        return
    late = Q(last_used_at__isnull=True) | Q(last_used_at__lte=limit)
    try:
        type(row)._default_manager.filter(late, pk=row.pk).update(last_used_at=now)
    except DatabaseError:
        # Reading must work on a database that takes no writes; storing fails by itself.
        return


def _refusal(detail: str, code: str = "not-authenticated") -> Problem:
    return Problem(401, code, detail, headers={"WWW-Authenticate": 'Bearer realm="oms_portal"'})
