"""Passwords and secrets of the demo: derived from SECRET_KEY, so that nothing is written down."""

from __future__ import annotations

import base64
import hashlib
import hmac

from django.conf import settings


def password_of(email: str) -> str:
    return base64.b32encode(_derive(f"password:{email}"))[:16].decode().lower()


def secret_of(source: str) -> str:
    """The webhook secret of a source, as Standard Webhooks writes them."""
    return "whsec_" + base64.b64encode(_derive(f"source:{source}")).decode()


def _derive(what: str) -> bytes:
    return hmac.new(settings.SECRET_KEY.encode(), f"demo:{what}".encode(), hashlib.sha256).digest()
