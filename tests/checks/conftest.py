"""A host with nothing to say about; each test spoils something."""

from __future__ import annotations

from copy import deepcopy

import pytest
from django.db import connections


REDIS = {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer"}
DATABASE_CACHE = {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}


@pytest.fixture(autouse=True)
def good_host(settings):
    """As it should be, on either database."""
    settings.CHANNEL_LAYERS = {"default": REDIS}
    settings.CACHES = {"default": DATABASE_CACHE}


@pytest.fixture
def options(monkeypatch):
    """Settings of the database that a test may spoil."""
    spoiled = deepcopy(connections["default"].settings_dict)
    monkeypatch.setattr(connections["default"], "settings_dict", spoiled)
    return spoiled
