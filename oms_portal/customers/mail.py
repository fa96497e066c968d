"""The e-mail that carries an invitation."""

from __future__ import annotations

from django.conf import settings as django_settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation

from .models import Company, Invitation


def send_invitation(invitation: Invitation, link: str) -> None:
    """Send ``link`` (absolute) in the company's language; raises what the mail backend raises."""
    context = {"invitation": invitation, "company": invitation.company, "link": link}
    with translation.override(language_of(invitation.company)):
        subject = render_to_string("oms_portal/mail/invitation_subject.txt", context)
        body = render_to_string("oms_portal/mail/invitation.txt", context)
    EmailMessage(" ".join(subject.split()), body, to=[invitation.email]).send()


def language_of(company: Company) -> str:
    """The company's language as far as the site speaks it, else the site's own."""
    try:
        return translation.get_supported_language_variant(company.language)
    except LookupError:
        return django_settings.LANGUAGE_CODE
