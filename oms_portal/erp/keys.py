"""Bearer keys of sources: ``oms_<8>_<43>``. 256 random bits need no slow hash, so SHA-256 is kept."""

from __future__ import annotations

import hmac
import re
import secrets as randomness
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from .models import ApiKey, Source


MAX_OVERLAP_HOURS = 24 * 7
SCOPES = ("events:write", "events:read", "events:replay")
_KEY = re.compile(r"oms_([0-9a-f]{8})_[A-Za-z0-9_-]{43}", re.ASCII)
_NOBODY = "0" * 64


def create(
    source: Source, scopes: Iterable[str] = SCOPES, expires_at: datetime | None = None
) -> str:
    """A new key, told in clear this once. ValueError for a scope that does not exist."""
    wanted = sorted(set(scopes))
    if unknown := set(wanted) - set(SCOPES):
        raise ValueError(f"no such scope: {', '.join(sorted(unknown))}")
    prefix = randomness.token_hex(4)
    key = f"oms_{prefix}_{randomness.token_urlsafe(32)}"
    ApiKey.objects.create(
        source=source, prefix=prefix, digest=_digest(key), scopes=wanted, expires_at=expires_at
    )
    return key


def rotate(key: ApiKey, overlap_hours: float) -> str:
    """A new key with the same scopes, told in clear this once; the old one ends after the overlap.

    ValueError where the overlap is longer than a week, or the key is revoked already.
    """
    if not 0 <= overlap_hours <= MAX_OVERLAP_HOURS:
        raise ValueError(f"an overlap is 0 to {MAX_OVERLAP_HOURS} hours")
    ends = timezone.now() + timedelta(hours=overlap_hours)
    with transaction.atomic():
        live = ApiKey.objects.filter(pk=key.pk, revoked_at__isnull=True)
        if not live.exists():
            raise ValueError("this key is revoked")
        live.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=ends)).update(expires_at=ends)
        return create(key.source, key.scopes, key.expires_at)


def revoke(source: Source, prefix: str) -> int:
    rows = ApiKey.objects.filter(source=source, prefix=prefix, revoked_at__isnull=True)
    return rows.update(revoked_at=timezone.now())


def find(key: str, now: datetime) -> ApiKey | None:
    """The live key of an active source that this text is; the same work whether it exists or not."""
    shape = _KEY.fullmatch(key)
    row = (
        ApiKey.objects.filter(
            Q(expires_at__isnull=True) | Q(expires_at__gt=now),
            prefix=shape[1] if shape else "",
            revoked_at__isnull=True,
            source__active=True,
        )
        .select_related("source")
        .first()
    )
    kept = row.digest if row else _NOBODY
    return row if hmac.compare_digest(kept.encode(), _digest(key).encode()) else None


def _digest(key: str) -> str:
    return sha256(key.encode("utf-8", "replace")).hexdigest()
