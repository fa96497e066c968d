"""The branches where customers may fetch their goods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton

from oms_portal.changes.models import PickupPlace

from .listings import Active, Listing, Text, Title


if TYPE_CHECKING:
    _PlaceForm = forms.ModelForm[PickupPlace]
else:
    # Django's own class takes no parameter.
    _PlaceForm = forms.ModelForm


class PlaceForm(_PlaceForm):
    class Meta:
        model = PickupPlace
        fields = ["name", "ref", "address", "hours", "active"]
        labels = {
            "name": gettext_lazy("Name"),
            "ref": gettext_lazy("Code at the ERP"),
            "address": gettext_lazy("Address"),
            "hours": gettext_lazy("Opening hours"),
            "active": gettext_lazy("Active"),
        }
        help_texts = {
            "ref": gettext_lazy("What is told to the ERP when somebody chooses this place."),
            "active": gettext_lazy("Customers can’t choose a place that is not active."),
        }
        widgets = {"address": forms.Textarea(attrs={"rows": 3})}


class PlaceListing(Listing):
    any_permission_required = ["add", "change", "delete", "view"]
    search_fields = ("name", "ref", "address")

    @cached_property
    def header_buttons(self) -> list[Any]:
        if not self.add_url:
            return []
        return [HeaderButton(_("Add a pick-up place"), url=self.add_url, icon_name="plus")]


class PickupPlaces(ModelViewSet):
    model = PickupPlace
    name = "oms_pickup_places"
    url_prefix = "oms/pickup-places"
    icon = "home"
    menu_label = gettext_lazy("Pick-up places")
    copy_view_enabled = False
    add_to_reference_index = False
    index_view_class = PlaceListing
    search_fields = PlaceListing.search_fields
    ordering = ("name", "pk")
    list_display = [
        Title("name", label=gettext_lazy("Name"), url_name="oms_pickup_places:edit"),
        Text("ref", label=gettext_lazy("Code at the ERP"), sort_key="ref"),
        Text("hours", label=gettext_lazy("Opening hours")),
        Active(),
    ]

    def get_form_class(self, for_update: bool = False) -> type[PlaceForm]:
        return PlaceForm
