"""From what is shown to HTML: the root element with its topic, around the fragment's template."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string

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
