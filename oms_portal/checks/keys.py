"""Checks of OMS_PORTAL as a whole, and what the other checks read of it."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from oms_portal.conf import known_keys

from . import TAG


def given(key: str, default: Any) -> Any:
    """What the host gave, before it is known to be good; the default also where all is amiss."""
    values = getattr(settings, "OMS_PORTAL", {})
    return values.get(key, default) if isinstance(values, dict) else default


@register(TAG)
def check_keys(**kwargs: Any) -> list[CheckMessage]:
    given = getattr(settings, "OMS_PORTAL", {})
    if not isinstance(given, dict):
        return [Error("OMS_PORTAL must be a dict.", id="oms_portal.E001")]
    return [_unknown_key(str(key)) for key in given if key not in known_keys()]


def _unknown_key(key: str) -> CheckMessage:
    near = get_close_matches(key.upper(), sorted(known_keys()), n=1)
    hint = f"Did you mean {near[0]!r}?" if near else f"Known keys: {sorted(known_keys())}."
    return Error(f"OMS_PORTAL has an unknown key {key!r}.", hint=hint, id="oms_portal.E001")
