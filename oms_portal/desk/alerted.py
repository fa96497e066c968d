"""Whom an alert is about: its command, order and company, and who of them can be called."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils.translation import get_language_info, pgettext
from django.utils.translation import gettext as _

from oms_portal.changes.models import ChangeRequest
from oms_portal.customers.models import Company, Membership
from oms_portal.erp.outbox.models import Command
from oms_portal.notifications.models import Alert
from oms_portal.orders import typed
from oms_portal.orders.models import Order
from oms_portal.returns.models import Return

from .command_words import kind_word
from .companies import url_of
from .inspecting import Fact
from .ordered import fact_of
from .policies import may
from .traces import person


def subject_of(alert: Alert, user: Any) -> Iterator[Fact]:
    """What it is about, with links for who may follow them."""
    if alert.order_ref:
        yield fact_of(alert.order_ref, _order(alert), user)
    if command := command_of(alert):
        visible = may(user, "view", Command)
        url = reverse("oms_commands:inspect", args=[command.pk]) if visible else ""
        yield Fact(_("Command"), kind_word(command), url)
    if request := request_of(alert):
        visible = may(user, "view", ChangeRequest)
        url = reverse("oms_changes:inspect", args=[request.pk]) if visible else ""
        yield Fact(_("Change request"), request.get_state_display(), url)
    if rma := return_of(alert):
        visible = may(user, "view", Return)
        url = reverse("oms_returns:inspect", args=[rma.pk]) if visible else ""
        yield Fact(pgettext("noun", "Return"), f"{rma.number}: {rma.get_state_display()}", url)


def contacts(alert: Alert, user: Any) -> tuple[str, list[Fact]]:
    """The order's number, and the company, who asked, and who takes the delivery."""
    order, command = _order(alert), command_of(alert)
    company = order.company if order else _company(command, str(alert.data.get("to", "")))
    told = [*_company_facts(company, user), *_people(alert, command)]
    if order:
        address = order.delivery_address
        told.append(Fact(_("Placed by"), order.placed_by))
        told.append(Fact(_("Contact at the delivery place"), str(address.get("contact") or "")))
        told.append(Fact(_("Phone there"), str(address.get("phone") or "")))
    return order.number if order else alert.order_ref, [fact for fact in told if fact.shown]


def command_of(alert: Alert) -> Command | None:
    return Command.objects.filter(pk__in=_keys(alert, "command")).first()


def request_of(alert: Alert) -> ChangeRequest | None:
    return ChangeRequest.objects.filter(pk__in=_keys(alert, "change")).first()


def return_of(alert: Alert) -> Return | None:
    return Return.objects.filter(pk__in=_keys(alert, "return")).first()


def _keys(alert: Alert, thing: str) -> list[int]:
    """The key of what it is about, where that is such a thing."""
    name, _colon, text = alert.about.partition(":")
    pk = typed.key(text) if name == thing else None
    return [] if pk is None else [pk]


def _order(alert: Alert) -> Order | None:
    if not alert.order_ref:
        return None
    return Order.objects.select_related("company").filter(ref=alert.order_ref).first()


def _company(command: Command | None, email: str) -> Company | None:
    """Whose command it is, or where somebody of this e-mail address belongs."""
    if command is not None:
        return Company.objects.filter(ref=command.customer_ref).first()
    member = Membership.objects.filter(user__email=email).select_related("company").first()
    return member.company if member and email else None


def _company_facts(company: Company | None, user: Any) -> Iterator[Fact]:
    if company is not None:
        url = url_of(company) if may(user, "view", Company) else ""
        yield Fact(_("Customer"), company.name, url)
        yield Fact(_("Customer number"), company.number)
        yield Fact(_("They speak"), language_of(company))


def language_of(company: Company) -> str:
    """Its language by name, for whoever is to call."""
    try:
        return str(get_language_info(company.language)["name_translated"])
    except KeyError:
        return company.language


def _people(alert: Alert, command: Command | None) -> Iterator[Fact]:
    """Those who asked; for an e-mail that came back, those it was for."""
    if command:
        yield Fact(_("Requested by"), _named(command.requested_by))
        yield Fact(_("On behalf of"), _named(command.on_behalf_of))
    elif request := request_of(alert):
        yield Fact(_("Requested by"), person(request.requested_by))
        yield Fact(_("On behalf of"), person(request.on_behalf_of))
    elif rma := return_of(alert):
        yield Fact(_("Requested by"), person(rma.requested_by))
        yield Fact(_("On behalf of"), person(rma.on_behalf_of))
    yield Fact(_("Whom to reach"), _named(str(alert.data.get("to", ""))))


def _named(email: str) -> str:
    person = get_user_model()._default_manager.filter(email=email).first() if email else None
    name = person.get_full_name() if person else ""
    return f"{name} · {email}" if name else email
