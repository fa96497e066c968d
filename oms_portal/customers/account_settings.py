"""The sign-in a portal should have, as one block a host's settings take over and may change:

    from oms_portal.customers.account_settings import ACCOUNT_SETTINGS
    globals().update(ACCOUNT_SETTINGS)

Beside it a host installs ``allauth``, ``allauth.account``, ``allauth.mfa``,
``allauth.usersessions`` and ``django.contrib.humanize`` (for the list of sessions), puts
``allauth.account.middleware.AccountMiddleware`` and
``allauth.usersessions.middleware.UserSessionsMiddleware`` after its authentication middleware,
mounts ``allauth.urls``, and names a cache that all its processes share: rate limits live there.
"""

from __future__ import annotations

from typing import Any


ACCOUNT_SETTINGS: dict[str, Any] = {
    "AUTHENTICATION_BACKENDS": [
        "django.contrib.auth.backends.ModelBackend",
        "allauth.account.auth_backends.AuthenticationBackend",
    ],
    "LOGIN_URL": "account_login",
    "LOGIN_REDIRECT_URL": "oms_portal:orders",
    # By invitation only; redirects checked without tripping over broken addresses.
    "ACCOUNT_ADAPTER": "oms_portal.customers.adapter.AccountAdapter",
    # Secrets of second factors sealed with OMS_PORTAL["SECRET_KEYS"].
    "MFA_ADAPTER": "oms_portal.customers.adapter.MFAAdapter",
    "ACCOUNT_LOGIN_METHODS": {"email"},
    "ACCOUNT_SIGNUP_FIELDS": ["email*", "password1*"],
    "ACCOUNT_UNIQUE_EMAIL": True,
    "ACCOUNT_EMAIL_VERIFICATION": "mandatory",
    "ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED": True,
    # ASVS 5.0, 6.5.5: codes sent by e-mail live ten minutes at most.
    "ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT": 600,
    "ACCOUNT_LOGIN_BY_CODE_ENABLED": True,
    "ACCOUNT_LOGIN_BY_CODE_TIMEOUT": 180,
    "ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS": 3,
    # Nobody learns here who has an account, and strangers get no mail.
    "ACCOUNT_PREVENT_ENUMERATION": True,
    "ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS": False,
    "ACCOUNT_REAUTHENTICATION_REQUIRED": True,
    "ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE": True,
    "ACCOUNT_EMAIL_NOTIFICATIONS": True,
    "ACCOUNT_CHANGE_EMAIL": True,
    "ACCOUNT_MAX_EMAIL_ADDRESSES": 2,
    "MFA_SUPPORTED_TYPES": ["webauthn", "totp", "recovery_codes"],
    "MFA_PASSKEY_LOGIN_ENABLED": True,
    "MFA_WEBAUTHN_USER_VERIFICATION": "required",
    "MFA_RECOVERY_CODES_SHOW_ONCE": True,
    # Sessions can be listed and ended; writing a row for every page read is not worth a date.
    "USERSESSIONS_TRACK_ACTIVITY": False,
}
