"""From what is shown to HTML: the root element with its topic, around the fragment's template."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.template.loader import get_template, render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from oms_portal.orders.moments import write

from .base import Spec


def draw(
    spec: Spec, version: int, shown: Any, as_of: datetime | None, states: Iterable[str] = ()
) -> str:
    """The fragment's HTML, to be called with the spec's language active.

    ``states`` ("empty", "late", "delivered") reach the root as ``data-states``: what a marketer
    wrote for a state, in ``data-when`` beside the fragment, shows while it holds.
    """
    context = {
        "name": spec.fragment,
        "topic": spec.name,
        "version": version,
        "as_of": write(as_of) if as_of else "",
        "states": " ".join(states),
        "shown": shown,
    }
    return render_to_string(f"oms_portal/fragments/{spec.fragment}.html", context)


def element(name: str, **shown: Hashable) -> SafeString:
    """An element's HTML in the active language; one of the same words is drawn once and kept.

    That suits elements that many pages share: a chip, the filters of a list.
    """
    return _element(_Drawer(name), get_language() or "", tuple(shown.items()))


class _Drawer:
    """A template by what its engine holds of it: another where the file changed."""

    def __init__(self, name: str) -> None:
        self.template = get_template(f"oms_portal/elements/{name}.html")
        self.held: Any = getattr(self.template, "template", self.template)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Drawer) and self.held is other.held

    def __hash__(self) -> int:
        return id(self.held)


@lru_cache(maxsize=1000)
def _element(drawer: _Drawer, language: str, shown: tuple[tuple[str, Hashable], ...]) -> SafeString:
    return mark_safe(drawer.template.render(dict(shown)))
