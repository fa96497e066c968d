"""How allauth behaves in a portal: nobody signs up uninvited, and secrets are kept sealed."""

from __future__ import annotations

from base64 import b32encode
from ipaddress import ip_address
from secrets import token_bytes
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.urls import reverse

from oms_portal.erp.limits import address
from oms_portal.erp.secrets import seal, unseal

from .invitations import in_hand


NOWHERE = "0.0.0.0"  # noqa: S104  said of a caller, bound to nothing
_GREETING = "account/messages/logged_in.txt"


class AccountAdapter(DefaultAccountAdapter):
    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        *told: Any,
        **more: Any,
    ) -> None:
        """No greeting: most pages are the same for everyone and show no messages, so that it would
        turn up much later on one that does."""
        if message_template != _GREETING:
            super().add_message(request, level, message_template, *told, **more)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made on the page of an invitation only: the sign-up page leads those who
        have one in hand there, and does not exist for anybody else."""
        if in_hand(request):
            raise ImmediateHttpResponse(HttpResponseRedirect(reverse("oms_portal:invitation")))
        raise Http404

    def is_safe_url(self, url: str) -> bool:
        """No address that can't be read is safe (allauth 65.21 raises on ``http://[x``)."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """One setting says for the portal and for allauth how many proxies to believe; behind a
        socket file nobody has an address."""
        try:
            return str(ip_address(address(request)))
        except ValueError:
            return NOWHERE


class MFAAdapter(DefaultMFAAdapter):
    """Seeds of authenticator apps and of recovery codes are in the database sealed only."""

    def encrypt(self, text: str) -> str:
        return seal(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The seed; where no key opens it a random one, which no code will ever match."""
        seed = unseal(encrypted_text.encode())
        return (b32encode(token_bytes(20)) if seed is None else seed).decode()
