"""The short-lived, signed right of one person to join one topic; checked again when joined."""

from __future__ import annotations

from django.core import signing
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from oms_portal.conf import settings

from .base import Spec


_SALT = "oms_portal.ticket"


def ticket(spec: Spec, user_id: int) -> str:
    return signing.dumps(
        [user_id, spec.fragment, spec.topic, spec.params, spec.language], salt=_SALT, compress=True
    )


def spec_of(text: str, name: str, user_id: int) -> Spec | None:
    """The spec a ticket stands for; None where it is forged, too old, of another name or person."""
    try:
        owner, fragment, topic, params, language = signing.loads(
            text, salt=_SALT, max_age=settings().TICKET_AGE
        )
    except (signing.BadSignature, ValueError, TypeError):
        return None
    spec = Spec(fragment, topic, tuple((key, value) for key, value in params), language)
    return spec if owner == user_id and spec.name == name else None


def sealed(html: str, spec: Spec, user_id: int, personal: str = "") -> SafeString:
    """A rendered fragment with this person's ticket in its root element, and what is theirs."""
    attribute = format_html(' data-ticket="{}" data-topic=', ticket(spec, user_id))
    return mark_safe(html.replace(" data-topic=", attribute, 1).replace(">", f">{personal}", 1))
