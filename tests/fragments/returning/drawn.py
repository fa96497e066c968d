"""Fragments of returns as a browser would get them, at the scene's own hour."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.utils import timezone

from oms_portal import live
from oms_portal.customers.access import Actor, actor_for
from oms_portal.fragments.base import Rendered, fragment
from tests import factories
from tests.fragments.test_changing import states, text
from tests.returns.scene import Scene


__all__ = ["at", "colleague", "read", "render", "states", "text"]


def at(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    monkeypatch.setattr(timezone, "now", lambda: now)


def render(
    scene: Scene, name: str, actor: Actor | None = None, language: str = "en", **asked: str
) -> Rendered:
    kind = fragment(name)
    assert kind is not None
    who = actor or scene.actor
    spec = kind.spec(who, {"company": str(scene.company.pk), **asked}, language)
    assert spec is not None and kind.allowed(who, spec)
    rendered = kind.render(spec, live.versions([spec.topic])[spec.topic])
    assert rendered is not None
    return rendered


def read(scene: Scene, name: str, **asked: Any) -> str:
    """What a person reads of it."""
    return text(render(scene, name, **asked).html)


def colleague(role: str, **fields: Any) -> Actor:
    return actor_for(
        factories.person(f"{role}@c1.example", factories.company("C1"), role, **fields)
    )
