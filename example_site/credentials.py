"""Passwords and secrets of the demo: derived from SECRET_KEY, so that nothing is written down."""

from __future__ import annotations

import base64

from django.conf import settings

from .environment import derived, webhook_secret


def password_of(email: str) -> str:
    key = derived(settings.SECRET_KEY, f"password:{email}")
    return base64.b32encode(key)[:16].decode().lower()


def secret_of(source: str) -> str:
    """The webhook secret of a source."""
    return webhook_secret(settings.SECRET_KEY, f"source:{source}")
