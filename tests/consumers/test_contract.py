"""What a socket pushes is what a page fetches: the same HTML, for every fragment there is."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from oms_portal.changes.models import ChangeRequest
from oms_portal.fragments import base
from oms_portal.orders.models import Order
from oms_portal.returns.models import Return, ReturnableLine
from tests import factories

from . import boards
from .peers import db, signed_in


PAGES = {
    "orders": ("fragment_orders", []),
    "order": ("fragment_order", ["SO-1001"]),
    "tracker": ("fragment_tracker", ["SO-1001"]),
    "changes": ("fragment_changes", ["SO-1001"]),
    "change_request": ("fragment_change", ["request-1"]),
    "freshness": ("fragment_freshness", []),
    "dashboard": ("fragment_dashboard", []),
    "updates": ("fragment_updates", []),
    "arriving": ("fragment_arriving", []),
    "documents": ("fragment_documents", []),
    "returns": ("fragment_returns", []),
    "return": ("fragment_return", ["R0000000001"]),
    "return_start": ("fragment_return_start", []),
}


def test_every_fragment_is_held_to_the_contract():
    assert set(base._registry) - {boards.Board.name} == set(PAGES)


def ask(order: Order) -> None:
    """A change of this order was asked for."""
    ChangeRequest.objects.create(
        order=order,
        key="request-1",
        requested={"instructions": "Ring twice"},
        state="in_review",
        submitted_at=timezone.now(),
    )


def send_back(order: Order) -> None:
    """Some of this order is to be returned."""
    told = {"number": "R0000000001", "state": "in_review", "submitted_at": timezone.now()}
    held = ReturnableLine.objects.create(order=order, line_ref="L1", thread="D1", cap=2)
    rma = Return.objects.create(company=order.company, ship_to_ref=order.ship_to_ref, **told)
    rma.lines.create(ref="1", returnable=held, description="Bolt", unit="C62", requested=1)


@pytest.mark.parametrize("name", PAGES)
async def test_pushed_and_fetched_are_the_same(peer, acme, ann, name, monkeypatch):
    """But for what is a person's own, which is never pushed."""
    monkeypatch.setattr(type(base.fragment(name)), "personal", "")
    view, args = PAGES[name]
    order = await db(factories.order, "SO-1001", "ACME")
    await db(ask, order)
    await db(send_back, order)
    client = await db(signed_in, ann)
    fetched = await db(client.get, reverse(f"oms_portal:{view}", args=args))
    assert fetched.status_code == 200
    html = fetched.content.decode()
    topic, ticket = (re.search(f'data-{key}="([^"]+)"', html)[1] for key in ("topic", "ticket"))
    socket = await peer(client=client)
    await socket.sub([topic, ticket, 0])

    pushed = await socket.hear("snap")

    assert order.number == "SO-1001"
    assert pushed["html"] == re.sub(r' data-ticket="[^"]+"', "", html, count=1)
    assert pushed["v"] == int(re.search(r'data-version="(\d+)"', html)[1])
