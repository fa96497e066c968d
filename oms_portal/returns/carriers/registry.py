"""Which adapters make labels: OMS_PORTAL["RETURN_CARRIERS"], in the order of the setting."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.core.signals import setting_changed
from django.utils.module_loading import import_string

from oms_portal.conf import settings

from .contract import Carrier


log = logging.getLogger(__name__)


def slugs() -> tuple[str, ...]:
    """The adapters that can be made."""
    return tuple(slug for slug in settings().RETURN_CARRIERS if carrier_of(slug))


@lru_cache(maxsize=64)
def carrier_of(slug: str) -> Carrier | None:
    """The adapter of this slug, made once per process; None where there is none.

    One that can't be made is logged and counts as none; ``manage.py check`` says why.
    """
    entry = settings().RETURN_CARRIERS.get(slug)
    if entry is None:
        return None
    try:
        return made(entry)
    except Exception as error:
        log.error("the return carrier %s can't be made (%s)", slug, type(error).__name__)
        return None


def carriers_for(method: str) -> tuple[Carrier, ...]:
    """Those that take goods back this way; the first one is asked for the label."""
    known = (carrier_of(slug) for slug in settings().RETURN_CARRIERS)
    return tuple(carrier for carrier in known if carrier and method in carrier.methods)


def made(entry: Mapping[str, Any]) -> Carrier:
    """An adapter of a setting ``{"carrier": "path.to.Class", …its options}``. Raises whatever the
    path or the options make it raise."""
    options = {name: value for name, value in entry.items() if name != "carrier"}
    carrier: Carrier = import_string(entry["carrier"])(**options)
    return carrier


def _forget(*, setting: str, **kwargs: object) -> None:
    if setting == "OMS_PORTAL":
        carrier_of.cache_clear()


setting_changed.connect(_forget, dispatch_uid="oms_portal.returns.carriers.registry")
