"""While the database is away, pages say so in words, and when to come back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.test import Client

from tests import factories


pytestmark = pytest.mark.django_db


@pytest.fixture(params=[OperationalError, InterfaceError])
def client_without_database(client: Client, request: pytest.FixtureRequest) -> Iterator[Client]:
    """A buyer who signed in just before the database went away."""
    company = factories.customer("C1")
    factories.order("SO-1001", "C1")
    client.force_login(factories.person(company=company))

    def fail(*args: Any) -> None:
        raise request.param("the database system is starting up")

    with connection.execute_wrapper(fail):
        yield client


@pytest.mark.parametrize(
    "address",
    [
        "/portal/orders/",
        "/portal/orders/SO-1001/",
        "/portal/fragments/orders/",
        "/portal/fragments/freshness/",
        "/portal/people/",
    ],
)
def test_it_answers_that_it_will_be_back(client_without_database: Client, address: str) -> None:
    answer = client_without_database.get(address)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "no-store" in answer["Cache-Control"]
    words = answer.content.decode()
    assert "We’ll be back in a moment." in words and "starting up" not in words
