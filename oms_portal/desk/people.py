"""People whom the portal lets in: at which company, as what, for which places."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.filters import WagtailFilterSet

from oms_portal.customers.models import Company, Membership, Scope

from .companies import name_of, url_of
from .inspecting import Fact, Inspection, Mirror, Section
from .listings import Listing, Moment, Text, Title


def of_company(rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
    """Rows of the companies that are meant: by ref or number to the letter, else by their name."""
    exact = Company.objects.filter(Q(ref=value) | Q(number=value)).values("pk")
    found = exact if exact.exists() else Company.objects.filter(name__icontains=value).values("pk")
    return rows.filter(**{f"{name}__in": found})


class CompanyFilter(django_filters.CharFilter):
    """A field for a company's number, ref or name: a menu of thousands helps nobody."""

    def __init__(self, **kwargs: Any) -> None:
        words = gettext_lazy("Customer (number or name)")
        super().__init__(label=words, method=of_company, **kwargs)


def reach(scope: Scope) -> str:
    """Which places and companies a membership or invitation covers, in words."""
    if not scope.all_ship_tos:
        count = len(scope.ship_tos.all())
        return ngettext("%(count)s place", "%(count)s places", count) % {"count": count}
    if scope.include_subsidiaries:
        return _("All places, with subsidiaries")
    return _("All places")


class PersonListing(Listing):
    related = ("user", "company")

    def get_base_queryset(self) -> QuerySet[Any]:
        return super().get_base_queryset().prefetch_related("ship_tos")

    def search_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        for word in self.search_query.split():
            queryset = queryset.filter(
                Q(user__email__icontains=word)
                | Q(user__first_name__icontains=word)
                | Q(user__last_name__icontains=word)
                | Q(company__name__icontains=word)
            )
        return queryset


class PersonFilters(WagtailFilterSet):
    company = CompanyFilter()

    class Meta:
        model = Membership
        fields = ["role"]


class PersonInspection(Inspection):
    related = ("user", "company")

    def get_page_title(self) -> str:
        return name_of(self.object)

    def sections(self) -> Iterable[Section]:
        member, person = self.object, self.object.user
        places = [str(place) for place in member.ship_tos.all()]
        facts = [
            Fact(_("Name"), person.get_full_name()),
            Fact(_("E-mail address"), person.email),
            Fact(_("Company"), member.company.name, url_of(member.company)),
            Fact(_("Role"), member.get_role_display()),
            Fact(_("Covers"), reach(member)),
            *(Fact(_("Place"), place) for place in places),
            Fact(_("Member since"), member.created_at),
            Fact(_("Last signed in"), person.last_login or _("never")),
            Fact(_("Account"), _("active") if person.is_active else _("switched off")),
        ]
        yield Section("facts", _("Person"), facts=facts, icon="user")


class People(Mirror):
    model = Membership
    name = "oms_people"
    url_prefix = "oms/people"
    icon = "user"
    menu_label = gettext_lazy("People")
    ordering = "-pk"
    index_view_class = PersonListing
    inspect_view_class = PersonInspection
    search_fields = ("user__email",)
    filterset_class = PersonFilters
    list_display = [
        Title(
            "person",
            label=gettext_lazy("Person"),
            accessor=name_of,
            url_name="oms_people:inspect",
        ),
        Text("email", label=gettext_lazy("E-mail address"), accessor="user.email"),
        Text("company", label=gettext_lazy("Company"), accessor="company.name"),
        Text("role", label=gettext_lazy("Role"), accessor="get_role_display", sort_key="role"),
        Text("reach", label=gettext_lazy("Covers"), accessor=reach),
        Moment("last_login", label=gettext_lazy("Last signed in"), accessor="user.last_login"),
    ]
    list_export = [
        "user.email",
        "user.get_full_name",
        "company.ref",
        "company.name",
        "role",
        "user.last_login",
        "created_at",
    ]
    export_headings = {
        "user.email": gettext_lazy("E-mail address"),
        "user.get_full_name": gettext_lazy("Name"),
        "company.ref": gettext_lazy("Customer ref"),
        "company.name": gettext_lazy("Customer"),
        "user.last_login": gettext_lazy("Last signed in"),
    }
    export_filename = "people"
