"""Which connector carries the commands of which source: OMS_PORTAL["CONNECTORS"]."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.core.signals import setting_changed
from django.utils.module_loading import import_string

from oms_portal.conf import settings

from .contract import Connector


log = logging.getLogger(__name__)


def slugs() -> tuple[str, ...]:
    """The sources that take commands."""
    return tuple(slug for slug in settings().CONNECTORS if connector_of(slug))


@lru_cache(maxsize=256)
def connector_of(slug: str) -> Connector | None:
    """The connector of a source, made once per process; None where its commands go nowhere.

    One that can't be made is logged and counts as none; ``manage.py check`` says why.
    """
    entry = settings().CONNECTORS.get(slug)
    if entry is None:
        return None
    try:
        return made(entry)
    except Exception as error:
        log.error("the connector of %s can't be made (%s)", slug, type(error).__name__)
        return None


def capabilities_of(slug: str) -> frozenset[str]:
    """What pages may offer for the orders of a source ("push.address", …)."""
    connector = connector_of(slug)
    return connector.capabilities if connector else frozenset()


def made(entry: Mapping[str, Any]) -> Connector:
    """A connector of a setting ``{"connector": "path.to.Class", …its options}``. Raises whatever
    the path or the options make it raise."""
    options = {name: value for name, value in entry.items() if name != "connector"}
    connector: Connector = import_string(entry["connector"])(**options)
    return connector


def _forget(*, setting: str, **kwargs: object) -> None:
    if setting == "OMS_PORTAL":
        connector_of.cache_clear()


setting_changed.connect(_forget, dispatch_uid="oms_portal.erp.connectors.registry")
