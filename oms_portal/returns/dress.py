"""What a label wears: the brand, handed in by whoever reads it, for this package knows no CMS."""

from __future__ import annotations

import logging
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from typing import Any
from zlib import compress, decompress

from .labels.data import Dress
from .models import Return


log = logging.getLogger(__name__)

Provider = Callable[[Return], Dress]
_providers: list[Provider] = []


def register(provider: Provider) -> Provider:
    """The provider may read files; it is called outside of transactions. The last one counts."""
    _providers.append(provider)
    return provider


def dress_of(rma: Return) -> Dress:
    """Plain where nobody provides one; a brand that can't be read keeps no label back."""
    if not _providers:
        return Dress()
    try:
        return _providers[-1](rma)
    except (OSError, ValueError):
        log.exception("the brand can't be read for the label of %s", rma.number)
        return Dress()


def frozen(dress: Dress) -> dict[str, Any]:
    """As JSON, kept with a label, so that it is drawn alike for ever."""
    logo = dress.logo
    return {
        "name": dress.name,
        "logo": [b64encode(compress(logo[0], 9)).decode(), logo[1], logo[2]] if logo else None,
        "accent": dress.accent,
        "footer": dress.footer,
    }


def read(told: Mapping[str, Any]) -> Dress:
    """Back from ``frozen``."""
    logo = told.get("logo")
    return Dress(
        name=told.get("name", ""),
        logo=(decompress(b64decode(logo[0])), logo[1], logo[2]) if logo else None,
        accent=told.get("accent", "#000000"),
        footer=told.get("footer", ""),
    )
