"""Tokens of invitations, and the invitation a visitor has in hand."""

from __future__ import annotations

import hashlib
import secrets

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from .models import Invitation


SESSION_KEY = "oms_invitation"


def new_token() -> str:
    """32 random bytes, URL-safe: the only copy goes out by e-mail."""
    return secrets.token_urlsafe(32)


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def usable() -> QuerySet[Invitation]:
    """Invitations that can be accepted now."""
    return Invitation.objects.filter(
        accepted_at=None, revoked_at=None, expires_at__gt=timezone.now()
    )


def state_of(invitation: Invitation) -> str:
    """ "open", "used", "revoked" or "expired"."""
    if invitation.accepted_at:
        return "used"
    if invitation.revoked_at:
        return "revoked"
    return "open" if invitation.expires_at > timezone.now() else "expired"


def take(request: HttpRequest, token: str) -> bool:
    """Put the invitation of this token into the visitor's session; False where none is usable."""
    digest = digest_of(token)
    if not usable().filter(token_digest=digest).exists():
        return False
    request.session[SESSION_KEY] = digest
    return True


def in_hand(request: HttpRequest) -> Invitation | None:
    """The usable invitation in the visitor's session."""
    digest = request.session.get(SESSION_KEY)
    if not digest:
        return None
    return usable().select_related("company").filter(token_digest=digest).first()


def drop(request: HttpRequest) -> None:
    request.session.pop(SESSION_KEY, None)
