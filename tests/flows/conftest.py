from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.demo import Site


@pytest.fixture(scope="module")
def site(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Site]:
    """Web, worker and sandbox ERP; on PostgreSQL and Redis where the suite runs on them."""
    services = {}
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        services = {
            "DATABASE_URL": request.getfixturevalue("postgres_url"),
            "REDIS_URL": request.getfixturevalue("redis_url"),
        }
    site = Site(tmp_path_factory.mktemp("flow"), **services)
    try:
        site.prepare()
        site.start_web()
        site.start_worker()
        site.start_erp(orders=2)
        site.wait_until_told()
        yield site
    finally:
        site.stop()
