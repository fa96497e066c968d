"""Checks of what sign-in needs, and that nobody signs up unasked."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.utils.module_loading import import_string

from . import TAG


ACCOUNT_MIDDLEWARE = "allauth.account.middleware.AccountMiddleware"


@register(TAG)
def check_middleware(**kwargs: Any) -> list[CheckMessage]:
    if ACCOUNT_MIDDLEWARE in settings.MIDDLEWARE:
        return []
    return [
        Error(
            "People could not sign in: allauth's middleware is missing.",
            hint=f"Add {ACCOUNT_MIDDLEWARE!r} to MIDDLEWARE.",
            id="oms_portal.E003",
        )
    ]


@register(TAG)
def check_apps(**kwargs: Any) -> list[CheckMessage]:
    needed = ["allauth", "allauth.account", "allauth.mfa", "wagtail.contrib.settings"]
    if apps.is_installed("allauth.usersessions"):
        needed.append("django.contrib.humanize")
    return [
        Error(f"{name!r} is missing in INSTALLED_APPS.", id="oms_portal.E006")
        for name in needed
        if not apps.is_installed(name)
    ]


@register(TAG)
def check_sign_up(**kwargs: Any) -> list[CheckMessage]:
    from oms_portal.customers.adapter import AccountAdapter

    path = getattr(settings, "ACCOUNT_ADAPTER", "allauth.account.adapter.DefaultAccountAdapter")
    if issubclass(import_string(path), AccountAdapter):
        return []
    return [
        Error(
            "Anybody could sign up: ACCOUNT_ADAPTER does not keep sign-up to invitations.",
            hint="Take oms_portal.customers.account_settings.ACCOUNT_SETTINGS over, or derive "
            "your adapter from oms_portal.customers.adapter.AccountAdapter.",
            id="oms_portal.E004",
        )
    ]
