"""A company with delivered orders, what may come back of them, and an ERP that takes returns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any

from oms_portal.customers.access import Actor, actor_for
from oms_portal.customers.models import Company
from oms_portal.erp.connectors.contract import Outcome, Result
from oms_portal.erp.connectors.contract import Wish as Sent
from oms_portal.erp.outbox.models import Command
from oms_portal.erp.outbox.moves import move, together
from oms_portal.orders.models import Order
from oms_portal.returns import actions
from oms_portal.returns.kinds import PlaceKind
from oms_portal.returns.models import Return, ReturnableLine
from oms_portal.returns.rules import ReturnPlace, ReturnPolicy, ReturnReason
from oms_portal.returns.wishes import Wish, WishLine
from tests import factories, wire


# Far from any clock's own hour; the goods came two days before.
NOW = datetime(2126, 11, 22, 9, tzinfo=UTC)
CAME = "2126-11-20T10:00:00Z"
LEFT = "2126-11-18T15:00:00Z"
WAREHOUSE = {
    "name": "Warehouse Bremen",
    "lines": ["Kai 4"],
    "city": "Bremen",
    "postal_code": "28195",
    "country": "DE",
}
_keys = count(1)


class Mute:
    """A connector that takes everything and says nothing more."""

    def __init__(self, capabilities: Iterable[str] = ("push.return",)) -> None:
        self.capabilities = frozenset(capabilities)

    def push(self, command: Sent, key: str) -> Result:
        return Result(Outcome.ACCEPTED)


def connect(settings: Any, capabilities: Iterable[str] = ("push.return",)) -> None:
    """The source "main" takes these from now on."""
    entry = {"connector": f"{__name__}.Mute", "capabilities": list(capabilities)}
    settings.OMS_PORTAL = {**getattr(settings, "OMS_PORTAL", {}), "CONNECTORS": {"main": entry}}


def line(ref: str, quantity: str, **changes: Any) -> dict[str, Any]:
    """A line of which all was shipped and delivered, as the ERP tells it."""
    counters = {"shipped": quantity, "delivered": quantity, **changes.pop("quantities", {})}
    return wire.line(ref, quantity, quantities=counters, **changes)


def delivery(ref: str, lines: Mapping[str, str], **changes: Any) -> dict[str, Any]:
    """A delivery that came, with so many of these lines in it."""
    held = [{"line_ref": name, "quantity": quantity} for name, quantity in lines.items()]
    package = {"tracking_number": f"T-{ref}", "lines": held}
    told = {"shipped_at": LEFT, "delivered_at": CAME, "packages": [package], **changes}
    return wire.shipment(ref, told.pop("status", "delivered"), **told)


def order(ref: str = "SO-1", **changes: Any) -> dict[str, Any]:
    """L1: 10 pieces in D1; L2: 2.5 kg in D1; L3: 4 pieces without a SKU, by freight in D2; and a
    charge and a note."""
    lines = [
        line("L1", "10", serials=["SN1", "SN2"]),
        line("L2", "2.5", unit="KGM"),
        line("L3", "4", sku="", unit="PCE"),
        line("L4", "1", kind="charge", sku="", description="Freight"),
        line("L5", "0", kind="comment", sku="", description="Thank you"),
    ]
    freight = {"method": "freight", "carrier": {"code": "raben", "name": "Raben"}}
    deliveries = [
        delivery(f"{ref}-D1", {"L1": "10", "L2": "2.5"}),
        delivery(f"{ref}-D2", {"L3": "4"}, **freight),
    ]
    told = {"placed_at": "2126-11-10T09:30:00Z", "lines": lines, "shipments": deliveries}
    return wire.order(ref, **{**told, **changes})


@dataclass
class Scene:
    """``user`` may return goods of ``order`` (SO-1) and ``other`` (SO-2: 3 of L1 in SO-2-D1), both of
    company C1 to S1. Reason "wrong_size" asks nothing, "broken" makes a claim of it. The one policy
    allows all for 30 days, approved at once."""

    order: Order
    other: Order
    user: Any
    company: Company
    policy: ReturnPolicy
    version: int = 1

    @property
    def actor(self) -> Actor:
        return actor_for(self.user)

    def draft(
        self, *lines: WishLine, user: Any = None, now: datetime = NOW, **asked: Any
    ) -> Return:
        """A draft of these lines (one L1, unless said otherwise), all questions answered."""
        who = user or self.user
        form = {"draft": asked.pop("draft", None), "form_key": asked.pop("form_key", new_key())}
        wish = Wish(lines=lines or (item("1"),), **{"method": "parcel_shop", **asked})
        return actions.save_draft(who, actor_for(who), wish, now=now, **form)

    def send(self, *lines: WishLine, user: Any = None, now: datetime = NOW, **asked: Any) -> Return:
        draft = self.draft(*lines, user=user, now=now, **asked)
        return actions.submit(draft, user or self.user, now=now, key=new_key())

    def told(self, ref: str = "SO-1", **changes: Any) -> None:
        """The ERP tells the order anew, with these members changed."""
        self.version += 1
        factories.deliver("order", order(ref, **changes), self.version)

    def received(self, rma: Return, expect: str = "applied", **counters: Any) -> Return:
        """The ERP tells of the return: ``L1={"received": "1"}`` by its line's ref, and members of
        the record (credit_note, replacement_order_ref)."""
        self.version += 1
        lines = [{"ref": ref, **told} for ref, told in counters.pop("lines", {}).items()]
        record = {"ref": f"ERP-{rma.number}", "number": rma.number, "lines": lines, **counters}
        factories.deliver("return", record, self.version, expect=expect)
        return again(rma)


def item(quantity: str = "1", line_ref: str = "L1", **changes: Any) -> WishLine:
    """So many of a line of SO-1 that are sent back for credit."""
    name = changes.pop("order", "SO-1")
    told = {"thread": f"{name}-{'D2' if line_ref == 'L3' else 'D1'}", "reason": "wrong_size"}
    told |= {"condition": "unopened", "outcome": "credit"} | changes
    return WishLine(order=name, line_ref=line_ref, quantity=quantity, **told)


def set_up(settings: Any, role: str = "buyer", **policy: Any) -> Scene:
    """Everything of a scene; ``policy`` are columns of its one policy."""
    connect(settings)
    company = factories.company("C1", time_zone="Europe/Berlin", number="10001")
    factories.address(company, "S1", lines=["Kai 1"], postal_code="20457")
    rules(**policy)
    factories.deliver("order", order())
    small = [delivery("SO-2-D1", {"L1": "3"})]
    factories.deliver("order", order("SO-2", lines=[line("L1", "3")], shipments=small))
    orders = {row.ref: row for row in Order.objects.select_related("company")}
    who = factories.person("returner@c1.example", company, role)
    rule = ReturnPolicy.objects.get()
    return Scene(orders["SO-1"], orders["SO-2"], who, orders["SO-1"].company, rule)


def rules(**policy: Any) -> None:
    """Where goods go, why they may come back, and on which terms."""
    for ref, kind in (
        ("W1", PlaceKind.WAREHOUSE),
        ("B1", PlaceKind.BRANCH),
        ("P1", PlaceKind.PARCEL_SHOP),
    ):
        ReturnPlace.objects.create(ref=ref, kind=kind, name=f"Place {ref}", address=WAREHOUSE)
    heading = ReturnReason.objects.create(code="not_suited", texts={"en": "It does not suit"})
    ReturnReason.objects.create(code="wrong_size", parent=heading, texts={"en": "Wrong size"})
    ReturnReason.objects.create(
        code="broken", texts={"en": "It is broken"}, claim="damaged", liability="carrier"
    )
    ReturnReason.objects.create(
        code="never_came", texts={"en": "It never came"}, claim="missing", liability="supplier"
    )
    methods = ["parcel_shop", "qr", "pickup", "branch", "own_carrier", "freight"]
    outcomes = ["credit", "replacement", "exchange", "repair"]
    told = {"name": "Usual", "methods": methods, "outcomes": outcomes, **policy}
    ReturnPolicy.objects.create(**told)


def new_key() -> str:
    return f"form-key-{next(_keys)}"


def answer(rma: Return, state: str, **values: Any) -> Return:
    """The outbox heard this of the return's newest command."""
    rma.refresh_from_db()
    assert rma.command_id is not None
    with together():
        assert move(rma.command_id, state=state, **values) is not None
    return again(rma)


def again(rma: Return) -> Return:
    return Return.objects.select_related("company", "command").get(pk=rma.pk)


def commands() -> list[Command]:
    return list(Command.objects.order_by("pk"))


def reserved(line_ref: str = "L1", ref: str = "SO-1") -> tuple[str, str, str]:
    """(cap, reserved, over_by) of a line, as people write numbers."""
    row = ReturnableLine.objects.get(order__ref=ref, line_ref=line_ref)
    cap, taken, over = (f"{n.normalize():f}" for n in (row.cap, row.reserved, row.over_by))
    return cap, taken, over
