"""E-mails are written down in the transaction of what they tell, and sent later (``sending``)."""

from __future__ import annotations

import logging
import re

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from .models import Mail


log = logging.getLogger(__name__)

LONGEST_SUBJECT = 250
# What no header may hold, and what PostgreSQL keeps in no text.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]+")


def post(key: str, to: str, subject: str, body: str) -> None:
    """Have ``body`` (plain text, in the reader's language) sent to ``to``, in the caller's
    transaction. The same ``key`` (≤ 200 characters) again writes nothing, whoever asks and when.

    The subject comes out as one line. An address that can be none is logged and left.
    """
    try:
        validate_email(to)
    except ValidationError:
        log.warning("no e-mail %s: the address is none", key)
        return
    mail = Mail(key=key, to=to, subject=one_line(subject), body=body.replace("\0", ""))
    Mail.objects.bulk_create([mail], ignore_conflicts=True)


def one_line(text: str, longest: int = LONGEST_SUBJECT) -> str:
    line = " ".join(_CONTROL.sub(" ", text).split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"
