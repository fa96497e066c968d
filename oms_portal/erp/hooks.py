"""Native webhooks of other systems: a connector proves them and says which records to fetch again.

A connector registers a translator for a source's slug; the portal knows no vendor's scheme.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Ref:
    """A record of the ERP: its kind ("order") and its ref there."""

    kind: str
    ref: str


class Refused(Exception):
    """The call is not proven to be the system's own."""


# (headers in lower case, raw body) -> what to fetch again. Raises Refused where it is not proven,
# and ValueError where it is proven but makes no sense.
Translator = Callable[[Mapping[str, str], bytes], list[Ref]]
_translators: dict[str, Translator] = {}


def register(source: str, translator: Translator) -> None:
    _translators[source] = translator


def unregister(source: str) -> None:
    _translators.pop(source, None)


def translator_of(source: str) -> Translator | None:
    return _translators.get(source)
