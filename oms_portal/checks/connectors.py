"""Checks of OMS_PORTAL["CONNECTORS"]."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.checks import CheckMessage, Error, register

from oms_portal.erp.connectors.registry import made

from . import TAG
from .keys import given
from .making import attempt


@register(TAG)
def check_connectors(**kwargs: Any) -> list[CheckMessage]:
    connectors = given("CONNECTORS", {})
    if not isinstance(connectors, Mapping):
        return [_bad_connectors("OMS_PORTAL['CONNECTORS'] must be a dict, by the sources' slugs.")]
    return [
        _bad_connectors(f"The connector of {slug!r} can't be made: {why}.")
        for slug, entry in connectors.items()
        if (why := _why_notattempt(entry))
    ]


def _why_notattempt(entry: Any) -> str:
    """Why an entry gives no connector; "" where it does."""
    connector, why = attempt(entry, "connector", made)
    if connector is None:
        return why
    fit = callable(getattr(connector, "push", None)) and hasattr(connector, "capabilities")
    return "" if fit else f"{entry['connector']!r} has no push or no capabilities"


def _bad_connectors(message: str) -> CheckMessage:
    return Error(
        message,
        hint="{'main': {'connector': 'oms_portal.erp.connectors.http.HttpConnector', "
        "'url': 'https://erp.example.com/commands', 'secret': 'whsec_…'}}",
        id="oms_portal.E007",
    )
