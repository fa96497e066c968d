"""In whose words a fragment speaks: its language, and the words of the site (brand) it is for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.utils import translation

from oms_portal.orders import typed
from oms_portal.words.queries import speaking_at

from .base import Spec


def site_param(params: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """What a spec keeps of the site: nothing, unless words differ by site (``showing`` knows)."""
    site = params.get("site", "")
    return () if typed.key(site) is None else (("site", site),)


@contextmanager
def speaking(spec: Spec) -> Iterator[None]:
    """Everything said within is in the spec's language and in the words of its site."""
    with translation.override(spec.language), speaking_at(dict(spec.params).get("site", "")):
        yield
