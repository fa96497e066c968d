"""The ground on which goods are judged."""

from __future__ import annotations

from typing import Any

import pytest

from tests.returns.scene import Scene, set_up

from ..found import grades


@pytest.fixture
def scene(settings: Any) -> Scene:
    """A customer's orders, and grades to judge what comes back of them."""
    made = set_up(settings)
    grades()
    return made
