"""The site that live push is measured in: the tests' small host, on Redis where one is given."""

from __future__ import annotations

import os

from tests.site.settings import *  # noqa: F403  settings that build on others take all of them


OMS_PORTAL = {"SOCKETS_PER_PERSON": 1_000_000}
LOGGING_CONFIG = None
if "REDIS_URL" not in os.environ:
    CHANNEL_LAYERS: dict[str, object] = {}


class NoMigrations:
    """Tables straight from the models: seconds instead of a minute."""

    def __contains__(self, app: str) -> bool:
        return True

    def __getitem__(self, app: str) -> None:
        return None


MIGRATION_MODULES = NoMigrations()
