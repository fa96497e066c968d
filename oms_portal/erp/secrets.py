"""Webhook secrets of sources: sealed at rest, several live while one replaces another."""

from __future__ import annotations

import logging
import secrets as randomness
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings as django_settings
from django.db.models import F, Q
from django.db.models.functions import Least
from django.utils import timezone

from oms_portal.conf import settings

from . import signatures
from .models import Source, SourceSecret


log = logging.getLogger(__name__)

OVERLAP_HOURS = 24
MAX_OVERLAP_HOURS = 24 * 7


def seal(secret: bytes) -> bytes:
    return _box(_keys()).encrypt(secret)


def unseal(sealed: bytes) -> bytes | None:
    """The secret again; None where none of the SECRET_KEYS opens it."""
    return _open(_keys(), sealed)


def create(source: Source, secret: str = "") -> str:
    """A new live secret beside the others, told in clear this once ("whsec_…").

    ``secret`` takes over one made elsewhere. ValueError where it is malformed or another source's:
    a signature must name one source.
    """
    key = signatures.decode(secret) if secret else randomness.token_bytes(32)
    if secret and any(unseal(bytes(row.sealed)) == key for row in live() if row.source != source):
        raise ValueError("another source has this secret")
    SourceSecret.objects.create(source=source, sealed=seal(key))
    return signatures.encode(key)


def rotate(source: Source, overlap_hours: float = OVERLAP_HOURS) -> str:
    """A new secret; those before it stay valid for the overlap, at most a week."""
    if not 0 <= overlap_hours <= MAX_OVERLAP_HOURS:
        raise ValueError(f"an overlap is 0 to {MAX_OVERLAP_HOURS} hours")
    now = timezone.now()
    ends = now + timedelta(hours=overlap_hours)
    older = SourceSecret.objects.filter(_live(now), source=source)
    older.filter(expires_at__isnull=True).update(expires_at=ends)
    older.update(expires_at=Least(F("expires_at"), ends))
    return create(source)


def revoke(source: Source, pk: int | None = None) -> int:
    """End one secret, or all of a source, at once; how many were ended."""
    rows = SourceSecret.objects.filter(source=source, revoked_at__isnull=True)
    if pk is not None:
        rows = rows.filter(pk=pk)
    return rows.update(revoked_at=timezone.now())


def reseal() -> int:
    """Seal every secret with the first of the SECRET_KEYS, so that an older key can go."""
    count = 0
    for row in SourceSecret.objects.all():
        if (key := unseal(bytes(row.sealed))) is not None:
            count += SourceSecret.objects.filter(pk=row.pk).update(sealed=seal(key))
    return count


def live(now: datetime | None = None) -> Sequence[SourceSecret]:
    """Every secret that may sign now, with its source, in one query."""
    rows = SourceSecret.objects.filter(_live(now or timezone.now()), source__active=True)
    return list(rows.select_related("source"))


def _live(now: datetime) -> Q:
    return Q(revoked_at__isnull=True) & (Q(expires_at__isnull=True) | Q(expires_at__gt=now))


def _keys() -> tuple[str, ...]:
    given = tuple(settings().SECRET_KEYS)
    return given or (django_settings.SECRET_KEY, *map(str, django_settings.SECRET_KEY_FALLBACKS))


@lru_cache(maxsize=8)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(_derive(key)) for key in keys])


def _derive(key: str) -> bytes:
    kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"oms_portal.erp.secrets")
    return urlsafe_b64encode(kdf.derive(key.encode()))


@lru_cache(maxsize=1024)
def _open(keys: tuple[str, ...], sealed: bytes) -> bytes | None:
    try:
        return _box(keys).decrypt(sealed)
    except InvalidToken:
        log.error("a webhook secret can't be opened with any of the SECRET_KEYS")
        return None
