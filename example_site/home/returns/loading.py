"""All of it, in the order in which one needs the other."""

from __future__ import annotations

from .articles import load_articles
from .inspecting import load_inspecting
from .places import load_places
from .policies import load_policies
from .reasons import load_reasons


def load_return_rules() -> None:
    load_reasons()
    load_articles()
    load_places()
    load_policies()
    load_inspecting()
