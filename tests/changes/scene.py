"""An order that can be changed, the people who ask for it, and an ERP that takes commands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from oms_portal.changes import actions
from oms_portal.changes.models import ChangeRequest, RiskPolicy
from oms_portal.changes.standing import Standing, standing_of
from oms_portal.changes.wishes import Wish
from oms_portal.customers.access import Actor, actor_for
from oms_portal.erp.connectors.contract import Outcome, Result
from oms_portal.erp.connectors.contract import Wish as Sent
from oms_portal.erp.outbox.models import Command
from oms_portal.erp.outbox.moves import move
from oms_portal.orders.models import Order
from tests import factories, wire


ALL = ("push.address", "push.date", "push.method", "push.cancel")
# Far from the clock's own cut-offs, which are two working days before dispatch at 14:00.
NOW = datetime(2126, 11, 18, 9, tzinfo=UTC)
DISPATCH = "2126-11-22"
LATE = timedelta(days=30)
_keys = count(1)


class Mute:
    """A connector that takes everything and says nothing more."""

    def __init__(self, capabilities: list[str] | None = None) -> None:
        self.capabilities = frozenset(capabilities or ALL)

    def push(self, command: Sent, key: str) -> Result:
        return Result(Outcome.ACCEPTED)


def connect(settings: Any, *capabilities: str) -> None:
    """The source "main" takes these from now on, all where none are named."""
    entry: dict[str, Any] = {"connector": f"{__name__}.Mute"}
    if capabilities:
        entry["capabilities"] = list(capabilities)
    settings.OMS_PORTAL = {"CONNECTORS": {"main": entry}}


@dataclass
class Scene:
    """``order`` has L1 (10) in D1, planned, and L2 (4) in no delivery; ``user`` may change it and
    its book has S1, where it goes, and S2."""

    order: Order
    user: Any
    version: int = 1

    @property
    def actor(self) -> Actor:
        return actor_for(self.user)

    def standing(self, now: datetime = NOW) -> Standing:
        order = Order.objects.select_related("company").get(pk=self.order.pk)
        return standing_of(order, now)

    def begin(self, user: Any = None, now: datetime = NOW, **asked: Any) -> ChangeRequest:
        """Ask for ``requested`` (instructions, unless said otherwise) as the page would."""
        who = user or self.user
        wish = Wish(
            asked.pop("requested", {"instructions": "Ring at gate 3"}),
            **{k: asked.pop(k) for k in ("scope", "lines", "thread", "kept") if k in asked},
        )
        form = {"form_key": f"form-key-{next(_keys)}", "basis": ""} | asked
        basis = form.pop("basis") or self.standing(now).basis
        return actions.begin(who, actor_for(who), self.order, wish, basis=basis, now=now, **form)

    def told(self, **changes: Any) -> None:
        """The ERP tells the order anew, with these members changed."""
        self.version += 1
        factories.deliver("order", record(**changes), self.version)


def record(**changes: Any) -> dict[str, Any]:
    lines = [wire.line("L1", "10"), wire.line("L2", "4")]
    return wire.order(**{"lines": lines, "shipments": [delivery()], **changes})


def delivery(ref: str = "D1", status: str = "planned", **changes: Any) -> dict[str, Any]:
    packages = [{"lines": [{"line_ref": "L1", "quantity": "10"}]}]
    fresh = {"planned_on": DISPATCH, "shipped_at": None, "packages": packages}
    return wire.shipment(ref, status, **fresh | changes)


def set_up(settings: Any, role: str = "admin", **changes: Any) -> Scene:
    """Everything of a scene; nothing is risky in it."""
    connect(settings)
    company = factories.company("C1", time_zone="Europe/Berlin", told=True)
    for ref, city in (("S1", "Hamburg"), ("S2", "Bremen")):
        factories.address(
            company, ref, city=city, name=f"Plant {ref}", lines=["Kai 1"], postal_code="28195"
        )
    harmless = dict.fromkeys(("new_country", "po_box", "contact_and_address", "new_address"), False)
    RiskPolicy.objects.create(**harmless, value_above=None)
    factories.deliver("order", record(**changes))
    order = Order.objects.select_related("company").get()
    return Scene(order, factories.person("asker@c1.example", company, role))


def answer(request: ChangeRequest, state: str, **values: Any) -> ChangeRequest:
    """The outbox heard this of the request's command."""
    request.refresh_from_db()
    assert request.command_id is not None
    assert move(request.command_id, state=state, **values) is not None
    return again(request)


def again(request: ChangeRequest) -> ChangeRequest:
    return ChangeRequest.objects.select_related("order", "command").get(pk=request.pk)


def commands() -> list[Command]:
    return list(Command.objects.order_by("pk"))
