"""Where goods go back to: warehouses, branches and vendors, and the house's parcel shops."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton

from oms_portal.orders.locales import listed
from oms_portal.returns.kinds import PlaceKind
from oms_portal.returns.rules import ReturnPlace

from .listings import Active, Listing, Text, Title
from .return_place_form import PlaceForm
from .texts import plain


class PlaceFilters(WagtailFilterSet):
    kind = django_filters.ChoiceFilter(
        label=gettext_lazy("Kind"), choices=PlaceKind.choices, empty_label=gettext_lazy("All")
    )

    class Meta:
        model = ReturnPlace
        fields: list[str] = []


class PlaceListing(Listing):
    any_permission_required = ["add", "change", "delete", "view"]
    search_fields = ("name", "ref")

    @cached_property
    def header_buttons(self) -> list[Any]:
        if not self.add_url:
            return []
        return [HeaderButton(_("Add a place"), url=self.add_url, icon_name="plus")]


def where(place: ReturnPlace) -> str:
    told = place.address
    names = ("postal_code", "city", "country")
    return listed(plain(told[name]) for name in names if told.get(name))


class ReturnPlaces(ModelViewSet):
    model = ReturnPlace
    name = "oms_return_places"
    url_prefix = "oms/return-places"
    icon = "home"
    menu_label = gettext_lazy("Return places")
    copy_view_enabled = False
    add_to_reference_index = False
    index_view_class = PlaceListing
    create_template_name = edit_template_name = "oms_portal/desk/grouped_form.html"
    search_fields = PlaceListing.search_fields
    filterset_class = PlaceFilters
    ordering = ("kind", "name", "pk")
    list_display = [
        Title("name", label=gettext_lazy("Name"), url_name="oms_return_places:edit"),
        Text("kind", label=gettext_lazy("Kind"), accessor="get_kind_display", sort_key="kind"),
        Text("ref", label=gettext_lazy("Code at the ERP"), sort_key="ref"),
        Text("address", label=gettext_lazy("Address"), accessor=where),
        Active(),
    ]

    def get_form_class(self, for_update: bool = False) -> type[PlaceForm]:
        return PlaceForm
