"""What a return says of itself: who, how, for how much; and the rules it was taken by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from oms_portal.customers.models import Company
from oms_portal.orders.locales import money
from oms_portal.orders.models import Order
from oms_portal.returns.models import Return, ReturnLine

from .companies import url_of as company_url
from .inspecting import Fact, Section, rows
from .listings import Text
from .ordered import url_of as order_url
from .policies import may
from .return_words import APPROVALS, answer_words, state_word
from .texts import plain
from .traces import reached


def facts(rma: Return, lines: Sequence[ReturnLine], user: Any) -> Section:
    told = [*_who(rma, user), *_orders(lines, user), *_way(rma), *_money(rma), *_when(rma)]
    return Section("return", _("Return"), facts=[f for f in told if f.value], icon="info-circle")


def _who(rma: Return, user: Any) -> Iterator[Fact]:
    known = may(user, "view", Company)
    yield Fact(_("State"), state_word(rma))
    yield Fact(_("Customer"), rma.company.name, company_url(rma.company) if known else "")
    yield Fact(_("Asked for by"), reached(rma.requested_by))
    yield Fact(_("On behalf of"), reached(rma.on_behalf_of))
    yield Fact(_("Decided by"), str(APPROVALS.get(rma.approval, rma.approval)))
    yield Fact(_("Note of the customer"), plain(rma.note, 1000))
    yield Fact(_("Our question"), plain(rma.question, 1000))
    yield Fact(_("Their answer"), plain(rma.reply, 1000))
    yield Fact(_("Answer"), answer_words(rma))
    yield Fact(_("Takes the place of"), rma.replaces.number if rma.replaces else "")


def _orders(lines: Iterable[ReturnLine], user: Any) -> Iterator[Fact]:
    found = {line.returnable.order_id: line.returnable.order for line in lines}
    visible = may(user, "view", Order)
    for order in found.values():
        yield Fact(_("Order"), order.number, (order_url(order.pk) or "") if visible else "")


def _way(rma: Return) -> Iterator[Fact]:
    pickup = rma.pickup
    yield Fact(_("Way back"), str(rma.get_method_display()) if rma.method else "")
    yield Fact(_("Brought to"), str(rma.place or ""))
    yield Fact(_("Sent from"), _address(rma.sender))
    yield Fact(_("Goes to"), str(rma.destination.get("name") or ""))
    yield Fact(
        _("Pick-up"),
        " ".join(
            str(pickup[name])
            for name in ("on", "from", "to", "contact", "phone")
            if pickup.get(name)
        ),
    )
    yield Fact(_("Carrier"), " ".join([rma.carrier, rma.tracking_number]).strip())


def _address(told: Mapping[str, Any]) -> str:
    parts = [
        told.get("name"),
        *(told.get("lines") or ()),
        told.get("postal_code"),
        told.get("city"),
    ]
    return ", ".join(str(part) for part in parts if part)


def _money(rma: Return) -> Iterator[Fact]:
    for name, label in (
        ("credit", _("Expected credit")),
        ("fee", _("Fee")),
        ("shipping", _("Way back, paid by the customer")),
        ("total", _("Expected in all")),
    ):
        amount = rma.expected.get(name)
        yield Fact(label, money(Decimal(amount), rma.currency) if amount else "")
    note = rma.credit_note or {}
    if note:
        yield Fact(
            _("Credit note"),
            f"{note['number']} · {money(Decimal(note['amount']), note['currency'])}",
        )
    yield Fact(_("Replacement order"), rma.replacement_order_ref)
    yield Fact(_("Number at the ERP"), rma.erp_ref)


def _when(rma: Return) -> Iterator[Fact]:
    yield Fact(pgettext("when", "Asked for"), rma.submitted_at)
    yield Fact(_("Approved"), rma.approved_at)
    yield Fact(_("To be sent by"), rma.expires_on)
    yield Fact(_("First scan"), rma.scanned_at)
    yield Fact(_("Received"), rma.received_at)
    yield Fact(_("Closed"), rma.closed_at)


def terms(lines: Sequence[ReturnLine]) -> Section:
    """What the policies said when it was sent, which stays so whatever they say now."""
    columns = [
        Text("item", label=_("Item"), accessor=lambda line: line.sku or line.description),
        Text("policy", label=_("Policy"), accessor=_policy),
        Text("until", label=_("Could be returned until"), accessor=_until),
        Text("fee", label=_("Fee"), accessor=_fee),
        Text("photos", label=_("Photos asked for"), accessor=lambda x: x.terms.get("photos") or ""),
    ]
    found = [line for line in lines if line.terms]
    return Section(
        "terms",
        _("The rules when it was sent"),
        table=rows(columns, found),
        empty=_("Nobody wrote them down."),
        icon="clipboard-list",
    )


def _until(line: ReturnLine) -> date | None:
    told = line.terms.get("until")
    return date.fromisoformat(told) if told else None


def _fee(line: ReturnLine) -> str:
    return money(line.fee, line.rma.currency) if line.fee else ""


def _policy(line: ReturnLine) -> str:
    name, version = line.terms.get("policy") or ("", 0)
    return _("%(name)s (version %(number)s)") % {"name": name, "number": version} if name else ""
