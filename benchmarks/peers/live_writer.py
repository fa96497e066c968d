"""Commits a change of the ticker's topic, again and again, as an ERP in a hurry does."""

from __future__ import annotations

import time

import django


# Models can be imported only once Django is set up.
django.setup()

from oms_portal import live

from .live_app import TOPIC


while True:
    live.changed(TOPIC)
    time.sleep(0.002)
