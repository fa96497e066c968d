"""Customers as the ERP tells them, with their people, places and newest orders."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets.button import HeaderButton

from oms_portal.customers.models import Address, Company, Invitation, Membership
from oms_portal.orders.models import Order

from .inspecting import Fact, Inspection, Mirror, Section, rows
from .listings import Listing, Moment, Text, Title
from .policies import may
from .texts import plain
from .wording import order_word


# So many of each stand on a company's page; the lists have them all.
SHOWN = 20


class CompanyInspection(Inspection):
    related = ("parent",)

    def sections(self) -> Iterable[Section]:
        yield Section("facts", _("Customer"), facts=self._facts(), icon="group")
        if may(self.request.user, "view", Membership):
            yield self._people()
        yield self._places()
        if may(self.request.user, "view", Order):
            yield self._orders()

    def _facts(self) -> list[Fact]:
        company = self.object
        above = company.parent
        return [
            Fact(_("Name"), company.name),
            Fact(_("Number"), company.number),
            Fact(_("Ref in the ERP"), company.ref),
            *([Fact(_("Belongs to"), above.name, url_of(above))] if above else []),
            *(Fact(_("Subsidiary"), each.name, url_of(each)) for each in self._below()),
            Fact(_("Language"), company.language),
            Fact(_("Time zone"), company.time_zone),
            Fact(_("VAT number"), company.vat),
            Fact(_("GLN"), company.gln),
            Fact(
                _("Told by the ERP"),
                _("yes") if company.told else _("not yet: only its ref is known"),
            ),
        ]

    def _below(self) -> list[Company]:
        return list(self.object.subsidiaries.order_by("name")[:SHOWN])

    def _people(self) -> Section:
        found = self.object.memberships.select_related("user").order_by("user__email")[:SHOWN]
        columns = [
            Title("person", label=_("Person"), accessor=name_of, url_name="oms_people:inspect"),
            Text("email", label=_("E-mail address"), accessor="user.email"),
            Text("role", label=_("Role"), accessor="get_role_display"),
            Moment("last_login", label=_("Last signed in"), accessor="user.last_login"),
        ]
        return Section(
            "people",
            _("People"),
            table=rows(columns, list(found)),
            empty=_("Nobody of this customer has an account."),
            more=_listed("oms_people", self.object, _("All people of this customer")),
            icon="user",
        )

    def _places(self) -> Section:
        found = Address.objects.filter(company=self.object)[:SHOWN]
        columns = [
            Text("name", label=_("Address")),
            Text("ref", label=_("Ref")),
            Text("where", label=_("Place"), accessor=where),
            Text("archived", label=_("State"), accessor=_state_of),
        ]
        return Section(
            "addresses",
            _("Addresses"),
            table=rows(columns, list(found)),
            empty=_("No addresses."),
            icon="home",
        )

    def _orders(self) -> Section:
        found = (
            Order.objects.filter(company=self.object)
            .only("number", "customer_reference", "status", "raw_status", "placed_at")
            .order_by("-placed_at", "-pk")[:SHOWN]
        )
        columns = [
            Title("number", label=_("Order"), url_name="oms_orders:inspect"),
            Text("customer_reference", label=_("Their reference")),
            Text("status", label=_("Status"), accessor=order_word),
            Moment("placed_at", label=_("Placed")),
        ]
        return Section(
            "orders",
            _("Newest orders"),
            table=rows(columns, list(found)),
            empty=_("No orders."),
            more=_listed("oms_orders", self.object, _("All orders of this customer")),
            icon="list-ul",
        )

    @property
    def header_buttons(self) -> list[Any]:
        if not may(self.request.user, "add", Invitation):
            return []
        url = reverse("oms_invitations:invite", args=[self.object.pk])
        return [HeaderButton(_("Invite somebody"), url=url, icon_name="mail")]


class CompanyListing(Listing):
    related = ("parent",)
    search_fields = ("name", "number", "ref")


class Companies(Mirror):
    model = Company
    name = "oms_customers"
    url_prefix = "oms/customers"
    icon = "group"
    menu_label = gettext_lazy("Customers")
    ordering = "name"
    index_view_class = CompanyListing
    inspect_view_class = CompanyInspection
    search_fields = CompanyListing.search_fields
    list_display = [
        Title(
            "name", label=gettext_lazy("Name"), url_name="oms_customers:inspect", sort_key="name"
        ),
        Text("number", label=gettext_lazy("Number"), sort_key="number"),
        Text("parent", label=gettext_lazy("Belongs to")),
        Text("language", label=gettext_lazy("Language"), sort_key="language"),
        Text("time_zone", label=gettext_lazy("Time zone")),
    ]
    list_filter = ["told", "language"]
    list_export = ["ref", "number", "name", "parent", "language", "time_zone", "vat", "gln"]
    export_filename = "customers"


def name_of(member: Membership) -> str:
    person = member.user
    return plain(person.get_full_name() or person.email)


def url_of(company: Company) -> str:
    return reverse("oms_customers:inspect", args=[company.pk])


def where(place: Address) -> str:
    return ", ".join([*map(str, place.lines), f"{place.postal_code} {place.city}", place.country])


def _state_of(place: Address) -> str:
    return _("no longer told by the ERP") if place.archived_at else _("in use")


def _listed(namespace: str, company: Company, words: str) -> tuple[str, str]:
    return reverse(f"{namespace}:index", query={"company": company.ref}), words
