"""Settings of a server process of these tests: pages with boards, and the layer a test asks for.

LAYER is the dotted name of a channel layer on REDIS_URL, PORTAL the JSON of OMS_PORTAL.
"""

from __future__ import annotations

import json
import os

from tests.site.settings import *  # noqa: F403  settings are told by name to Django alone


ROOT_URLCONF = "tests.consumers.urls"
OMS_PORTAL = json.loads(os.environ.get("PORTAL", "{}"))
LOGGING = {
    "version": 1,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"]},
}
if layer := os.environ.get("LAYER"):
    CHANNEL_LAYERS = {"default": {"BACKEND": layer, "CONFIG": {"hosts": [os.environ["REDIS_URL"]]}}}
else:
    CHANNEL_LAYERS = {}
