from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from oms_portal.erp.models import Source
from oms_portal.erp.outbox import actions, answers
from oms_portal.erp.outbox.models import Command
from tests import factories
from tests.erp.flaky import FlakyErp, flaky


Queue = Callable[..., Command]


@pytest.fixture
def erp() -> Iterator[FlakyErp]:
    with flaky() as running:
        yield running


@pytest.fixture
def main(db: Any, erp: FlakyErp, settings: Any) -> Source:
    """The source ``main``, whose commands the flaky ERP hears."""
    settings.OMS_PORTAL = {"CONNECTORS": {"main": erp.setting}}
    return factories.source("main")


@pytest.fixture
def queue(main: Source) -> Queue:
    """Queue a command of an order; ``at`` in seconds from now."""

    def make(
        order: str = "SO-1", at: float = 0, source: Source | None = None, **values: Any
    ) -> Any:
        command = actions.queue(
            source=source or main,
            kind=values.pop("kind", "change"),
            order_ref=order,
            customer_ref="C1",
            payload={"scope": "order"},
            requested_by="buyer@c1.example",
        )
        values["next_attempt_at"] = timezone.now() + timedelta(seconds=at)
        Command.objects.filter(pk=command.pk).update(**values)
        command.refresh_from_db()
        return command

    return make


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The states that the follower of changes was told of."""
    heard: list[str] = []
    follower = {"change": lambda command: heard.append(command.state)}
    monkeypatch.setattr(answers, "_followers", follower)
    return heard
