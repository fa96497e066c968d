from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from .smtp import MailServer, serving


@pytest.fixture
def mail_server(settings: Any) -> Iterator[MailServer]:
    """A mail server that the site is set up for."""
    with serving() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.DEFAULT_FROM_EMAIL = "Brannfeld <orders@brannfeld.example>"
        yield server
