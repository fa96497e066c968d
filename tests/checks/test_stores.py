"""Databases and caches."""

from __future__ import annotations

import pytest
from django.db import connections

from .found import found


def test_it_refuses_atomic_requests(options):
    options["ATOMIC_REQUESTS"] = True

    assert "'default'" in found()["oms_portal.E002"]


@pytest.mark.parametrize(
    ("spoil", "word"),
    [
        ({"init_command": "PRAGMA foreign_keys=ON;"}, "no WAL"),
        ({"transaction_mode": "DEFERRED"}, "not IMMEDIATE"),
        ({"timeout": 5}, "timeout under 20 s"),
    ],
)
def test_it_warns_of_sqlite_with_its_defaults(spoil, word, options, monkeypatch):
    monkeypatch.setattr(connections["default"], "vendor", "sqlite")
    good = {
        "init_command": "PRAGMA journal_mode = WAL;",
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
    }
    options["OPTIONS"] = good
    assert found() == {}

    options["OPTIONS"] = good | spoil
    assert word in found()["oms_portal.W004"]


@pytest.mark.parametrize("backend", ["locmem.LocMemCache", "dummy.DummyCache"])
def test_it_warns_of_rate_limits_that_each_process_counts_for_itself(backend, settings):
    settings.CACHES = {"default": {"BACKEND": f"django.core.cache.backends.{backend}"}}
    assert list(found()) == ["oms_portal.W005"]

    settings.DEBUG = True
    assert found() == {}
