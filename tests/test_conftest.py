"""The fixtures themselves: what other tests lean on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import psycopg
import pytest
import redis
from django.contrib.auth import get_user_model

from .server import Server


def test_postgres_and_redis_are_our_own_and_answer(postgres_url: str, redis_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert redis.Redis.from_url(redis_url).ping()


def test_a_killed_server_comes_back_on_its_port(server: Server) -> None:
    before = server.url
    server.kill()
    with pytest.raises(httpx.ConnectError):
        httpx.get(before)
    server.start()
    assert httpx.get(f"{before}/accounts/login/", timeout=60).status_code == 200


@pytest.mark.browser
def test_a_browser_signs_in_as_somebody_the_test_made(
    page: Any, sign_in: Callable[[Any, Any], None]
) -> None:
    user = get_user_model().objects.create_user("ann", "ann@example.com", "x")
    sign_in(page, user)
    page.goto("/accounts/email/")
    assert "ann@example.com" in page.content()
