"""Companies, people and records, made in one line each; a test names only what it is about."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from wagtail.models import Collection, Locale, Page, Site

from oms_portal.customers.models import Address, Company, Membership
from oms_portal.erp.models import Source

from . import wire


if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from oms_portal.erp.inbox import Outcome


PASSWORD = "correct horse 7 battery"


def company(ref: str = "C1", parent: Company | None = None, **fields: Any) -> Company:
    """A company the ERP has told of; the one of that ref where there is one already."""
    defaults = {"name": f"Company {ref}", "told": True, "language": "en", **fields}
    found, created = Company.objects.get_or_create(ref=ref, defaults=defaults | {"parent": parent})
    if not created and (fields or parent):
        for name, value in (fields | ({"parent": parent} if parent else {})).items():
            setattr(found, name, value)
        found.save()
    return found


def address(at: Company, ref: str = "S1", **fields: Any) -> Address:
    """A ship-to in a company's book; the one of that ref where there is one already."""
    defaults = {"kind": ["ship_to"], "name": f"Plant {ref}", "city": "Hamburg", "country": "DE"}
    found, _ = Address.objects.get_or_create(company=at, ref=ref, defaults=defaults | fields)
    return found


def person(
    email: str = "buyer@c1.example",
    company: Company | None = None,
    role: str = "buyer",
    ship_tos: Iterable[Address] | None = None,
    include_subsidiaries: bool = False,
    staff: Iterable[str] = (),
    **fields: Any,
) -> User:
    """Somebody who can sign in with PASSWORD, at a company where one is given.

    ``ship_tos`` None means all of them; ``staff`` names groups and makes the person staff.
    Called again with the same address it adds a membership to the same person.
    """
    users = get_user_model()
    user = users.objects.filter(email=email).first()
    if user is None:
        user = users.objects.create(
            username=email,
            email=email,
            password=make_password(PASSWORD),
            is_staff=bool(list(staff)),
            **fields,
        )
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    user.groups.add(*(Group.objects.get_or_create(name=name)[0] for name in staff))
    if company is not None:
        member(user, company, role, ship_tos, include_subsidiaries)
    return user


def member(
    user: User,
    company: Company,
    role: str = "buyer",
    ship_tos: Iterable[Address] | None = None,
    include_subsidiaries: bool = False,
) -> Membership:
    membership = Membership.objects.create(
        user=user,
        company=company,
        role=role,
        include_subsidiaries=include_subsidiaries,
        all_ship_tos=ship_tos is None,
    )
    membership.ship_tos.set(ship_tos or ())
    return membership


def source(slug: str = "main", **fields: Any) -> Source:
    """A source that may speak for everybody, unless said otherwise."""
    defaults = {"uri": f"/erp/{slug}", "name": f"ERP {slug}", "all_customers": True, **fields}
    return Source.objects.get_or_create(slug=slug, defaults=defaults)[0]


def deliver(
    kind: str,
    record: dict[str, Any],
    version: int = 1,
    *,
    sender: Source | None = None,
    expect: str | None = "applied",
    **envelope: Any,
) -> Outcome:
    """One event through the front door of the inbox, as if it came signed from ``sender``.

    The state must come out as ``expect``; None takes any.
    """
    from oms_portal.erp import inbox

    teller = sender or source()
    event = wire.event(kind, record, version, **{"source": teller.uri, **envelope})
    outcome = inbox.receive(teller, wire.encode(event))
    assert expect is None or outcome.state == expect, outcome
    return outcome


def customer(ref: str = "C1", version: int = 1, **changes: Any) -> Company:
    """A company by its own event."""
    deliver("customer", wire.customer(ref, **changes), version)
    return Company.objects.get(ref=ref)


def order(ref: str = "SO-1001", customer_ref: str = "C1", version: int = 1, **changes: Any) -> Any:
    """An order by its own event; the company is made where nobody told of it yet."""
    from oms_portal.orders.models import Order

    company(customer_ref)
    deliver("order", wire.order(ref, customer_ref, **changes), version)
    return Order.objects.get(ref=ref)


def site() -> Site:
    """The host's site, its root page and the collection of its files: migrations make them, a test
    that flushes takes them."""
    Locale.objects.get_or_create(language_code="en")
    if Collection.get_first_root_node() is None:
        Collection.add_root(name="Root")
    root = Page.get_first_root_node() or Page.add_root(instance=Page(title="Root"))
    found = Site.objects.filter(is_default_site=True).first()
    return found or Site.objects.create(hostname="localhost", root_page=root, is_default_site=True)
