"""The world that the matrix of rights walks through, and who may see what of it.

Two companies with the same names for their places, a subsidiary, every role, three reaches. Each
thing carries a mark of its own in every string an ERP can send: a mark on a page that must not
show it is a leak. Who may see which mark is written down here by hand, not asked of the rules.
"""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db.models import Model
from django.test import Client
from django.utils import timezone
from pypdfium2 import PdfDocument

from oms_portal.changes.models import ChangeEvent, ChangeRequest, RequestState
from oms_portal.customers.models import Address, Company, Invitation, Membership, Role
from oms_portal.erp import keys
from oms_portal.erp.outbox.models import Command
from oms_portal.orders.models import Document, Order, Shipment
from oms_portal.orders.personal import SavedView
from oms_portal.portal.rights import Right
from oms_portal.returns.models import Evidence, Return, ReturnEvent, ReturnLine
from oms_portal.returns.parcels import Label, LabelPrint, ReturnParcel

from . import factories, wire
from .returns import parcels


# Marks: the place of an order, and what stands for it on pages.
OWN_1, OWN_2, BELOW, OTHER = "KanariOwnOne", "KanariOwnTwo", "KanariBelow", "KanariOther"
MARKS = (OWN_1, OWN_2, BELOW, OTHER)
# Company, place and mark; other companies call their places alike.
PLACES = (
    ("OWN", "S1", OWN_1),
    ("OWN", "S2", OWN_2),
    ("BELOW", "S1", BELOW),
    ("OTHER", "S1", OTHER),
)
# A key for a thing that does not exist, by the type of the URL's argument.
MISSING: dict[str, Any] = {
    "slug": "NO-SUCH-ORDER",
    "pk": 987654321,
    "slug pk": ("NO-SUCH-ORDER", 987654321),
    "slug thread": ("NO-SUCH-ORDER", "NO-SUCH-DELIVERY"),
    "key": "no-such-request",
    "key verb": ("no-such-request", "withdraw"),
    "number": "R0000000000",
    "number verb": ("R0000000000", "withdraw"),
    "number sequence template format": ("R0000000000", 1, "return", "pdf"),
}
# Who may do what to the orders that they see.
DOERS: dict[str, tuple[str, ...]] = {
    # What is open to anybody needs no verb.
    "": ("", *Role.values),
    "view": ("", *Role.values),
    "invite": (Role.ADMIN,),
    "change": (Role.BUYER, Role.ADDRESS_EDITOR, Role.ADMIN),
    "cancel": (Role.BUYER, Role.ADMIN),
    "return": (Role.BUYER, Role.RETURNS, Role.ADMIN),
}


@dataclass(frozen=True)
class Person:
    """Somebody signed in: what they may see, and whether they may let people in."""

    user: Any
    role: str
    sees: frozenset[str]

    def __str__(self) -> str:
        return self.user.email

    def holds(self, verb: str) -> bool:
        assert verb in DOERS, f"tell the matrix who may {verb}"
        return self.role in DOERS[verb]

    @property
    def hidden(self) -> frozenset[str]:
        return frozenset(MARKS) - self.sees


@dataclass(frozen=True)
class Thing:
    """A row somebody may ask for: how URLs name it, and the mark of where it lies."""

    key: Any
    mark: str


@dataclass
class World:
    people: list[Person]
    companies: dict[str, Company]
    # By the model and the name of the URL's argument.
    things: dict[tuple[type[Model], str], list[Thing]] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)

    def client(self, person: Person) -> Client:
        client = Client(raise_request_exception=False)
        client.force_login(person.user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    def things_of(self, right: Right, argument: str) -> list[Thing]:
        """What a URL with this argument may be asked for. LookupError tells whoever adds a route
        of a new kind to say here what there is to find."""
        try:
            return self.things[right.model, argument]
        except KeyError:
            raise LookupError(
                f"the matrix knows nothing that <{argument}> of {right} could name: "
                "add it to tests/matrix.py, World.things"
            ) from None


def build() -> World:
    cache.clear()
    companies = {ref: factories.customer(**_customer(ref)) for ref in ("OWN", "BELOW", "OTHER")}
    for ref, place, mark in PLACES:
        _order(ref, place, mark)
    world = World(list(_people(companies)), companies)
    _things(world)
    _sources(world)
    return world


def _customer(ref: str) -> dict[str, Any]:
    mark = {"OWN": "Shared", "BELOW": BELOW, "OTHER": OTHER}[ref]
    return {
        "ref": ref,
        "name": f"Company {ref} {mark}",
        "number": f"No {mark}",
        "vat": mark,
        "parent_ref": "OWN" if ref == "BELOW" else None,
        "addresses": [_place(place, mark) for at, place, mark in PLACES if at == ref],
    }


def _place(ref: str, mark: str) -> dict[str, Any]:
    return wire.address(ref, name=f"Plant {mark}", lines=[mark], contact=mark, instructions=mark)


def _order(company_ref: str, place: str, mark: str) -> None:
    """An order whose every text bears the mark; ``number`` is its name in URLs."""
    address = _place(place, mark)
    document = {
        "ref": f"doc-{mark}",
        "kind": "invoice",
        "number": f"Doc {mark}",
        "issued_on": "2026-11-20",
        "content_base64": b64encode(mark.encode()).decode(),
        "media_type": "text/plain",
    }
    factories.order(
        f"{mark}-1",
        company_ref,
        ship_to_ref=place,
        customer_reference=f"PO {mark}",
        placed_by=mark,
        delivery_address=address,
        billing_address=address,
        terms=mark,
        cost_centre=mark,
        lines=[wire.line(description=f"Bearing {mark}", sku=mark, lot=mark)],
        shipments=[wire.shipment(f"Ship-{mark}", number=f"Delivery {mark}")],
        documents=[document],
    )


def _people(companies: dict[str, Company]) -> Any:
    own, other = companies["OWN"], companies["OTHER"]
    first = Address.objects.get(company=own, ref="S1")
    second = Address.objects.get(company=own, ref="S2")
    for role in Role.values:
        reaches: list[tuple[str, dict[str, Any], set[str]]] = [
            ("wide", {}, {OWN_1, OWN_2}),
            ("one", {"ship_tos": [first]}, {OWN_1}),
            ("two", {"ship_tos": [second]}, {OWN_2}),
            ("none", {"ship_tos": []}, set()),
            ("deep", {"include_subsidiaries": True}, {OWN_1, OWN_2, BELOW}),
        ]
        if role not in (Role.BUYER, Role.ADMIN):
            reaches = reaches[:2]
        for name, reach, sees in reaches:
            user = factories.person(f"{name}.{role}@own.example", own, role, **reach)
            yield Person(user, role, frozenset(sees))
    for role in (Role.VIEWER, Role.ADMIN):
        user = factories.person(f"{role}@other.example", other, role, first_name=OTHER)
        yield Person(user, role, frozenset({OTHER}))
    yield Person(factories.person("nobody@nowhere.example"), "", frozenset())
    staff = factories.person("staff@shop.example", staff=["Desk"], is_superuser=True)
    yield Person(staff, "", frozenset())


def _things(world: World) -> None:
    marks = {f"{mark}-1": mark for mark in MARKS}
    world.things[Order, "slug"] = [
        Thing(order.slug, marks[order.ref]) for order in Order.objects.all()
    ]
    world.things[Document, "slug pk"] = [
        Thing((paper.order.slug, paper.pk), marks[paper.order.ref])
        for paper in Document.objects.select_related("order")
    ]
    world.things[Shipment, "slug thread"] = [
        Thing((told.order.slug, told.thread), marks[told.order.ref])
        for told in Shipment.objects.select_related("order")
    ]
    requests = [_request(order, marks[order.ref]) for order in Order.objects.all()]
    world.things[ChangeRequest, "key"] = requests
    world.things[ChangeRequest, "key verb"] = [
        Thing((request.key, "withdraw"), request.mark) for request in requests
    ]
    _things_of_returns(world, marks)
    members, invitations = [], []
    for ref, place, mark in PLACES:
        company = world.companies[ref]
        scope = [Address.objects.get(company=company, ref=place)]
        user = factories.person(f"{mark}@people.example", first_name=mark)
        members.append(Thing(factories.member(user, company, "viewer", scope).pk, mark))
        invitation = Invitation.objects.create(
            company=company,
            role="viewer",
            all_ship_tos=False,
            email=f"invited.{mark}@people.example",
            token_digest=mark,
            expires_at=timezone.now() + timedelta(days=1),
        )
        invitation.ship_tos.set(scope)
        invitations.append(Thing(invitation.pk, mark))
    world.things[Membership, "pk"] = members
    world.things[Invitation, "pk"] = invitations


def _request(order: Order, mark: str) -> Thing:
    """A request that waits for a review, which can be taken back; its key says nothing."""
    request = ChangeRequest.objects.create(
        order=order,
        key=f"request-{order.pk}",
        requested={"instructions": f"Ring at {mark}"},
        state=RequestState.IN_REVIEW,
        submitted_at=timezone.now(),
        form_key=mark,
    )
    Order.objects.filter(pk=order.pk).update(changes_open=1)
    return Thing(request.key, mark)


def _things_of_returns(world: World, marks: dict[str, str]) -> None:
    """Of each order something comes back, with a photo of it and a label that may be printed."""
    shown: dict[tuple[type[Model], str], list[Thing]] = {}
    for order in Order.objects.select_related("company"):
        mark = marks[order.ref]
        rma = _return(order, mark)
        label = parcels.printable(rma)
        photo = Evidence.objects.create(
            key=f"photo-{order.pk}",
            rma=rma,
            file=parcels.stored_photo(),
            name=f"{mark}.jpg",
            sha256=f"{order.pk:064x}",
            width=8,
            height=8,
            size=1,
        )
        Order.objects.filter(pk=order.pk).update(returns_open=1)
        key = (rma.number, label.parcel.sequence, "return", "pdf")
        for kind, name, named in (
            (Return, "number", rma.number),
            (Return, "number verb", (rma.number, "withdraw")),
            (Label, "number sequence template format", key),
            (Evidence, "key", photo.key),
        ):
            shown.setdefault((kind, name), []).append(Thing(named, mark))
    world.things |= shown


def _return(order: Order, mark: str) -> Return:
    address = _place(order.ship_to_ref, mark)
    return parcels.approved_of(
        order,
        sender=address,
        note=mark,
        description=f"Bearing {mark}",
        text=mark,
    )


def _sources(world: World) -> None:
    """Two more senders: one for the own company, one for the other; and keys that lack a scope."""
    for ref in ("OWN", "OTHER"):
        sender = factories.source(ref.lower(), all_customers=False, customers=[ref])
        mark = OWN_1 if ref == "OWN" else OTHER
        factories.deliver(
            "customer",
            wire.customer(**_customer(ref)),
            2,
            sender=sender,
            id=f"event-{mark}",
            subject=mark,
        )
        world.keys[ref] = keys.create(sender)
        for scope in keys.SCOPES:
            world.keys[f"{ref} without {scope}"] = keys.create(sender, set(keys.SCOPES) - {scope})


def state() -> list[Any]:
    """What no refused call may change."""
    people = (Membership, Invitation, Company, Address, SavedView)
    changes = (ChangeRequest, ChangeEvent, Command)
    returns = (Return, ReturnLine, ReturnEvent, ReturnParcel, Label, LabelPrint, Evidence)
    models: tuple[type[Model], ...] = (*people, *changes, *returns)
    rows: list[Any] = [list(model._default_manager.order_by("pk").values()) for model in models]
    users = get_user_model()._default_manager.order_by("pk")
    rows.append(list(users.values("email", "password", "is_active", "is_staff")))
    return [*rows, list(Membership.ship_tos.through.objects.order_by("pk").values())]


_TOKENS = re.compile(r'value="[A-Za-z0-9]{64}"|data-ticket="[^"]*"|"request_id": "[^"]*"')


def words_of(response: Any) -> str:
    """All that a response says, streamed or not, a workbook unpacked; of a picture its name."""
    body = response.getvalue() if response.streaming else response.content
    if response.headers.get("Content-Type", "").startswith("image/"):
        return str(response["Content-Disposition"])
    if body.startswith(b"%PDF-"):
        with PdfDocument(body) as document:
            return "".join(page.get_textpage().get_text_range() for page in document)
    if not body.startswith(b"PK"):
        return body.decode()
    with ZipFile(BytesIO(body)) as parts:
        return "".join(parts.read(name).decode() for name in parts.namelist() if "sheet" in name)


def told(response: Any, *names: Any) -> tuple[Any, ...]:
    """A response as far as it may tell something: without what differs each time and without the
    caller's own words, ``names``."""
    body = _TOKENS.sub("", words_of(response))
    headers = {k: v for k, v in response.items() if k not in ("X-Request-ID", "Content-Length")}
    location = headers.pop("Location", "")
    body, location = mute(body, *names), mute(location, *names)
    return response.status_code, body, location, tuple(sorted(headers.items()))


def mute(text: str, *names: Any) -> str:
    """The text without these words of the caller's, wherever they stand as whole words."""
    single = [each for name in names for each in (name if isinstance(name, tuple) else (name,))]
    for name in sorted(map(str, single), key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "NAME", text)
    return text


def leaks(response: Any, person: Person, *asked: Any) -> set[str]:
    """Marks this person must not see, apart from words they asked with."""
    text = mute(words_of(response) + str(dict(response.items())), *asked).lower()
    return {mark for mark in person.hidden if mark.lower() in text}
