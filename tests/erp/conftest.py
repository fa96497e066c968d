from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.cache import cache

from oms_portal.erp import keys, messages, secrets
from oms_portal.erp.messages import Handler, Message
from oms_portal.erp.models import Source
from tests import factories

from .peer import Peer


@pytest.fixture(autouse=True)
def nothing_counted_yet() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@dataclass
class Handled:
    """What the handler of orders was told, and how it is to fail."""

    messages: list[Message] = field(default_factory=list)
    error: Exception | None = None

    def apply(self, message: Message) -> str | None:
        if self.error:
            raise self.error
        self.messages.append(message)
        return None

    @property
    def versions(self) -> list[int]:
        return [message.version for message in self.messages]


@pytest.fixture
def handled(monkeypatch: pytest.MonkeyPatch) -> Handled:
    """A handler of orders that only listens, in place of the read model's."""
    listener = Handled()
    handler = Handler(listener.apply, lambda order: order.ref, lambda order: {order.customer_ref})
    monkeypatch.setitem(messages._handlers, "order.updated.v1", handler)
    return listener


@pytest.fixture
def source(db: Any) -> Source:
    return factories.source("main")


@pytest.fixture
def erp(source: Source, handled: Handled) -> Peer:
    """The ERP ``/erp/main``, which speaks for everybody and signs."""
    return Peer(source, secret=secrets.create(source))


@pytest.fixture
def other(db: Any, handled: Handled) -> Peer:
    """A source that speaks for the customer C2 alone."""
    source = factories.source("other", all_customers=False, customers=["C2"])
    return Peer(source, secret=secrets.create(source))


@pytest.fixture
def keyed(source: Source, handled: Handled) -> Peer:
    """The same ERP with a bearer key."""
    return Peer(source, key=keys.create(source))
