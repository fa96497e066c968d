"""Sockets are for customers: staff, whatever their rights, and marketers hear nothing of returns."""

from __future__ import annotations

from typing import Any

import pytest

from oms_portal import live
from oms_portal.customers.access import actor_for
from oms_portal.fragments.base import Spec, fragments
from oms_portal.fragments.tickets import ticket
from oms_portal.returns.receipts.topics import DESK
from tests import factories
from tests.desk.conftest import staff
from tests.returns import parcels

from .peers import db


def world() -> list[Spec]:
    """What the owner of a return may join of it."""
    factories.site()
    rma = parcels.approved()
    owner = actor_for(factories.person("owner@c1.example", rma.company))
    asked = {"order": "", "return": rma.number}
    own = [each for each in fragments() if type(each).__module__.startswith("oms_portal.")]
    return [spec for each in own if (spec := each.spec(owner, asked, "en")) is not None]


@pytest.mark.parametrize(
    "rights", [(), ("view_return", "receive_return", "inspect_return", "lead_return")]
)
async def test_no_socket_tells_staff_what_moves_at_the_returns_desk(
    peer: Any, quick: None, rights: tuple[str, ...]
) -> None:
    theirs = await db(world)
    assert any(spec.topic.startswith("return:") for spec in theirs)
    user = await db(staff, "marketer@shop.example", *rights)
    socket = await peer(user)
    # What tells nothing but how fresh the orders are is everybody's.
    asked = [[spec.name, ticket(spec, user.pk), 0] for spec in theirs if "return" in spec.topic]
    # Of the desk itself there is no fragment, so nobody is ever given a ticket.
    asked.append([Spec("return", DESK, (), "en").name, "forged", 0])
    await socket.sub(*asked)
    denied = {(await socket.hear("deny"))["topic"] for _ in asked}
    assert denied == {name for name, *_ in asked}
    await db(live.changed, DESK, *{spec.topic for spec in theirs if "return" in spec.topic})
    await socket.silent()
