"""Checks of what returns need: carriers, a place for photos, the house's own numbers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from re import fullmatch
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from oms_portal.returns import private
from oms_portal.returns.carriers.registry import made

from . import TAG
from .keys import given
from .making import attempt


CARRIER_VERBS = ("create", "void", "track", "points")
# Aliases of STORAGES that everybody may read.
PUBLIC_STORAGES = ("default", "staticfiles")


@register(TAG)
def check_return_carriers(**kwargs: Any) -> list[CheckMessage]:
    carriers = given("RETURN_CARRIERS", {})
    if not isinstance(carriers, Mapping):
        return [_bad_carriers("OMS_PORTAL['RETURN_CARRIERS'] must be a dict, by slug.")]
    return [
        _bad_carriers(f"The return carrier {slug!r} can't be made: {why}.")
        for slug, entry in carriers.items()
        if (why := _why_no_carrier(str(slug), entry))
    ]


def _why_no_carrier(slug: str, entry: Any) -> str:
    """Why an entry gives no adapter; "" where it does."""
    carrier, why = attempt(entry, "carrier", made)
    if carrier is None:
        return why
    missing = [verb for verb in CARRIER_VERBS if not callable(getattr(carrier, verb, None))]
    if missing or not getattr(carrier, "methods", None):
        return f"{entry['carrier']!r} has no {' or '.join(missing or ['methods'])}"
    own = getattr(carrier, "slug", "")
    return "" if own == slug else f"it calls itself {own!r}"


def _bad_carriers(message: str) -> CheckMessage:
    return Error(
        message,
        hint="{'house': {'carrier': 'oms_portal.returns.carriers.house.House'}}",
        id="oms_portal.E008",
    )


@register(TAG)
def check_private_storage(**kwargs: Any) -> list[CheckMessage]:
    alias = given("PRIVATE_STORAGE", "")
    if alias and alias not in settings.STORAGES:
        return [_public_photos(f"STORAGES has no {alias!r}, where photos of returns would lie.")]
    if alias in PUBLIC_STORAGES:
        return [_public_photos(f"Photos of returns would lie in {alias!r}, which is public.")]
    folder = getattr(private.storage(), "location", None)
    return [
        _public_photos(f"Photos of returns would lie in {name}, which is public.")
        for name in ("MEDIA_ROOT", "STATIC_ROOT")
        if (public := getattr(settings, name, None))
        if folder and Path(folder).resolve().is_relative_to(Path(public).resolve())
    ]


def _public_photos(message: str) -> CheckMessage:
    return Error(
        message,
        hint="STORAGES['private'] with a location outside MEDIA_ROOT, and "
        "OMS_PORTAL['PRIVATE_STORAGE'] = 'private'.",
        id="oms_portal.E009",
    )


@register(TAG)
def check_gs1_prefix(**kwargs: Any) -> list[CheckMessage]:
    prefix = given("GS1_PREFIX", "")
    if prefix == "" or (isinstance(prefix, str) and fullmatch(r"[0-9]{4,12}", prefix)):
        return []
    return [
        Error(
            f"OMS_PORTAL['GS1_PREFIX'] is no GS1 company prefix: {prefix!r}.",
            hint="It is a text of 4 to 12 digits, as GS1 licensed it to you.",
            id="oms_portal.E011",
        )
    ]
