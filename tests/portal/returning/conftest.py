from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from tests.returns import scene
from tests.returns.scene import Scene


@pytest.fixture
def here(settings: Any, client: Client, tmp_path: Any) -> Scene:
    """A scene whose buyer is signed in; photos lie in a folder of the test's own."""
    cache.clear()
    settings.MEDIA_ROOT = str(tmp_path / "media")
    found = scene.set_up(settings)
    client.force_login(found.user)
    return found
