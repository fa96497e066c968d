"""Somebody at the desk who may print."""

from __future__ import annotations

from typing import Any

import pytest

from oms_portal.returns.models import Return
from tests.desk.conftest import client_of, staff
from tests.returns.parcels import approved, printable


@pytest.fixture
def clerk(site: Any) -> Any:
    return staff("clerk@shop.example", "view_return", "decide_return")


@pytest.fixture
def desk(clerk: Any) -> Any:
    return client_of(clerk)


@pytest.fixture
def three() -> list[Return]:
    made = [approved(order=f"SO-{n}") for n in range(3)]
    for rma in made:
        printable(rma)
    return made
